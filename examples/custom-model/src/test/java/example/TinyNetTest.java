package example;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import lot4j.Census;
import lot4j.Shape;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.RunConfig;
import lot4j.optim.Weights;
import lot4j.train.Listener;
import lot4j.train.Outcome;
import lot4j.train.Prepared;
import lot4j.train.RunSession;
import lot4j.train.RunStatus;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with the network by its name. */
class TinyNetTest {
  private static final String CONFIGURATION =
      """
      name: tiny
      task: {kind: image, data: digits, train-examples: 60}
      method: lot
      teacher: {model: tiny-net, hidden: 8}
      students: [{model: tiny-net}]
      budget: {updates: 12}
      batch-size: 16
      threads: 1
      """;

  @TempDir Path temporary;

  @Test
  void trainsByItsName() {
    Outcome outcome = train(CONFIGURATION);
    assertThat(outcome.status()).isEqualTo(RunStatus.DONE);
    assertThat(outcome.splits().get("test")).containsKeys("teacher", "student0", "ensemble");
  }

  @Test
  void countsWhatItBuilds() {
    Census census = new TinyNet(8).census(Shape.of(1, 8, 8), 10);
    try (PointerScope scope = new PointerScope();
        Weights weights = Weights.of(new TinyNet(8).build(Shape.of(1, 8, 8), 10).module())) {
      assertThat(census.parameters()).isEqualTo(weights.count());
      assertThat(census.macs()).isEqualTo(64 * 8 + 8 * 10);
    }
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
