package org.asyncore.compat.play;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.asyncore.Dispatcher;
import org.asyncore.compat.scenario.ScenarioException;

/** Text forms of channels and log texts, without what differs from run to run. */
final class Texts {
  private static final Pattern REPR =
      Pattern.compile("<[\\w.$]+( listening| connected)?( .*)? at 0x[0-9a-f]+>", Pattern.DOTALL);
  private static final Pattern UNCAUGHT =
      Pattern.compile(
          "(.*uncaptured python exception, closing channel )"
              + "(<.*? at 0x[0-9a-f]+>) \\(<class '[^']*'>:.*\\)",
          Pattern.DOTALL);

  private final World world;

  Texts(World world) {
    this.world = world;
  }

  /** The text form of a channel: {@code <KIND STATUS ADDRESS at ID>}. */
  String repr(Dispatcher channel) {
    String text = channel.toString();
    Matcher form = REPR.matcher(text);
    if (!form.matches()) return text;
    String status = form.group(1) == null ? "" : form.group(1);
    String kind = Scripted.of(channel).kind().text();
    return "<" + kind + status + address(form.group(2), channel.addr()) + " at ID>";
  }

  private String address(String shown, SocketAddress address) {
    if (shown == null) return "";
    boolean isNatural = address != null && shown.equals(" " + natural(address));
    return isNatural ? " " + world.addresses().show(address) : shown;
  }

  /** How a text form writes an address: as Java and Python do. */
  private static String natural(SocketAddress address) {
    if (address instanceof InetSocketAddress inet) {
      String host = inet.getAddress().getHostAddress();
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
    }
    if (address instanceof UnixDomainSocketAddress unix) return "'" + unix.getPath() + "'";
    return address.toString();
  }

  /** A line of the log; in that of the default handle_error, the exception by its neutral name. */
  String show(String text) {
    Matcher uncaught = UNCAUGHT.matcher(text);
    if (!uncaught.matches()) return text;
    for (Dispatcher channel : world.channels().values()) {
      if (!channel.toString().equals(uncaught.group(2))) continue;
      String exception = world.exceptions().show(world.handledError());
      return uncaught.group(1) + repr(channel) + " (" + exception + " TRACE)";
    }
    world.isBroken(new ScenarioException("no channel has the text form in: " + text));
    return text;
  }
}
