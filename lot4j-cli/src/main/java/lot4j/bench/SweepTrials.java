package lot4j.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a sweep of short runs costs besides their training: the whole command beside the sum of what
 * its runs say of their own time, {@code wall_s}. One worker process trains all of them.
 */
final class SweepTrials implements Benchmark {
  private static final int TRIALS = 100;

  /** About a second of one core. */
  private static final int UPDATES = 3000;

  private final ObjectMapper json = new ObjectMapper();

  @Override
  public String name() {
    return "sweep-trials";
  }

  @Override
  public String about() {
    return "seconds of a sweep of "
        + TRIALS
        + " one-second runs over the runs' own; the aim: hardly more than 1";
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    Command lot = new Command(settings);
    List<Double> whole = new ArrayList<>();
    List<Double> own = new ArrayList<>();
    List<Double> each = new ArrayList<>();
    int rounds = settings.rounds(1);
    try (TemporaryFolder scratch = TemporaryFolder.make()) {
      for (int round = 1; round <= rounds; round++) {
        Path out = scratch.path().resolve("sweep" + round);
        double seconds = lot.time("", arguments(settings, out)).whole();
        List<Double> runs = seconds(out);
        double sum = runs.stream().mapToDouble(s -> s).sum();
        whole.add(seconds);
        own.add(sum);
        each.add(1000 * (seconds - sum) / runs.size());
        progress.accept("round " + round + " of " + rounds);
      }
    }
    Series all = Series.of("lot sweep digits, " + TRIALS + " runs, one at a time", "s", whole);
    Series training = Series.of("the runs' own time", "s", own);
    return new Findings(
        name(),
        List.of(
            all,
            training,
            all.over(training, "whole / own").beside("aim 1"),
            Series.of("besides training, for each run", "ms", each)),
        List.of("The start of both processes and the report are in the whole."));
  }

  private static List<String> arguments(Settings settings, Path out) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "sweep",
                "digits",
                "--grid",
                "optimizer.lr=log(0.001..0.1)",
                "--random",
                String.valueOf(TRIALS),
                "--method",
                "lot",
                "--seeds",
                "0",
                "--jobs",
                "1",
                "--set",
                "threads=1",
                "--set",
                "budget.updates=" + UPDATES,
                "--set",
                "checkpoint.every=" + UPDATES,
                "--out",
                out.toString()));
    settings.set().forEach(each -> arguments.addAll(List.of("--set", each)));
    return arguments;
  }

  /** What each run says of its own time. */
  private List<Double> seconds(Path sweep) {
    try (Stream<Path> files = Files.walk(sweep)) {
      List<Double> seconds = new ArrayList<>();
      for (Path file : files.filter(f -> f.endsWith("result.json")).toList()) {
        JsonNode result = json.readTree(file.toFile());
        seconds.add(result.path("wall_s").asDouble());
      }
      if (seconds.isEmpty()) {
        throw new IllegalStateException("sweep-trials: no run of the sweep has a result");
      }
      return seconds;
    } catch (IOException e) {
      throw new UncheckedIOException("sweep-trials: results cannot be read", e);
    }
  }
}
