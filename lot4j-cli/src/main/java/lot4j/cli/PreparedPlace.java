package lot4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import lot4j.checkpoint.AtomicFile;

/** Nowhere yet: the runs are listed, and whatever starts processes trains them. */
record PreparedPlace() implements SweepPlace {
  /** The list, one run directory a line, relative to the sweep's. */
  static final String LIST = "runs.txt";

  @Override
  public OptionalInt atOnce(int threads) {
    return OptionalInt.empty();
  }

  @Override
  public void check(Path sweep, String name, int runs, int threads) {}

  @Override
  public Round train(
      Path sweep,
      String name,
      List<Path> runs,
      Consumer<Path> make,
      int threads,
      Fleet.Watcher watcher) {
    runs.forEach(make);
    AtomicFile.write(sweep.resolve(LIST), lines(relative(sweep, runs)));
    String message =
        String.format(
            Locale.ROOT,
            "%d runs to train, one a line in %s: lot resume %s/RUN each; then lot resume %s",
            runs.size(),
            sweep.resolve(LIST),
            sweep,
            sweep);
    return new Round(Map.of(), Optional.of(new Left(message, "running", Exit.DONE)));
  }

  /** Run directories as they are written in lists. */
  static List<String> relative(Path sweep, List<Path> runs) {
    return runs.stream().map(run -> sweep.relativize(run).toString().replace('\\', '/')).toList();
  }

  /** A file with a line for each. */
  static String lines(List<String> entries) {
    return String.join("\n", entries) + "\n";
  }
}
