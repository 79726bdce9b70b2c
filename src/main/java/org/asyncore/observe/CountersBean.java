package org.asyncore.observe;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Shows {@link Counters} in the platform's MBean server, as {@code
 * org.asyncore:type=Counters,name=NAME}, until it is closed. Safe from any thread.
 */
public final class CountersBean implements CountersMXBean, AutoCloseable {
  private final Counters counters;
  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final ObjectName name;
  private final AtomicBoolean closed = new AtomicBoolean();

  private CountersBean(Counters counters, ObjectName name) {
    this.counters = counters;
    this.name = name;
  }

  /**
   * Registers counters under a name.
   *
   * @throws IllegalStateException if the name is taken; nothing has changed then
   */
  public static CountersBean register(Counters counters, String name) {
    Objects.requireNonNull(counters, "counters is null");
    Objects.requireNonNull(name, "name is null");
    try {
      ObjectName key = new ObjectName("org.asyncore:type=Counters,name=" + ObjectName.quote(name));
      CountersBean bean = new CountersBean(counters, key);
      bean.server.registerMBean(bean, key);
      return bean;
    } catch (InstanceAlreadyExistsException e) {
      throw new IllegalStateException("there are counters named " + name + " already", e);
    } catch (JMException e) {
      throw new IllegalStateException("counters named " + name + " cannot be registered", e);
    }
  }

  /** The {@code ObjectName} that it has in the MBean server, as text. */
  public String name() {
    return name.toString();
  }

  /** Takes it out of the MBean server; a second call does nothing. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) return; // The name may be another one's by now.
    try {
      server.unregisterMBean(name);
    } catch (InstanceNotFoundException gone) {
      // Taken out by somebody else.
    } catch (JMException e) {
      throw new IllegalStateException(name + " cannot be taken out", e);
    }
  }

  @Override
  public long getPasses() {
    return counters.counts().passes();
  }

  @Override
  public long getWaitNanos() {
    return counters.counts().waitNanos();
  }

  @Override
  public Map<String, Long> getCallbacks() {
    Map<String, Long> byName = new TreeMap<>();
    counters.counts().callbacks().forEach((kind, count) -> byName.put(kind.name(), count));
    return byName;
  }

  @Override
  public long getCallbackNanos() {
    return counters.counts().callbackNanos();
  }

  @Override
  public long getBytesReceived() {
    return counters.counts().bytesReceived();
  }

  @Override
  public long getBytesSent() {
    return counters.counts().bytesSent();
  }

  @Override
  public long getBytesQueued() {
    return counters.counts().bytesQueued();
  }

  @Override
  public long getAccepted() {
    return counters.counts().accepted();
  }

  @Override
  public long getAcceptFailures() {
    return counters.counts().acceptFailures();
  }

  @Override
  public long getErrors() {
    return counters.counts().errors();
  }

  @Override
  public int getConnections() {
    return counters.counts().connections();
  }

  @Override
  public int getListeners() {
    return counters.counts().listeners();
  }

  @Override
  public int getPausedListeners() {
    return counters.counts().pausedListeners();
  }

  @Override
  public int getWaitingCommands() {
    return counters.counts().waitingCommands();
  }

  @Override
  public int getDueCalls() {
    return counters.counts().dueCalls();
  }

  @Override
  public long getLagNanos() {
    return counters.counts().lagNanos();
  }

  @Override
  public long getSincePassNanos() {
    return counters.counts().sincePassNanos();
  }

  @Override
  public List<String> getTransports() {
    return counters.transports();
  }
}
