/**
 * Small whole programs. {@link org.asyncore.examples.Main} runs them; those of asyncore's
 * documentation stand beside their Python in {@code src/examples/python}.
 */
package org.asyncore.examples;
