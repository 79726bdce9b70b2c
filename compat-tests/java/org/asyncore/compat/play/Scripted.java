package org.asyncore.compat.play;

import org.asyncore.Dispatcher;

/** What the channels of all kinds have. */
interface Scripted {
  /** What this channel does when it is called; null while the library's constructor runs. */
  Script script();

  void script(Script script);

  /** The script of a channel, all of which the runner made. */
  static Script of(Dispatcher channel) {
    Script script = ((Scripted) channel).script();
    return script == null ? Script.underConstruction() : script;
  }
}
