package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.asyncore.Dispatcher;
import org.asyncore.ScheduledCall;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.asynchat.IncomingLimitException;
import org.asyncore.migrate.Tls;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SystemOption;

/**
 * An FTP server for anybody: passive and active, REST, ABOR, throttled transfers, TLS of the
 * control connection and back (AUTH, CCC). Its data connections are {@link FtpData}.
 */
public final class FtpServer extends Dispatcher {
  private static final int LONGEST_LINE = 1024;

  /**
   * What it serves.
   *
   * @param bytesPerSecond of each transfer
   * @param longestSilence without a command or a transfer
   * @param startTls starts TLS as a server; null for none
   */
  public record Settings(
      Path root, long bytesPerSecond, Duration longestSilence, Consumer<Dispatcher> startTls) {}

  private final Settings settings;

  public FtpServer(String host, int port, Settings settings, SocketMap map) {
    super(map);
    this.settings = settings;
    map.dispatchByIdentity(true); // No door takes the hang-up of one that has just closed.
    createSocket();
    setReuseAddr();
    bind(host, port);
    listen(64);
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    new Session(socket, address, settings, map());
  }

  /** A control connection. */
  static final class Session extends AsyncChat implements FtpData.Owner {
    private final Settings settings;
    private final InetSocketAddress client;
    private final FtpFiles files;
    private final ScheduledCall silence;
    private boolean isKnown;
    private boolean isChanging;
    private long restart;

    /** Where the next transfer is to come from or go to: one of them, or none. */
    private FtpData.Door door;

    private InetSocketAddress target;

    /** The transfer that goes on, or waits for its connection. */
    private FtpData data;

    Session(AsyncSocket socket, SocketAddress address, Settings settings, SocketMap map) {
      super(socket, map);
      this.settings = settings;
      client = (InetSocketAddress) address;
      files = new FtpFiles(settings.root);
      silence = callEvery(settings.longestSilence, this::silent);
      socket.setsockopt(SystemOption.SO_OOBINLINE, true); // ABOR comes as urgent data.
      setTerminator(new byte[] {'\n'});
      maxIncoming(LONGEST_LINE);
      reply("220 ready");
    }

    private void reply(String line) {
      push((line + "\r\n").getBytes(UTF_8));
    }

    private void silent() {
      if (data != null) return; // It may take as long as it likes.
      reply("421 too long without a command");
      closeWhenDone();
    }

    @Override
    public void collectIncomingData(byte[] bytes) {
      appendIncomingData(bytes);
    }

    /** Telnet's IAC IP IAC DM may stand in front of an ABOR. */
    @Override
    public void foundTerminator() {
      silence.reset(); // The time begins anew.
      String line = new String(takeIncomingData(), UTF_8).strip();
      line = line.replaceFirst("^[^A-Za-z]+", "");
      int space = line.indexOf(' ');
      String verb =
          (space < 0 ? line : line.substring(0, space)).toUpperCase(java.util.Locale.ROOT);
      String argument = space < 0 ? "" : line.substring(space + 1);
      try {
        obey(verb, argument);
      } catch (IOException | IllegalArgumentException refused) {
        reply("550 not to be done: " + argument);
      }
    }

    private void obey(String verb, String argument) throws IOException {
      switch (verb) {
        case "USER" -> reply("331 any password will do");
        case "PASS" -> welcome();
        case "QUIT" -> quit();
        case "AUTH" -> startTls();
        case "CCC" -> stopTls();
        case "PBSZ", "NOOP", "MODE", "STRU", "TYPE" -> reply("200 fine");
        case "PROT" -> reply(argument.equals("C") ? "200 fine" : "536 only C");
        case "SYST" -> reply("215 UNIX Type: L8");
        case "FEAT" -> reply("211-Features\r\n REST STREAM\r\n SIZE\r\n EPSV\r\n UTF8\r\n211 End");
        case "ABOR" -> abort();
        default -> {
          if (isKnown) obeyKnown(verb, argument);
          else reply("530 USER and PASS first");
        }
      }
    }

