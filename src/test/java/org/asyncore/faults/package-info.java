/**
 * The fault suite: a dispatcher, a peer that misbehaves by a plan drawn from a seed, and what has
 * to hold all the same. {@code Plan} is what is drawn, {@code Run} plays one, {@code Lifecycle}
 * judges the callbacks. docs/faults.md tells how to run and replay it.
 */
package org.asyncore.faults;
