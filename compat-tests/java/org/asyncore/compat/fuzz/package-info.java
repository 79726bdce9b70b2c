/** Random scenarios: recorded on CPython, played here, and the first difference made small. */
package org.asyncore.compat.fuzz;
