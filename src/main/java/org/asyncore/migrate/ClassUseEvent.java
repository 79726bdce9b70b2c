package org.asyncore.migrate;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

@Name("org.asyncore.ClassUse")
@Label("Class Use")
@Category("asyncore")
@Description("What the dispatchers of a class use of asyncore")
@StackTrace(false)
final class ClassUseEvent extends Event {
  @Label("Class Name")
  @Nullable String className;

  @Label("Dispatchers")
  long dispatchers;

  @Label("Predicates Asked")
  long asked;

  @Label("Time in Callbacks")
  @Timespan(Timespan.NANOSECONDS)
  long callbackTime;

  @Label("Bytes Received")
  @DataAmount
  long bytesReceived;

  @Label("Bytes Sent")
  @DataAmount
  long bytesSent;

  @Label("Re-delivered Reads")
  long redeliveredReads;

  @Label("Partial Sends")
  long partialSends;

  @Label("Writes of Nothing")
  long idleWrites;

  @Label("Accepted")
  long accepted;

  @Label("Accepted by Hand")
  long acceptedByHand;

  @Label("Passes Inside Callbacks")
  long nestedLoops;

  @Label("Errors")
  long errors;

  @Label("Hosted")
  boolean hosted;

  @Label("Next Rung")
  @Nullable String next;

  static void write(ClassUse use) {
    ClassUseEvent event = new ClassUseEvent();
    event.className = use.className();
    event.dispatchers = use.dispatchers();
    event.asked = use.asked();
    event.callbackTime = use.callbackNanos();
    event.bytesReceived = use.bytesReceived();
    event.bytesSent = use.bytesSent();
    event.redeliveredReads = use.redeliveredReads();
    event.partialSends = use.partialSends();
    event.idleWrites = use.idleWrites();
    event.accepted = use.accepted();
    event.acceptedByHand = use.acceptedByHand();
    event.nestedLoops = use.nestedLoops();
    event.errors = use.errors();
    event.hosted = use.hosted();
    event.next = use.next();
    event.commit();
  }
}
