package lot4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Worker processes that train runs, one run at a time each. A worker is this very program with the
 * same flags; it takes run directories from its standard input and answers in JSON lines. A run's
 * bits do not depend on which worker trains it, nor on what the worker trained before.
 */
final class Fleet {
  private final int jobs;
  private final List<String> arguments;
  private final Path logs;
  private final BooleanSupplier stop;
  private final ObjectMapper json = new ObjectMapper();
  private final Map<Path, Double> fractions = new ConcurrentHashMap<>();
  private final BlockingQueue<Optional<Path>> ready = new LinkedBlockingQueue<>();
  private final AtomicReference<Optional<RuntimeException>> unmade =
      new AtomicReference<>(Optional.empty());

  /** How a run ended: its status, or {@code failed} with what the worker said last. */
  record End(String status, String message) {}

  /** Watches the fleet. */
  interface Watcher {
    void progress(double fraction);

    void ended(Path run, End end);
  }

  Fleet(int jobs, List<String> arguments, Path logs, BooleanSupplier stop) {
    this.jobs = jobs;
    this.arguments = List.copyOf(arguments);
    this.logs = logs;
    this.stop = stop;
  }

  /** Trains runs whose directories are there. */
  Map<Path, End> train(List<Path> runs, Watcher watcher) throws InterruptedException {
    return train(runs, run -> {}, watcher);
  }

  /**
   * Trains all runs, in order, {@code jobs} at a time; returns when all ended or were stopped.
   *
   * @param make writes a run's directory if it is not there; called for one after the other, in
   *     order, while runs before it are trained
   * @throws RuntimeException what {@code make} threw, after the runs under way have ended
   */
  Map<Path, End> train(List<Path> runs, Consumer<Path> make, Watcher watcher)
      throws InterruptedException {
    Map<Path, End> ends = new ConcurrentHashMap<>();
    List<Thread> threads = new ArrayList<>();
    int workers = Math.min(jobs, runs.size());
    threads.add(new Thread(() -> make(runs, make, workers), "maker"));
    for (int i = 0; i < workers; i++) {
      int number = i;
      threads.add(new Thread(() -> work(number, runs.size(), ends, watcher), "worker-" + i));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    if (unmade.get().isPresent()) {
      throw unmade.get().get();
    }
    return ends;
  }

  private void make(List<Path> runs, Consumer<Path> make, int workers) {
    try {
      for (Path run : runs) {
        if (stop.getAsBoolean()) {
          return;
        }
        make.accept(run);
        ready.add(Optional.of(run));
      }
    } catch (RuntimeException e) { // whatever it is: thrown where the fleet was called
      unmade.set(Optional.of(e));
    } finally {
      for (int i = 0; i < workers; i++) {
        ready.add(Optional.empty());
      }
    }
  }

  /** The next run; empty if there is none, or if no more are to begin. */
  private Optional<Path> take() {
    try {
      Optional<Path> next = ready.take();
      return stop.getAsBoolean() || unmade.get().isPresent() ? Optional.empty() : next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private void work(int number, int total, Map<Path, End> ends, Watcher watcher) {
    Optional<Worker> worker = Optional.empty();
    Optional<Path> next = take();
    while (next.isPresent()) {
      Path run = next.get();
      End end;
      try {
        if (worker.isEmpty()) {
          worker = Optional.of(new Worker(number));
        }
        end = worker.get().train(run, total, watcher);
      } catch (IOException e) {
        end = new End("failed", "worker process: " + e.getMessage());
      }
      if (end.status().equals("failed")) {
        worker.ifPresent(Worker::end);
        worker = Optional.empty();
      }
      fractions.put(run, 1.0);
      ends.put(run, end);
      next = take();
      if (worker.isPresent() && next.isPresent()) {
        worker.get().begin(next.get()); // it trains while this run is noted
      }
      synchronized (watcher) {
        watcher.ended(run, end);
      }
    }
    worker.ifPresent(Worker::end);
  }

  private List<String> command() {
    List<String> command = OwnProgram.command();
    command.add("worker");
    command.add("--verbose"); // its standard error is a log file
    command.addAll(arguments);
    return command;
  }

  /** One worker process. */
  private final class Worker {
    private final Process process;
    private final Writer requests;
    private final BufferedReader answers;
    private final Path log;
    private Optional<Path> begun = Optional.empty();

    Worker(int number) throws IOException {
      log = logs.resolve("worker-" + number + ".log");
      process =
          new ProcessBuilder(command())
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      requests = process.outputWriter(StandardCharsets.UTF_8);
      answers =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Has it begin a run that is waited for later. */
    void begin(Path run) {
      begun = Optional.of(run);
      try {
        request(run);
      } catch (IOException e) {
        return; // the process is gone; whoever waits for its answer finds out
      }
    }

    private void request(Path run) throws IOException {
      requests.write(json.writeValueAsString(Map.of("run", run.toString())) + "\n");
      requests.flush();
    }

    End train(Path run, int total, Watcher watcher) throws IOException {
      if (!begun.equals(Optional.of(run))) {
        request(run);
      }
      boolean told = false;
      while (true) {
        Optional<JsonNode> answer = answer();
        if (answer.isEmpty()) {
          return new End("failed", "the worker process ended unexpectedly; see " + log);
        }
        JsonNode node = answer.get();
        if (node.path("event").asText().equals("end")) {
          return new End(node.path("status").asText(), node.path("message").asText());
        }
        fractions.put(run, node.path("fraction").asDouble());
        synchronized (watcher) {
          watcher.progress(fractions.values().stream().mapToDouble(f -> f).sum() / total);
        }
        if (stop.getAsBoolean() && !told) {
          process.destroy(); // SIGTERM: it writes a checkpoint and says so
          told = true;
        }
      }
    }

    private Optional<JsonNode> answer() throws IOException {
      String line = answers.readLine();
      if (line == null) {
        return Optional.empty();
      }
      try {
        return Optional.of(json.readTree(line));
      } catch (JsonProcessingException e) {
        return Optional.empty();
      }
    }

    void end() {
      try {
        requests.close();
        if (!process.waitFor(30, java.util.concurrent.TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (IOException e) {
        process.destroyForcibly();
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
