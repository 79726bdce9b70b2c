package org.asyncore.migrate;

import org.asyncore.Callback;

/** Which rung of docs/migrating.md a class could take next, by what it was seen to use. */
final class MigrationStep {
  private MigrationStep() {}

  static String of(ClassUse use) {
    if (use.nestedLoops() > 0)
      return "rung 1: take loop() out of its callbacks; a pipeline has none";
    if (use.count(Callback.URGENT) > 0) {
      return "rung 1: urgent data does not come through a pipeline";
    }
    if (use.acceptedByHand() > 0) {
      return "rung 1: leave accept() to handleAccept, and take connections in handleAccepted";
    }
    if (use.count(Callback.ACCEPT) > 0) {
      return "rung 2 or 4: a ServerBootstrap can listen in its place";
    }
    if (use.idleWrites() * 2 > use.callbackCount()) { // A few are well: to close when done is one.
      return "rung 1: override writable(); it says true with nothing to send";
    }
    if (use.hosted()) return "rung 5 or 6: it is hosted; its protocol can become a handler";
    if (use.redeliveredReads() * 10 > use.count(Callback.READ)) {
      return "rung 4: DispatcherChannels.recv takes at once what it now reads in pieces";
    }
    return "rung 3 or 4: nothing that it was seen to use needs a loop()";
  }
}
