/**
 * What parses the bytes of peers, given all kinds of them. docs/faults.md tells how to run it
 * longer.
 */
package org.asyncore.fuzz;
