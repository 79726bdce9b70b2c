package org.asyncore.compat.play;

import java.io.IOException;
import org.asyncore.compat.scenario.Action;

/** What an action does; what it throws is what the call that it stands for threw. */
@FunctionalInterface
interface Operation {
  /** The value that the trace shows, or null for none. */
  Object run(Action action) throws IOException, InterruptedException;
}
