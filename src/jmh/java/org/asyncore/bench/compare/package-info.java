/**
 * The macro benchmark: {@link org.asyncore.bench.compare.Compare} starts servers and loads as
 * processes of their own, has them work in turns, and weighs what each server spent.
 */
package org.asyncore.bench.compare;