    private void obeyKnown(String verb, String argument) throws IOException {
      switch (verb) {
        case "PWD" -> reply("257 \"" + files.current() + "\"");
        case "CWD" -> reply("250 in " + files.enter(argument));
        case "CDUP" -> reply("250 in " + files.up());
        case "SIZE" -> reply("213 " + files.size(argument));
        case "REST" -> restartAt(argument);
        case "PASV", "EPSV" -> openDoor(verb);
        case "PORT" -> aim(FtpFiles.port(argument));
        case "EPRT" -> aim(FtpFiles.extendedPort(argument));
        case "LIST" -> begin(FtpData.sending(files.list(true)));
        case "NLST" -> begin(FtpData.sending(files.list(false)));
        case "RETR" -> begin(FtpData.sending(files.read(argument, restart)));
        case "STOR" -> begin(FtpData.receiving(files.write(argument, restart)));
        default -> reply("502 not known: " + verb);
      }
      if (!verb.equals("REST")) restart = 0;
    }

    private void welcome() {
      isKnown = true;
      reply("230 welcome");
    }

    private void quit() {
      reply("221 good bye");
      closeWhenDone();
    }

    private void restartAt(String argument) {
      restart = Long.parseUnsignedLong(argument);
      reply("350 the next transfer begins there");
    }

    // --- TLS, and back ---

    private void startTls() {
      if (settings.startTls == null) {
        reply("502 no TLS here");
        return;
      }
      reply("234 go on");
      change(() -> settings.startTls.accept(this)); // Refuses what came in plain text behind it.
    }

    private void stopTls() {
      reply("200 plain text from here on");
      change(() -> Tls.stop(this));
    }

    /** When the answer has left; what the client says then is not to be read before. */
    private void change(Runnable call) {
      isChanging = true;
      whenSent(
          () -> {
            call.run();
            isChanging = false;
          });
    }

    /** A client that had reset before it was accepted gets no answer: only its end is to come. */
    @Override
    public boolean readable() {
      return !isChanging || !connected();
    }

    // --- where data goes ---

    private void openDoor(String verb) {
      forgetPlace();
      InetSocketAddress here = (InetSocketAddress) socket().getsockname();
      door = new FtpData.Door(this, here.getAddress(), client.getAddress(), map());
      int port = door.port();
      if (verb.equals("EPSV")) {
        reply("229 here (|||" + port + "|)");
        return;
      }
      String host = here.getAddress().getHostAddress().replace('.', ',');
      reply("227 here (" + host + "," + port / 256 + "," + port % 256 + ")");
    }

    /** To nobody but the client: others would be attacked through us. */
    private void aim(InetSocketAddress address) {
      boolean isClients = address.getAddress().equals(client.getAddress());
      if (!isClients || address.getPort() < 1024) {
        reply("504 to nobody but you");
        return;
      }
      forgetPlace();
      target = address;
      reply("200 there");
    }

    private void forgetPlace() {
      if (door != null) door.close();
      door = null;
      target = null;
    }

    private void begin(FtpData.Transfer transfer) {
      if (data != null || (door == null && target == null)) {
        transfer.close();
        reply("425 PASV or PORT first");
        return;
      }
      reply("150 it comes");
      if (!connected()) { // The client has gone, as this reply found.
        transfer.close();
        return;
      }
      data = new FtpData(this, transfer, settings.bytesPerSecond, map());
      if (target != null) data.connectTo(target);
      else door.admit(data);
      door = null; // It closes when somebody has come, or by its time.
      target = null;
    }

    private void abort() {
      boolean isGoingOn = data != null;
      if (isGoingOn) data.end("426 aborted");
      reply(isGoingOn ? "226 as you wish" : "225 nothing to abort");
    }

    @Override
    public void transferred(String answer) {
      data = null;
      silence.reset();
      if (connected()) reply(answer);
    }

    @Override
    public void handleError(Throwable thrown) {
      if (thrown instanceof IncomingLimitException) {
        takeIncomingData();
        reply("500 too long a line");
      } else if (thrown instanceof OsException) {
        close();
      } else {
        super.handleError(thrown);
      }
    }

    @Override
    public void close() {
      super.close();
      forgetPlace();
      if (data != null) data.end("426 gone");
    }
  }
}
