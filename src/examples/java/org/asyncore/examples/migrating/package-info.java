/**
 * The chat room on its way to native Netty: a program for each rung of docs/migrating.md. To its
 * guests they are all the same.
 *
 * <pre>
 * {@link org.asyncore.examples.ChatRoom}            1  on the library
 * {@link org.asyncore.examples.migrating.NativeDoor}    2  a native listener on the same loop
 * {@link org.asyncore.examples.migrating.WatchedRoom}   3  Netty's handlers in front of its dispatchers
 * {@link org.asyncore.examples.migrating.HostedRoom}    4  dispatchers in a pipeline of one's own
 * {@link org.asyncore.examples.migrating.HandedOverRoom} 5  open connections change hands
 * {@link org.asyncore.examples.migrating.NativeRoom}    6  no dispatcher is left
 * </pre>
 */
package org.asyncore.examples.migrating;
