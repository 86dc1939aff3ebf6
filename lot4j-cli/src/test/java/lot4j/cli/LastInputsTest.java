package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.RunConfig;
import lot4j.train.Prepared;
import lot4j.train.RunSession;
import org.junit.jupiter.api.Test;

class LastInputsTest {
  private static final Catalog CATALOG = Catalog.load();
  private static final String SMALL =
      """
      name: small
      task: {kind: image, data: digits, train-examples: 40}
      method: lot
      teacher: {model: mlp, hidden: [8]}
      students: [{model: mlp, hidden: [8]}]
      budget: {updates: 2}
      batch-size: 8
      threads: 1
      """;

  private final RunSession session = new RunSession(CATALOG, Path.of("no-such-directory"));
  private final List<RunConfig> read = new ArrayList<>();

  private static RunConfig config(String... overrides) {
    return new ConfigReader(CATALOG)
        .readRun(ConfigSource.of("test.yaml", SMALL), List.of(overrides));
  }

  private LastInputs inputs() {
    return new LastInputs(
        config -> {
          read.add(config);
          return session.data(config);
        },
        session::imitating);
  }

  @Test
  void readsOnceForRunsOfOneTask() {
    try (LastInputs inputs = inputs()) {
      Prepared<?> first = inputs.apply(config());
      assertThat(inputs.apply(config("optimizer.lr=0.3", "batch-size=4"))).isSameAs(first);
      assertThat(read).hasSize(1);
    }
  }

  @Test
  void readsAnewForAnotherTaskOrAnotherSizeOfEvaluation() {
    try (LastInputs inputs = inputs()) {
      inputs.apply(config());
      Prepared<?> other = inputs.apply(config("task.train-examples=60"));
      assertThat(other.counts()).containsEntry("train", 60L);
      inputs.apply(config("task.train-examples=60", "eval-batch-size=7"));
      inputs.apply(config());
      assertThat(read).hasSize(4);
    }
  }
}
