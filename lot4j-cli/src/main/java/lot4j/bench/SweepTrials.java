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
 * its runs say of their own time, {@code wall_s}. One worker process trains all of them. A sweep of
 * a single run beside it tells what the start of both processes, the plan and the report take, and
 * so what every further run costs.
 */
final class SweepTrials implements Benchmark {
  private static final int TRIALS = 40;

  /** About a second of one core. */
  private static final int UPDATES = 800;

  private final ObjectMapper json = new ObjectMapper();

  /**
   * A sweep as it was measured.
   *
   * @param whole seconds of the command
   * @param own seconds of its runs, by their own account
   */
  private record Sweep(double whole, double own) {
    double besides() {
      return whole - own;
    }
  }

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
    List<Double> whole = new ArrayList<>();
    List<Double> own = new ArrayList<>();
    List<Double> once = new ArrayList<>();
    List<Double> each = new ArrayList<>();
    List<Double> further = new ArrayList<>();
    int rounds = settings.rounds(1);
    try (TemporaryFolder scratch = TemporaryFolder.make()) {
      for (int round = 1; round <= rounds; round++) {
        Sweep one = sweep(settings, 1, scratch.path().resolve("one" + round));
        Sweep many = sweep(settings, TRIALS, scratch.path().resolve("many" + round));
        double more = 1000 * (many.besides() - one.besides()) / (TRIALS - 1);
        whole.add(many.whole());
        own.add(many.own());
        once.add(one.besides());
        each.add(1000 * many.own() / TRIALS);
        further.add(more);
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
            Series.of("a run's own time", "ms", each),
            Series.of("besides that, for each further run", "ms", further),
            Series.of("besides that, for a sweep of one run", "s", once)),
        List.of("The start of both processes and the report are in the whole."));
  }

  private Sweep sweep(Settings settings, int trials, Path out) {
    double seconds = new Command(settings).time("", arguments(settings, trials, out)).whole();
    return new Sweep(seconds, seconds(out).stream().mapToDouble(s -> s).sum());
  }

  private static List<String> arguments(Settings settings, int trials, Path out) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "sweep",
                "digits",
                "--grid",
                "optimizer.lr=log(0.001..0.1)",
                "--random",
                String.valueOf(trials),
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
                "--set",
                "eval-every=" + UPDATES,
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
