package org.asyncore.observe;

import java.util.List;
import java.util.Map;

/**
 * {@link Counts} as JMX shows them; see there. JMX knows attributes by their {@code get}, which is
 * why these names have one.
 */
public interface CountersMXBean {
  long getPasses();

  long getWaitNanos();

  /** By the names of {@link org.asyncore.Callback}. */
  Map<String, Long> getCallbacks();

  long getCallbackNanos();

  long getBytesReceived();

  long getBytesSent();

  long getBytesQueued();

  long getAccepted();

  long getAcceptFailures();

  long getErrors();

  int getConnections();

  int getListeners();

  int getPausedListeners();

  int getWaitingCommands();

  int getDueCalls();

  long getLagNanos();

  long getSincePassNanos();

  /** As {@link Counters#transports}. */
  List<String> getTransports();
}
