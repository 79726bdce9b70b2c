package org.asyncore.compat.play;

import org.asyncore.Dispatcher;

/** What the channels of all kinds have. */
interface Scripted {
  /** What this channel does when it is called; there is one even while it is being built. */
  Script script();

  /** The script of a channel, all of which the runner made. */
  static Script of(Dispatcher channel) {
    return ((Scripted) channel).script();
  }
}
