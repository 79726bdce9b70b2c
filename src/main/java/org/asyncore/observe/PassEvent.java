package org.asyncore.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

@Name("org.asyncore.Pass")
@Label("Pass")
@Category("asyncore")
@Description("One turn of a loop over its map: asking, waiting and calling")
@Enabled(false) // There may be 100,000 a second.
@StackTrace(false)
final class PassEvent extends Event {
  @Label("Depth")
  @Description("How many passes over the same map it ran inside of")
  int depth;

  @Label("Interested")
  @Description("How many dispatchers wanted to read or write")
  int interested;

  @Label("Ready")
  @Description("How many of them had an event")
  int ready;

  @Label("Wait")
  @Description("How long it waited for them")
  @Timespan(Timespan.NANOSECONDS)
  long waitTime;
}
