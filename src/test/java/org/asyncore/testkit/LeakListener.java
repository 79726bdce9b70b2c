package org.asyncore.testkit;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails the test class after which Netty's leak detectors find a buffer that nobody released.
 *
 * <p>Netty learns of a leak from the garbage collector, at some later allocation. So after each
 * class every detector is given a leak of ours, and garbage is collected until that one is
 * reported: the real ones are by then too. A detector that stays silent fails the class as well.
 *
 * <p>JUnit loads it by {@code META-INF/services}, before any test class touches Netty: detectors
 * that exist already would not report here. Safe from any thread, as any thread may allocate.
 */
public final class LeakListener implements AfterAllCallback {
  private static final int COLLECTIONS = 200;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final Pattern RUNNER_FRAME =
      Pattern.compile("\\t(java\\.base/|org\\.junit\\.|org\\.apache\\.maven\\.)[^\n]*\n?");

  private static final List<Detector<Object>> detectors = new CopyOnWriteArrayList<>();
  private static final Queue<String> leaks = new ConcurrentLinkedQueue<>();

  static {
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    for (Detector<Object> detector : detectors) {
      detector.reportOwnLeak();
      detector.reportOwnLeak(); // All that the first collection found is queued before this one's.
    }
    if (leaks.isEmpty()) return;
    StringBuilder message =
        new StringBuilder("not released, when ").append(context.getDisplayName());
    message.append(" was over:");
    for (String leak; (leak = leaks.poll()) != null; ) message.append("\n\n").append(leak);
    throw new AssertionError(message);
  }

  private static final class Factory extends ResourceLeakDetectorFactory {
    @Override
    @SuppressWarnings("deprecation") // Deprecated by Netty, and abstract still.
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval, long maxActive) {
      return newResourceLeakDetector(resource, samplingInterval);
    }

    @Override
    @SuppressWarnings("unchecked") // A detector only ever keeps weak references to its Ts.
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int interval) {
      Detector<T> detector = new Detector<>(resource, interval);
      detectors.add((Detector<Object>) detector);
      return detector;
    }
  }

  private static final class Detector<T> extends ResourceLeakDetector<T> {
    private final String type;
    private int ownLeaks;
    private volatile String awaited = "";
    private volatile boolean reported;

    Detector(Class<T> resource, int samplingInterval) {
      super(resource, samplingInterval);
      type = resource.getSimpleName();
    }

    /** Returns when a leak made here has gone the way of every other. */
    @SuppressWarnings("unchecked")
    void reportOwnLeak() {
      reported = false;
      awaited = "leak on purpose, number " + ++ownLeaks; // Netty reports equal ones once.
      trackForcibly((T) new Object()).record(awaited);
      for (int i = 0; i < COLLECTIONS; i++) {
        System.gc();
        T probe = (T) new Object();
        ResourceLeakTracker<T> tracker = trackForcibly(probe); // Reports what was collected.
        tracker.close(probe);
        if (reported) return;
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      throw new AssertionError(
          type + " leaks are not reported: none after " + COLLECTIONS + " GCs");
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      if (records.contains(awaited)) {
        reported = true;
      } else {
        leaks.add(resourceType + RUNNER_FRAME.matcher(records).replaceAll(""));
      }
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      leaks.add(resourceType + ", with no record of its use");
    }
  }
}
