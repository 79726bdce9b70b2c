/**
 * Scenarios and traces as FORMAT.md writes them: the files, the steps, the notation of values.
 *
 * <p>Knows nothing of the library but the names of socket families.
 */
package org.asyncore.compat.scenario;
