package org.asyncore.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.asyncore.Dispatcher;
import org.asyncore.Exits;
import org.asyncore.transport.OsException;

/**
 * Judges the callbacks of one dispatcher by the table of docs/lifecycle.md, as asyncore.py has it.
 *
 * <pre>
 * select     a pass has at most one read, one write, one urgent event, in this order; none once closed
 * poll       the same, then at most one hang-up; a dispatcher closed in one of them gets the later ones
 *            of the same pass, and nothing ever after
 * hosted     as poll, where a round of read, write and hang-up is what a pass is
 * handleConnect   once, before all others, not yet connected
 * handleClose     for a hang-up; inside recv, send, handleError, handleExptEvent; after a broken pipe
 * handleError     for what an event threw, and nothing else, right after it; or called by its own class
 * </pre>
 *
 * <p>What it finds wrong it collects: to throw inside a callback would be just another fault.
 */
final class Lifecycle {
  /** What a pass finds, in poll's order. */
  enum Event {
    READ,
    WRITE,
    URGENT,
    HANG_UP
  }

  private final Plan plan;
  private final List<String> log = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();

  private int pass;
  private int lastPass = -1;
  private Event last;
  private Event current;
  private Throwable thrown;
  private int connects;
  private int depth;

  /** Where handleClose may come from, beside a hang-up. */
  private int reasons;

  /** Calls of the program that call nobody. */
  private int calls;

  private boolean hasClosed;
  private int closedInPass = -1;
  private Event closedIn;

  /** Whether it was over a connection from the start. */
  private boolean needsConnect;

  Lifecycle(Plan plan) {
    this.plan = plan;
  }

  void needsConnect() {
    needsConnect = true;
  }

  void pass(int number) {
    pass = number;
    if (thrown != null) wrong("not told of " + thrown);
    thrown = null;
  }

  boolean hasClosed() {
    return hasClosed;
  }

  boolean hasConnected() {
    return !needsConnect || connects > 0;
  }

  List<String> wrong() {
    return wrong;
  }

  String log() {
    int size = log.size();
    return String.join("\n    ", size > 60 ? log.subList(size - 60, size) : log);
  }

  private void wrong(String what) {
    String line = "pass " + pass + ": " + what;
    log.add("WRONG " + line);
    wrong.add(line);
  }

  void note(String what) {
    log.add(pass + "  " + "  ".repeat(depth) + what);
  }

  // --- events ---

  /** An event from the loop, around the callbacks that it leads to. */
  void event(Event event, Runnable body) {
    begin(event);
    current = event;
    depth++;
    try {
      body.run();
    } catch (Throwable escaped) {
      note("threw " + escaped);
      if (!Exits.leavesLoop(escaped)) thrown = escaped;
      throw escaped;
    } finally {
      depth--;
      current = null;
    }
  }

  private void begin(Event event) {
    note(event.toString());
    if (reasons > 0 || calls > 0) wrong(event + " inside a call");
    if (current != null) wrong(event + " inside " + current);
    if (thrown != null) wrong(event + " though " + thrown + " is not told");
    boolean isNewRound =
        pass != lastPass
            || (plan.host().isHosted() && (last == null || event.compareTo(last) <= 0));
    if (isNewRound) last = null;
    if (last != null && event.compareTo(last) <= 0)
      wrong(event + " after " + last + " in one pass");
    if (hasClosed) judgeLate(event, isNewRound);
    last = event;
    lastPass = pass;
  }

  private void judgeLate(Event event, boolean isNewRound) {
    boolean inPollOrder = plan.usePoll() || plan.host().isHosted();
    boolean isLaterInRound =
        pass == closedInPass && !isNewRound && closedIn != null && closedIn.compareTo(event) < 0;
    if (!inPollOrder || !isLaterInRound)
      wrong(event + " after close in pass " + closedInPass + ", " + closedIn);
  }

  // --- callbacks ---

  void connect(Dispatcher dispatcher) {
    note("handleConnect");
    if (!needsConnect) wrong("handleConnect of a connection that was up");
    if (++connects > 1) wrong("handleConnect again");
    if (dispatcher.connected()) wrong("connected() in handleConnect");
  }

  /** handleConnect threw: the dispatcher does not count as connected, and is told again. */
  void connectThrew() {
    connects--;
  }

  void read(Dispatcher dispatcher) {
    callback("handleRead", Event.READ, dispatcher);
  }

  void write(Dispatcher dispatcher) {
    callback("handleWrite", Event.WRITE, dispatcher);
  }

  void urgent(Dispatcher dispatcher) {
    callback("handleExpt", Event.URGENT, dispatcher);
  }

  private void callback(String name, Event event, Dispatcher dispatcher) {
    note(name);
    if (current != event) wrong(name + " in " + current);
    if (needsConnect && connects == 0 && !hasClosed) wrong(name + " before handleConnect");
    if (needsConnect && !hasClosed && !dispatcher.connected()) wrong(name + " while not connected");
  }

  void close() {
    note("handleClose");
    if (reasons > 0) return;
    if (calls > 0) {
      wrong("handleClose inside a call");
    } else if (current != null) {
      wrong("handleClose in " + current + " without a reason");
    } else if (thrown instanceof OsException error
        && error.errno().isDisconnected()
        && inPollOrder()) {
      thrown = null;
    } else if (inPollOrder()) {
      begin(Event.HANG_UP);
    } else {
      wrong("handleClose from select itself");
    }
  }

  private boolean inPollOrder() {
    return plan.usePoll() || plan.host().isHosted();
  }

  void error(Throwable told, boolean isExpected) {
    note("handleError " + told);
    if (current == null && thrown != told && !isExpected)
      wrong("handleError of what nobody threw: " + told);
    if (!isExpected) wrong("handleError " + told);
    if (thrown == told) thrown = null;
  }

  /** Something that may call handleClose. */
  <T> T within(Supplier<T> operation) {
    reasons++;
    depth++;
    try {
      return operation.get();
    } finally {
      depth--;
      reasons--;
    }
  }

  void within(Runnable operation) {
    within(
        () -> {
          operation.run();
          return null;
        });
  }

  /** Something that calls nobody. */
  void calling(Runnable operation) {
    int before = reasons;
    reasons = 0;
    calls++;
    depth++;
    try {
      operation.run();
    } finally {
      depth--;
      calls--;
      reasons = before;
    }
  }

  /** A handler in front has fired one. */
  void userEvent() {
    note("handleUserEvent");
    if (reasons > 0 || calls > 0 || current != null) wrong("handleUserEvent inside a call");
  }

  /** It left its map. */
  void closed() {
    if (hasClosed) return;
    note("close");
    hasClosed = true;
    closedInPass = pass;
    closedIn = current != null ? current : last;
  }
}
