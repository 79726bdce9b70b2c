package org.asyncore.compat.play;

import java.util.List;
import java.util.Locale;
import org.asyncore.Dispatcher;
import org.asyncore.FileDispatcher;
import org.asyncore.migrate.DispatcherChannels;

/** What the program puts between its channels and the kernel: {@code -Dcompat.variant}. */
public enum Variant {
  /** Nothing, as in Python. */
  PLAIN,

  /** A pipeline of Netty's for each connection, as for handlers in front of it. */
  FRONT;

  private static final Variant OF_THIS_RUN = of(System.getProperty("compat.variant", PLAIN.text()));

  /** What the system property says. */
  public static Variant ofThisRun() {
    return OF_THIS_RUN;
  }

  private static Variant of(String text) {
    for (Variant variant : values()) {
      if (variant.text().equals(text)) return variant;
    }
    throw new IllegalArgumentException(
        "compat.variant is none of " + List.of(values()) + ": " + text);
  }

  /** As in the property. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Before anything else happens to a channel that has a connection, or is about to have one. */
  void prepare(Dispatcher channel) {
    boolean hasPipeline = channel.socket() != null && !(channel instanceof FileDispatcher);
    if (this != FRONT || !hasPipeline) return;
    Script script = Scripted.of(channel);
    boolean wasQuiet = script.isQuiet();
    script.quiet(true); // The channel gets another socket, and is put into its map once more.
    DispatcherChannels.pipeline(channel);
    script.quiet(wasQuiet);
  }
}
