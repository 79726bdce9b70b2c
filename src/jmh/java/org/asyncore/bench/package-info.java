/**
 * Microbenchmarks of single costs: an idle pass, the forms of recv and send, the search for a
 * terminator, a dispatch without a kernel below it.
 *
 * <p>{@code mvn -Pbench test-compile exec:exec@jmh -Djmh.args="-prof gc IdlePass"}
 */
package org.asyncore.bench;
