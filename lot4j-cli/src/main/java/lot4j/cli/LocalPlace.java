package lot4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Worker processes on this machine.
 *
 * @param jobs runs at a time; empty: as many as the cores allow
 */
record LocalPlace(Optional<Integer> jobs, Path dataDirectory, Stop stop) implements SweepPlace {
  @Override
  public OptionalInt atOnce(int threads) {
    int cores = Runtime.getRuntime().availableProcessors();
    return OptionalInt.of(jobs.orElse(Math.max(1, cores / threads)));
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
      Fleet.Watcher watcher)
      throws InterruptedException {
    Fleet fleet =
        new Fleet(
            atOnce(threads).getAsInt(),
            List.of("--data-dir", dataDirectory.toString()),
            sweep,
            stop);
    return new Round(fleet.train(runs, make, watcher), Optional.empty());
  }
}
