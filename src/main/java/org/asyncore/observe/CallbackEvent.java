package org.asyncore.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

@Name("org.asyncore.Callback")
@Label("Callback")
@Category("asyncore")
@Description("A call of a dispatcher by its loop")
@Enabled(false) // There may be 100,000 a second.
@StackTrace(false)
final class CallbackEvent extends Event {
  @Label("Dispatcher")
  @Description("The class of the dispatcher")
  @Nullable Class<?> dispatcher;

  @Label("Number")
  @Description("The number by which its map knew it when the call began")
  int number;

  @Label("Callback")
  @Description("What it was called for")
  @Nullable String callback;
}
