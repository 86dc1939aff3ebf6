package lot4j.bench;

import java.util.ArrayList;
import java.util.List;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.RunConfig;

/**
 * What a variant computes: a base, changed by overrides.
 *
 * @param base what it begins with
 * @param name in the table
 * @param threads to compute with
 * @param set overrides, as {@code --set} takes them, in order
 */
record Workload(Subject base, String name, int threads, List<String> set) {
  Workload {
    set = List.copyOf(set);
  }

  /** Images with overrides of their own, then the user's. */
  static Workload of(String name, int threads, Settings settings, String... set) {
    return of(Subject.IMAGES, name, threads, settings, set);
  }

  /** Any base with overrides of its own, then the user's. */
  static Workload of(Subject base, String name, int threads, Settings settings, String... set) {
    List<String> all = new ArrayList<>(List.of(set));
    settings.batch().ifPresent(n -> all.add("batch-size=" + n));
    all.addAll(settings.set());
    return new Workload(base, name, threads, all);
  }

  RunConfig config(Catalog catalog) {
    return new ConfigReader(catalog)
        .read(ConfigSource.of("bench", base.yaml()), set)
        .base()
        .withThreads(threads)
        .withDevice("cpu");
  }
}
