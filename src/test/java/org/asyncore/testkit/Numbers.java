package org.asyncore.testkit;

import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import java.util.HashMap;
import java.util.Map;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.migrate.DispatcherChannels;

/** What has to hold of the numbers in a map, at any time. */
public final class Numbers {
  private Numbers() {}

  /** What does not hold; null if all does. */
  public static String fault(SocketMap map) {
    Map<Integer, Dispatcher> owners = new HashMap<>();
    for (Dispatcher each : map) {
      int number = each.fileno();
      Dispatcher other = owners.put(number, each);
      if (other != null) return number + " is the number of two: " + map;
      if (map.get(number) != each) return number + " leads to another than its owner: " + map;
      if (each.socket().fileno() != number)
        return "a dispatcher's " + number + " is its socket's " + each.socket().fileno();
    }
    return null;
  }

  /** Whether an open channel on epoll has the number of its own descriptor. */
  public static boolean isOwn(Dispatcher dispatcher) {
    Channel channel = DispatcherChannels.channel(dispatcher);
    return !(channel instanceof UnixChannel unix) || unix.fd().intValue() == dispatcher.fileno();
  }
}
