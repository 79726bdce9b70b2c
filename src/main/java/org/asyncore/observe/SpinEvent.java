package org.asyncore.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

@Name("org.asyncore.Spin")
@Label("Spin")
@Category("asyncore")
@Description("A dispatcher is called in every pass of its loop, and does nothing")
final class SpinEvent extends Event {
  @Label("Dispatcher")
  @Description("The class of the dispatcher")
  @Nullable Class<?> dispatcher;

  @Label("Number")
  @Description("The number by which its map knows it")
  int number;

  @Label("Reason")
  @Nullable String reason;

  @Label("Text")
  @Description("What the log says")
  @Nullable String text;

  static void write(Class<?> dispatcher, int number, SpinReason reason, String text) {
    SpinEvent event = new SpinEvent();
    event.dispatcher = dispatcher;
    event.number = number;
    event.reason = reason.name();
    event.text = text;
    event.commit();
  }
}
