/**
 * Plays a scenario on the library, through its public API only, and writes down what happened.
 *
 * <p>{@link org.asyncore.compat.play.Player} is the door. Steps become operations ({@code
 * …Operations}, one class for each sort); channels are subclasses of the library's classes that
 * trace themselves and do what their {@link org.asyncore.compat.play.Script} says; peers are plain
 * sockets that know nothing of the library. Whatever is waited for, {@link
 * org.asyncore.compat.play.Waiting} waits.
 */
package org.asyncore.compat.play;
