package lot4j.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lot4j.Require;

/**
 * How much is measured, and what is changed in every workload.
 *
 * @param rounds recorded rounds; empty: the benchmark's own number
 * @param seconds of each variant in each round
 * @param batch images a step; empty: the benchmark's own
 * @param threads numbers of threads to measure with; empty: the benchmark's own
 * @param set overrides of configuration keys, as {@code --set} takes them
 * @param home the installation that {@code ./lot} belongs to, where there is one
 */
public record Settings(
    Optional<Integer> rounds,
    double seconds,
    Optional<Integer> batch,
    List<Integer> threads,
    List<String> set,
    Optional<Path> home) {
  public Settings {
    rounds.ifPresent(n -> Require.atLeast("--rounds", n, 1));
    Require.positive("--seconds", seconds);
    batch.ifPresent(n -> Require.atLeast("--batch", n, 1));
    threads.forEach(n -> Require.atLeast("--threads", n, 1));
    threads = List.copyOf(threads);
    set = List.copyOf(set);
  }

  int rounds(int otherwise) {
    return rounds.orElse(otherwise);
  }

  List<Integer> threads(Integer... otherwise) {
    int cores = Runtime.getRuntime().availableProcessors();
    return threads.isEmpty()
        ? List.of(otherwise).stream().filter(n -> n <= cores).toList()
        : threads;
  }
}
