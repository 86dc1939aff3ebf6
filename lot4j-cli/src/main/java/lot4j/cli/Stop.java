package lot4j.cli;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import sun.misc.Signal;

/**
 * A request to stop, by SIGINT, SIGTERM or {@link #request}. The first one is heeded at the end of
 * the update under way, after a checkpoint; a second one ends the process at once.
 */
final class Stop implements BooleanSupplier {
  private static final List<String> SIGNALS = List.of("INT", "TERM");

  private final AtomicBoolean requested = new AtomicBoolean();

  /** Listens for the signals from now on; the second one ends the process. */
  static Stop onSignals() {
    return listen(true);
  }

  /**
   * Listens for the signals; further ones change nothing. For workers: a terminal's Ctrl-C reaches
   * them directly and through their parent.
   */
  static Stop patiently() {
    return listen(false);
  }

  /** Until something is under way, a signal ends the process: there is nothing to keep. */
  static void beforeAnythingStarts() {
    for (String name : SIGNALS) {
      Signal.handle(new Signal(name), signal -> Runtime.getRuntime().halt(Exit.INTERRUPTED));
    }
  }

  /** A signal ends the process after what is temporary was removed; for work without the engine. */
  static void tidily() {
    for (String name : SIGNALS) {
      Signal.handle(new Signal(name), signal -> System.exit(Exit.INTERRUPTED));
    }
  }

  private static Stop listen(boolean impatient) {
    Stop stop = new Stop();
    for (String name : SIGNALS) {
      Signal.handle(
          new Signal(name),
          signal -> {
            if (stop.requested.getAndSet(true) && impatient) {
              Runtime.getRuntime().halt(Exit.INTERRUPTED);
            }
          });
    }
    return stop;
  }

  void request() {
    requested.set(true);
  }

  @Override
  public boolean getAsBoolean() {
    return requested.get();
  }
}
