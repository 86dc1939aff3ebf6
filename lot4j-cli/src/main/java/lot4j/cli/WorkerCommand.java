package lot4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import lot4j.config.Catalog;
import lot4j.train.Listener;
import lot4j.train.Outcome;
import lot4j.train.Progress;
import lot4j.train.RunSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/**
 * A worker process of a comparison or a sweep: reads run directories from standard input, a JSON
 * line each, trains them, and answers in JSON lines. When its parent is gone it writes a checkpoint
 * and ends.
 */
@Command(name = "worker", hidden = true, description = "Trains runs for a parent process.")
final class WorkerCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Mixin private DataOptions data = new DataOptions();

  private final ObjectMapper json = new ObjectMapper();

  @Override
  public Integer call() throws InterruptedException {
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Stop stop = Stop.patiently();
    BlockingQueue<Optional<Path>> requests = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> read(requests, stop), "requests");
    reader.setDaemon(true);
    reader.start();
    RunSession session = new RunSession(Catalog.load(), data.directory());
    try (LastInputs inputs = new LastInputs(session)) {
      train(session, inputs, requests, answers, stop);
    }
    return stop.getAsBoolean() ? Exit.INTERRUPTED : Exit.DONE;
  }

  private void train(
      RunSession session,
      LastInputs inputs,
      BlockingQueue<Optional<Path>> requests,
      PrintStream answers,
      Stop stop)
      throws InterruptedException {
    for (Optional<Path> run = requests.take(); run.isPresent(); run = requests.take()) {
      Map<String, Object> end = new LinkedHashMap<>();
      end.put("event", "end");
      try {
        Outcome outcome = session.proceed(run.get(), inputs, new Told(answers), stop);
        end.put("status", outcome.status().key());
        end.put("message", outcome.message());
      } catch (RuntimeException e) { // the parent counts the run as failed and goes on
        main.console().failure(e);
        end.put("status", "failed");
        end.put("message", String.valueOf(e.getMessage()));
      }
      tell(answers, end);
    }
  }

  private void read(BlockingQueue<Optional<Path>> requests, Stop stop) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        requests.add(Optional.of(Path.of(json.readTree(line).path("run").asText())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("worker: requests cannot be read: " + e.getMessage(), e);
    } finally {
      // The end of the input: with a run under way the parent is gone, else there is no more work.
      stop.request();
      requests.add(Optional.empty());
    }
  }

  private void tell(PrintStream answers, Map<String, Object> message) {
    try {
      answers.println(json.writeValueAsString(message));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("worker: an answer cannot be written as JSON", e);
    }
  }

  private final class Told implements Listener {
    private static final long EVERY_NANOS = 300_000_000L;
    private final PrintStream answers;
    private long told;

    Told(PrintStream answers) {
      this.answers = answers;
    }

    @Override
    public void progress(Progress progress) {
      long now = System.nanoTime();
      if (now - told > EVERY_NANOS) {
        told = now;
        tell(
            answers,
            Map.of("event", "progress", "step", progress.step(), "fraction", progress.fraction()));
      }
    }

    @Override
    public void warning(String message) {
      main.console().error(message);
    }
  }
}
