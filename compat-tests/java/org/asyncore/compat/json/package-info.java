/** Reads and writes the JSON of scenarios, traces and reports; needs no library. */
package org.asyncore.compat.json;
