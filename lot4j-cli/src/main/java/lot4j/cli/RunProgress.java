package lot4j.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import lot4j.log.MetricLine;
import lot4j.train.Listener;
import lot4j.train.Outcome;
import lot4j.train.Progress;
import lot4j.train.RunSession;

/** Shows one run while it trains, and how it ended. */
final class RunProgress {
  private RunProgress() {}

  static Outcome train(Console console, RunSession session, Path directory, BooleanSupplier stop) {
    try (Console.Bar bar = console.bar("train")) {
      return session.proceed(directory, new Shown(console, bar), stop);
    }
  }

  private static final class Shown implements Listener {
    private static final long EVERY_NANOS = 200_000_000L;
    private final Console console;
    private final Console.Bar bar;
    private long shown;
    private long counted;
    private long countedSamples;

    Shown(Console console, Console.Bar bar) {
      this.console = console;
      this.bar = bar;
      this.counted = System.nanoTime();
    }

    @Override
    public void progress(Progress progress) {
      long now = System.nanoTime();
      if (now - shown > EVERY_NANOS || progress.fraction() >= 1) {
        double rate = (progress.samples() - countedSamples) * 1e9 / (now - counted);
        bar.at(
            progress.fraction(),
            String.format(Locale.ROOT, "step %d, %.0f samples/s", progress.step(), rate));
        shown = now;
        counted = now;
        countedSamples = progress.samples();
      }
    }

    @Override
    public void line(MetricLine line) {}

    @Override
    public void warning(String message) {
      console.error(message);
    }
  }

  /** Says how a run ended; gives the exit code. */
  static int report(Console console, Path directory, Outcome outcome, boolean json) {
    switch (outcome.status()) {
      case DONE -> {
        outcome
            .splits()
            .forEach(
                (split, learners) ->
                    learners.forEach(
                        (learner, metrics) ->
                            console.result(json, split + " " + learner + " " + shown(metrics))));
        console.note("run " + directory);
        if (json) {
          console.result(result(directory));
        }
        return Exit.DONE;
      }
      case INTERRUPTED -> {
        console.error(
            "interrupted at step "
                + outcome.teacherUpdates()
                + "; to go on: lot resume "
                + directory);
        return Exit.INTERRUPTED;
      }
      case DIVERGED -> {
        console.error(outcome.message());
        return Exit.DIVERGED;
      }
      default -> {
        console.error(directory + ": " + outcome.message());
        return Exit.FAILED;
      }
    }
  }

  static String result(Path directory) {
    try {
      return Files.readString(directory.resolve("result.json")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(directory + "/result.json: " + e.getMessage(), e);
    }
  }

  static String shown(java.util.Map<String, Double> metrics) {
    StringBuilder line = new StringBuilder();
    metrics.forEach(
        (name, value) ->
            line.append(line.isEmpty() ? "" : ", ")
                .append(name)
                .append(' ')
                .append(String.format(Locale.ROOT, "%.4f", value)));
    return line.toString();
  }
}
