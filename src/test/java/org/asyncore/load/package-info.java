/** Many connections, and what they cost. docs/faults.md tells how to run it larger. */
package org.asyncore.load;
