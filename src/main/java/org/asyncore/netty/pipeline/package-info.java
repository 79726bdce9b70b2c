/**
 * The stream socket at the end of a pipeline, whose handlers its bytes go through: in the loop of a
 * map, or hosted in a pipeline of the program's own. One socket, two drivers.
 *
 * <p>In: what a pipeline reports, recorded as facts; what is sent, collected until it is flushed.
 * Out: facts for who asks, and a request to the driver, which has the dispatcher called later.
 *
 * <p>Calls no dispatcher. Not exported.
 */
package org.asyncore.netty.pipeline;
