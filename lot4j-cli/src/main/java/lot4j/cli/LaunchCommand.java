package lot4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import lot4j.distributed.Patience;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import sun.misc.Signal;

/**
 * Trains one run in several processes on this machine: each is this very program, told its rank by
 * the environment. None of them outlives this one.
 */
@Command(
    name = "launch",
    description = "Trains one run in several processes on this machine, data-parallel.",
    footer = {"", "Example: lot launch --workers 2 -- train digits --out runs/both"})
final class LaunchCommand implements Callable<Integer> {
  private static final int MOST_WORKERS = 1024;
  private static final long GRACE_SECONDS = 5;
  private static final int KILLED = 128;

  @ParentCommand private Main main;

  @Option(
      names = "--workers",
      required = true,
      paramLabel = "W",
      description = "Processes; the cores are divided among them.")
  private int workers;

  @Option(
      names = "--timeout",
      paramLabel = "S",
      description = "Seconds without a sign of life until a process counts as lost; 15.")
  private Optional<Integer> timeout = Optional.empty();

  @Option(
      names = "--stall-timeout",
      paramLabel = "S",
      description =
          "Seconds, at least, that a process may keep the others waiting until it counts as stuck;"
              + " 30.")
  private Optional<Integer> stall = Optional.empty();

  @Parameters(
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "After --: 'train CONFIG …' or 'resume DIR'.")
  private List<String> command = new ArrayList<>();

  private final BlockingQueue<Worker> ended = new LinkedBlockingQueue<>();
  private final SaidOnce said = new SaidOnce(System.err);

  private record Worker(int rank, Process process) {}

  @Override
  public Integer call() throws InterruptedException {
    if (workers < 1 || workers > MOST_WORKERS) {
      throw new UsageException("--workers " + workers + " is not allowed; 1 to " + MOST_WORKERS);
    }
    requireSeconds("--timeout", timeout);
    requireSeconds("--stall-timeout", stall);
    if (!List.of("train", "resume").contains(command.get(0))) {
      throw new UsageException(
          "launch " + command.get(0) + " is not allowed; launch --workers W -- train or resume");
    }
    List<Worker> all = new ArrayList<>();
    AtomicInteger signals = new AtomicInteger();
    try {
      int port = freePort();
      for (int rank = 0; rank < workers; rank++) {
        all.add(start(rank, port));
      }
      for (String name : List.of("INT", "TERM")) {
        Signal.handle(
            new Signal(name),
            signal -> {
              if (signals.getAndIncrement() == 0) {
                // By its handle: the process itself would close its standard input, too.
                all.forEach(worker -> worker.process().toHandle().destroy());
              } else {
                all.forEach(worker -> worker.process().destroyForcibly());
                Runtime.getRuntime().halt(Exit.INTERRUPTED);
              }
            });
      }
      return await(all, signals);
    } catch (IOException e) {
      throw new UncheckedIOException("launch: " + e.getMessage(), e);
    } finally {
      all.forEach(worker -> worker.process().destroyForcibly());
    }
  }

  private static void requireSeconds(String option, Optional<Integer> given) {
    if (given.isPresent() && given.get() < 1) {
      throw new UsageException(option + " " + given.get() + " is not allowed; 1 or more seconds");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Worker start(int rank, int port) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(line());
    builder.environment().put("RANK", Integer.toString(rank));
    builder.environment().put("LOCAL_RANK", Integer.toString(rank));
    builder.environment().put("WORLD_SIZE", Integer.toString(workers));
    builder.environment().put("LOCAL_WORLD_SIZE", Integer.toString(workers));
    builder.environment().put("MASTER_ADDR", "127.0.0.1");
    builder.environment().put("MASTER_PORT", Integer.toString(port));
    builder.environment().remove("TORCHELASTIC_USE_AGENT_STORE");
    timeout.ifPresent(s -> builder.environment().put(Patience.SILENCE, Integer.toString(s)));
    stall.ifPresent(s -> builder.environment().put(Patience.STALL, Integer.toString(s)));
    builder.redirectOutput(
        rank == 0 ? ProcessBuilder.Redirect.INHERIT : ProcessBuilder.Redirect.DISCARD);
    Worker worker = new Worker(rank, builder.start());
    Thread thread = new Thread(() -> follow(worker), "rank-" + rank);
    thread.setDaemon(true);
    thread.start();
    return worker;
  }

  private List<String> line() {
    List<String> line = OwnProgram.command("-D" + Partners.LAUNCHED + "=true");
    line.addAll(main.flags());
    line.addAll(command);
    return line;
  }

  /** Passes on what a process says, as it comes, and tells when it has ended. */
  private void follow(Worker worker) {
    byte[] buffer = new byte[8192];
    try (InputStream errors = worker.process().getErrorStream();
        OutputStream voice = said.of(worker.rank())) {
      for (int n = errors.read(buffer); n >= 0; n = errors.read(buffer)) {
        voice.write(buffer, 0, n);
        voice.flush();
      }
      worker.process().waitFor();
    } catch (IOException e) {
      worker.process().destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ended.add(worker);
  }

  /**
   * Waits for all of them. If one ends badly, the others notice for themselves and say so; those
   * that do not, for they are stopped or have not met yet, are ended.
   */
  private int await(List<Worker> all, AtomicInteger signals) throws InterruptedException {
    int left = all.size();
    Optional<Worker> bad = Optional.empty();
    int leader = Exit.FAILED;
    while (left > 0) {
      Worker worker = bad.isEmpty() ? ended.take() : ended.poll(GRACE_SECONDS, TimeUnit.SECONDS);
      if (worker == null) {
        all.forEach(each -> each.process().destroyForcibly());
        bad.ifPresent(this::sayIfNobodyDid);
        break;
      }
      left--;
      int code = worker.process().exitValue();
      if (worker.rank() == 0) {
        leader = code;
      }
      if (code != 0 && bad.isEmpty()) {
        bad = Optional.of(worker);
      }
    }
    if (bad.isPresent() && left == 0) {
      bad.ifPresent(this::sayIfNobodyDid);
    }
    if (signals.get() > 0 && bad.isPresent()) {
      return Exit.INTERRUPTED;
    }
    return leader < KILLED || leader == Exit.INTERRUPTED ? leader : Exit.FAILED;
  }

  private void sayIfNobodyDid(Worker worker) {
    if (!said.anything()) {
      main.console()
          .error(
              "rank "
                  + worker.rank()
                  + " is gone: its process ended with "
                  + worker.process().exitValue());
    }
  }
}
