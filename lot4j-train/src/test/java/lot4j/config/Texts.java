package lot4j.config;

import java.util.List;
import java.util.stream.Collectors;

/** Configurations as texts, and what is said about them. */
final class Texts {
  /** The shortest configuration of an image task; five lines. */
  static final String MINIMAL =
      """
      name: first
      task: {kind: image, data: cifar100}
      teacher: {model: preresnet20}
      students: [{model: preresnet20}]
      budget: {epochs: 30}
      """;

  private Texts() {}

  static RunConfig run(String text, String... overrides) {
    return new ConfigReader(Dummies.catalog())
        .readRun(ConfigSource.of("a.yaml", text), List.of(overrides));
  }

  static ExperimentConfig experiment(String text, String... overrides) {
    return new ConfigReader(Dummies.catalog())
        .read(ConfigSource.of("a.yaml", text), List.of(overrides));
  }

  /** The lines that a run's configuration is refused with; "" if it is not. */
  static String refusal(String text, String... overrides) {
    try {
      run(text, overrides);
      return "";
    } catch (ConfigError e) {
      return lines(e);
    }
  }

  /** The lines that a comparison's configuration is refused with; "" if it is not. */
  static String experimentRefusal(String text, String... overrides) {
    try {
      experiment(text, overrides);
      return "";
    } catch (ConfigError e) {
      return lines(e);
    }
  }

  static String yaml(RunConfig run) {
    return new ConfigWriter(Dummies.catalog()).yaml(run);
  }

  static String yaml(ExperimentConfig experiment) {
    return new ConfigWriter(Dummies.catalog()).yaml(experiment);
  }

  private static String lines(ConfigError e) {
    return e.problems().stream().map(Problem::toString).collect(Collectors.joining("\n"));
  }
}
