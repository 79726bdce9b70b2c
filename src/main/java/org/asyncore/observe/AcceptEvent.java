package org.asyncore.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

@Name("org.asyncore.Accept")
@Label("Accept")
@Category("asyncore")
@Description("A connection that a listener took, or failed to take")
@StackTrace(false)
final class AcceptEvent extends Event {
  @Label("Listener")
  @Description("The class of the listening dispatcher")
  @Nullable Class<?> listener;

  @Label("Peer")
  @Description("The address that the connection came from; null if it failed")
  @Nullable String peer;

  @Label("Error")
  @Description("Why it failed; null if it did not")
  @Nullable String error;
}
