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

/** A run on the task by its name. */
class RectanglesTest {
  private static final String CONFIGURATION =
      """
      name: rectangles
      task: {kind: rectangles, images: 100}
      method: lot
      teacher: {model: mlp, hidden: [64]}
      students: [{model: mlp, hidden: [32]}]
      optimizer: {kind: adam, lr: 0.01}
      budget: {epochs: 12}
      batch-size: 16
      eval-every: 4
      threads: 1
      """;

  @TempDir Path temporary;

  @Test
  void theRectanglesAreFound() {
    Outcome outcome = train(CONFIGURATION);
    assertThat(outcome.status()).isEqualTo(RunStatus.DONE);
    // A guess that is everything: the rectangles' part of the image, about 0.3.
    assertThat(outcome.splits().get("test").get("teacher").get("iou")).isGreaterThan(0.5);
    assertThat(outcome.splits().get("test")).containsKeys("student0", "ensemble");
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
