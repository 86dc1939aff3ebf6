package example;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.RunConfig;
import lot4j.train.Listener;
import lot4j.train.Outcome;
import lot4j.train.Prepared;
import lot4j.train.RunSession;
import lot4j.train.RunStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with the measure by its name. */
class CosineRunTest {
  private static final String CONFIGURATION =
      """
      name: cosine
      task: {kind: image, data: digits, train-examples: 60}
      method: lot
      teacher: {model: mlp, hidden: [16]}
      students: [{model: mlp, hidden: [12]}]
      lot: {teacher-metric: cosine, student-metric: cosine}
      budget: {updates: 12}
      batch-size: 16
      threads: 1
      """;

  @TempDir Path temporary;

  @Test
  void trainsByItsName() {
    Outcome outcome = train(CONFIGURATION);
    assertThat(outcome.status()).isEqualTo(RunStatus.DONE);
    assertThat(outcome.studentUpdates()).isEqualTo(12);
  }

  @Test
  void theNameTakesTheTemperature() {
    assertThat(Catalog.load().metric("cosine", 2, false)).isEqualTo(new CosineDistance(2));
  }

  private Outcome train(String configuration) {
    Catalog catalog = Catalog.load(); // this jar's names too: META-INF/services
    RunConfig config =
        new ConfigReader(catalog)
            .readRun(ConfigSource.of("example.yaml", configuration), List.of())
            .withDevice("cpu");
    RunSession session = new RunSession(catalog, temporary);
    Path run = temporary.resolve("run");
    try (Prepared<?> prepared = session.prepare(config)) {
      session.create(run, config, config.method(), prepared);
    }
    return session.proceed(run, Listener.none(), () -> false);
  }
}
