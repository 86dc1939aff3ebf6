package lot4j.bench;

import java.util.ArrayList;
import java.util.List;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.RunConfig;

/**
 * What a variant computes: PreResNet-20 on CIFAR-100's shapes, changed by overrides.
 *
 * @param name in the table
 * @param threads to compute with
 * @param set overrides, as {@code --set} takes them, in order
 */
record Workload(String name, int threads, List<String> set) {
  /** More updates than anyone measures: no evaluation and no checkpoint falls due. */
  private static final String ENDLESS = "1000000000";

  private static final String BASE =
      """
      name: bench
      task:
        kind: image
        data: cifar100
        augment: crop-flip
        normalize: half
        validation: none
        allow-subset: true
      method: teacher-only
      teacher: {model: preresnet20}
      students: [{model: preresnet20}]
      optimizer: {kind: sgd, lr: 0.01, momentum: 0.9, nesterov: true, weight-decay: 1e-4}
      budget: {updates: %s}
      eval-every: %s
      checkpoint: {every: %s}
      batch-size: 128
      seeds: [0]
      """
          .formatted(ENDLESS, ENDLESS, ENDLESS);

  Workload {
    set = List.copyOf(set);
  }

  /** The base with overrides of its own, then the user's. */
  static Workload of(String name, int threads, Settings settings, String... set) {
    List<String> all = new ArrayList<>(List.of(set));
    settings.batch().ifPresent(n -> all.add("batch-size=" + n));
    all.addAll(settings.set());
    return new Workload(name, threads, all);
  }

  RunConfig config(Catalog catalog) {
    return new ConfigReader(catalog)
        .read(ConfigSource.of("bench", BASE), set)
        .base()
        .withThreads(threads)
        .withDevice("cpu");
  }
}
