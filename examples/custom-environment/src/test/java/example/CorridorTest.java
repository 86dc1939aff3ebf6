package example;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.RunConfig;
import lot4j.rl.EnvironmentContract;
import lot4j.train.Listener;
import lot4j.train.Outcome;
import lot4j.train.Prepared;
import lot4j.train.RunSession;
import lot4j.train.RunStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run in the environment by its name. */
class CorridorTest {
  private static final String CONFIGURATION =
      """
      name: corridor
      task: {kind: rl, environment: {kind: corridor, length: 3}, envs: 4, rollout: 32, eval-episodes: 20}
      ppo: {epochs: 4}
      method: lot
      teacher: {model: actor-critic, hidden: [16]}
      students: [{model: actor-critic, hidden: [16]}]
      optimizer: {kind: adam, lr: 0.02}
      budget: {env-steps: 1280}
      batch-size: 32
      replay: {states: 128}
      threads: 1
      """;

  @TempDir Path temporary;

  @Test
  void keepsTheContract() {
    assertThat(EnvironmentContract.violations(new Corridor(3))).isEmpty();
  }

  @Test
  void theAgentFindsTheLight() {
    Outcome outcome = train(CONFIGURATION);
    assertThat(outcome.status()).isEqualTo(RunStatus.DONE);
    assertThat(outcome.splits().get("test").get("teacher").get("return")).isGreaterThan(0.5);
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
