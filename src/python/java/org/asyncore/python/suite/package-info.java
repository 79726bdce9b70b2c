/**
 * Python programs on this library, beside CPython, and CPython's own tests of asyncore through it:
 * {@code mvn -Ppython test}. In come programs, out go what they printed and how they ended.
 */
package org.asyncore.python.suite;
