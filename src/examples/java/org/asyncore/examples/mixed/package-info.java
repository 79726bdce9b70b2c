/**
 * Java classes that take the place of Python ones in a program of both: rung 0 of
 * docs/migrating.md. They know nothing of Python.
 */
package org.asyncore.examples.mixed;
