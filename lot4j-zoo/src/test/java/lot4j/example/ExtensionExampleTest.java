package lot4j.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.ConfigWriter;
import lot4j.config.RunConfig;
import lot4j.train.Listener;
import lot4j.train.Outcome;
import lot4j.train.Plan;
import lot4j.train.Prepared;
import lot4j.train.RunSession;
import lot4j.train.RunStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The method and the data of docs/extending.md at work: named in a configuration, and trained with.
 * Its other files are in {@code examples}, each a module with a test of its own.
 */
class ExtensionExampleTest {
  private static final String CONFIGURATION =
      """
      name: stripes
      task: {kind: stripes, images: 100}
      method: %s
      teacher: {model: mlp, hidden: [8]}
      students: [{model: mlp, hidden: [16]}]
      entropy-bonus: {beta: 0.2}
      budget: {epochs: 3}
      batch-size: 16
      threads: 1
      """;

  private final Catalog catalog = catalog();

  private static Catalog catalog() {
    Catalog catalog = Catalog.load();
    new Mine().register(catalog);
    return catalog;
  }

  @Test
  void ownDataTrainsWithLot(@TempDir Path directory) {
    Outcome outcome = train("lot", directory);
    assertThat(outcome.status()).isEqualTo(RunStatus.DONE);
    assertThat(outcome.splits().get("test")).containsKeys("teacher", "student0", "ensemble");
    assertThat(outcome.studentUpdates()).isEqualTo(outcome.teacherUpdates());
  }

  @Test
  void ownMethodTrainsAndCostsWhatItSays(@TempDir Path directory) {
    RunConfig config = read("entropy-bonus");
    RunSession session = new RunSession(catalog, directory);
    double planned;
    try (Prepared<?> prepared = session.prepare(config)) {
      planned = Plan.of(config, any -> prepared, catalog).flops();
    }
    Outcome outcome = train("entropy-bonus", directory);
    assertThat(outcome.status()).isEqualTo(RunStatus.DONE);
    assertThat(outcome.flops()).isEqualTo(planned);
    assertThat(outcome.splits().get("test")).containsOnlyKeys("teacher");
  }

  @Test
  void ownKeysAreWrittenBack() {
    assertThat(new ConfigWriter(catalog).yaml(read("entropy-bonus")))
        .contains("beta: 0.2", "images: 100");
  }

  private RunConfig read(String method) {
    return new ConfigReader(catalog)
        .read(ConfigSource.of("stripes.yaml", CONFIGURATION.formatted(method)), List.of())
        .base();
  }

  private Outcome train(String method, Path directory) {
    RunConfig config = read(method).withDevice("cpu");
    RunSession session = new RunSession(catalog, directory);
    Path run = directory.resolve(method);
    try (Prepared<?> prepared = session.prepare(config)) {
      session.create(run, config, method, prepared);
    }
    return session.proceed(run, Listener.none(), () -> false);
  }
}
