package org.asyncore.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

@Name("org.asyncore.Transport")
@Label("Transport")
@Category("asyncore")
@Description("What serves the sockets of a map; once a map, before its other events")
@StackTrace(false)
final class TransportEvent extends Event {
  @Label("Name")
  @Description("epoll or nio; hosted where others' event loops serve")
  @Nullable String name;

  @Label("Reason")
  @Description("Why it is this one, such as why there is no epoll")
  @Nullable String reason;
}
