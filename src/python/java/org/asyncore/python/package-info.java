/**
 * What {@code asyncore.py} and {@code asynchat.py} call: Python's dispatchers on this library, by
 * GraalPy. See docs/python.md.
 *
 * <p>In come Python's objects, out go the exceptions and bytes that Python knows. Its jar has the
 * classifier {@code python}; the library itself needs neither that nor GraalPy.
 */
package org.asyncore.python;
