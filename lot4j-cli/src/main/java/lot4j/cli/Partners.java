package lot4j.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import lot4j.distributed.Bucketing;
import lot4j.distributed.Company;
import lot4j.distributed.Crew;
import lot4j.distributed.Loss;
import lot4j.distributed.Patience;
import lot4j.distributed.Ranks;
import lot4j.distributed.Solo;
import lot4j.train.Outcome;
import lot4j.train.Provenance;
import lot4j.train.RunSession;

/**
 * The processes that train a run together with this one, as the environment names them; usually
 * none. If one of them is lost, this process says so in one line and ends: the engine may be
 * waiting for the lost one without end.
 */
final class Partners {
  /** The system property of a process that {@code lot launch} started. */
  static final String LAUNCHED = "lot.launched";

  private final Console console;
  private final Ranks ranks;
  private final AtomicReference<Optional<Path>> directory = new AtomicReference<>(Optional.empty());
  private Company company = new Solo();

  private Partners(Console console, Ranks ranks) {
    this.console = console;
    this.ranks = ranks;
  }

  /**
   * Those that the environment names.
   *
   * @throws UsageException if it says nothing that makes sense
   */
  static Partners named(Console console) {
    if (launched()) {
      endWithParent();
    }
    try {
      return new Partners(console, Ranks.of(System.getenv()));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  static boolean launched() {
    return Boolean.getBoolean(LAUNCHED);
  }

  /** A launched process reads nothing; the end of its standard input is its parent's. */
  private static void endWithParent() {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  continue;
                }
              } catch (IOException gone) {
                Runtime.getRuntime().halt(Exit.FAILED);
              }
              Runtime.getRuntime().halt(Exit.FAILED);
            },
            "parent");
    thread.setDaemon(true);
    thread.start();
  }

  /** Whether this is one of those that {@code lot launch} started, and not the first. */
  static boolean follows() {
    return launched() && !"0".equals(System.getenv("RANK"));
  }

  /** Whether they have not been found yet. */
  boolean unmet() {
    return company.size() < ranks.size();
  }

  boolean alone() {
    return ranks.size() == 1;
  }

  boolean leads() {
    return ranks.rank() == 0;
  }

  int size() {
    return ranks.size();
  }

  /** Threads of this process where nothing else is said: the cores, divided. */
  int threads() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / ranks.localSize());
  }

  /** A stop by signals; a launched process gets them from its parent and from the terminal. */
  static Stop stop() {
    return launched() ? Stop.patiently() : Stop.onSignals();
  }

  /**
   * Finds them.
   *
   * @throws lot4j.distributed.JoinException if they are not there
   */
  Company join(boolean cuda) {
    if (!alone()) {
      try {
        company =
            Crew.join(
                ranks,
                Patience.of(System.getenv()),
                Provenance.versions() + " " + Provenance.cpuCapability(),
                Bucketing.of(System.getenv()),
                cuda,
                this::lost);
      } catch (IllegalArgumentException e) {
        throw new UsageException(e.getMessage());
      }
    }
    return company;
  }

  /** Names the run's directory, for what is said if a process is lost. */
  void at(Path run) {
    directory.set(Optional.of(run));
  }

  /**
   * Makes sure that all of them are about to do the same.
   *
   * @throws UsageException if not
   */
  void requireSame(String what, String own) {
    if (alone()) {
      return;
    }
    List<byte[]> all = company.gather(own.getBytes(StandardCharsets.UTF_8));
    byte[] odd =
        company.share(
            () -> {
              for (int rank = 1; rank < all.size(); rank++) {
                if (!Arrays.equals(all.get(0), all.get(rank))) {
                  return new byte[] {1, (byte) rank};
                }
              }
              return new byte[] {0, 0};
            });
    if (odd[0] != 0) {
      throw new UsageException(
          "rank " + (odd[1] & 0xff) + " has another " + what + " than rank 0; the same everywhere");
    }
  }

  /** This process ends with an error: the others shall, too. */
  void failed(int code, String message, boolean said) {
    company.fail(code, message, said);
  }

  /** Another process than rank 0 is done; gives its exit code. */
  int assisted(Outcome outcome) {
    close();
    return switch (outcome.status()) {
      case DONE -> Exit.DONE;
      case INTERRUPTED -> Exit.INTERRUPTED;
      case DIVERGED -> Exit.DIVERGED;
      default -> Exit.FAILED;
    };
  }

  void close() {
    company.close();
  }

  private void lost(Loss loss) {
    // Of launched processes, whose lines come together, one speaks.
    boolean speaker = ranks.rank() == (loss.rank() == 0 ? 1 : 0);
    if (!launched() || speaker && !loss.told()) {
      console.error(
          loss.message()
              + directory
                  .get()
                  .map(run -> "; to go on from the last checkpoint: " + goOn(run))
                  .orElse(""));
    }
    if (leads()) {
      directory.get().filter(RunSession::isRun).ifPresent(run -> failed(run, loss));
    }
    Runtime.getRuntime().halt(loss.code());
  }

  private void failed(Path run, Loss loss) {
    try {
      RunSession.failed(run, loss.message());
    } catch (RuntimeException unwritable) { // whatever it is: this process has to end all the same
      console.failure(unwritable);
    }
  }

  private String goOn(Path run) {
    return (launched() ? "lot launch --workers " + ranks.size() + " -- resume " : "lot resume ")
        + run;
  }
}
