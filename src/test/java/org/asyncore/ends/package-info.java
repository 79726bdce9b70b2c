/** Threads of the program, and ends at any instant. docs/faults.md tells how to run more of it. */
package org.asyncore.ends;
