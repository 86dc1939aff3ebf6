package lot4j.rl.gymnasium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lot4j.config.Catalog;
import lot4j.config.ConfigError;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.ConfigWriter;
import lot4j.config.NamedEnvironment;
import lot4j.train.Prepared;
import lot4j.train.TaskSpec;
import org.junit.jupiter.api.Test;

/** How it is written in a configuration. */
class ConfigurationTest {
  private final Catalog catalog = catalog();

  /** A task that has an environment and cannot be run. */
  record Play(NamedEnvironment environment) implements TaskSpec {
    @Override
    public Prepared<?> prepare(Path dataDirectory, int evalBatchSize) {
      throw new UnsupportedOperationException();
    }
  }

  private static Catalog catalog() {
    Play defaults = new Play(Gymnasium.of("CartPole-v1"));
    return Catalog.load().task("play", defaults, Set.of("environment"), "for this test");
  }

  private Gymnasium read(String environment) {
    String text =
        "name: a\ntask: {kind: play, environment: "
            + environment
            + "}\nmethod: teacher-only\nteacher: {model: mlp}\nbudget: {updates: 1}\n";
    var run = new ConfigReader(catalog).readRun(ConfigSource.of("a.yaml", text), List.of());
    String written = new ConfigWriter(catalog).yaml(run);
    var again = new ConfigReader(catalog).readRun(ConfigSource.of("b.yaml", written), List.of());
    assertThat(again.task()).isEqualTo(run.task());
    assertThat(new ConfigWriter(catalog).yaml(again)).isEqualTo(written);
    return (Gymnasium) ((Play) run.task().spec()).environment();
  }

  @Test
  void bindsTheTextAfterTheFirstColon() {
    assertThat(read("gymnasium:Pendulum-v1")).isEqualTo(Gymnasium.of("Pendulum-v1"));
    assertThat(read("'gymnasium:mine.games:Maze-v0'"))
        .isEqualTo(Gymnasium.of("mine.games:Maze-v0"));
  }

  @Test
  void bindsEveryKeyAndComesBackTheSame() {
    Map<String, Object> settings =
        Map.of("map_name", "8x8", "is_slippery", false, "reward", 1.0, "size", 3, "text", "3");
    assertThat(
            read(
                "{kind: gymnasium, id: Lake-v1, python: venv/bin/python, max-steps: 50, channels:"
                    + " last, kwargs: {map_name: 8x8, is_slippery: false, reward: 1.0, size: 3,"
                    + " text: '3'}}"))
        .isEqualTo(new Gymnasium("Lake-v1", "venv/bin/python", 50, settings, Channels.LAST));
  }

  @Test
  void refusesWhatNoConstructorCouldTakeFromAConfiguration() {
    assertThatThrownBy(() -> read("{kind: gymnasium, id: Lake-v1, kwargs: {map: [a, b]}}"))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("task.environment.kwargs")
        .hasMessageContaining("texts, numbers, true or false, which map is not");
    assertThatThrownBy(() -> read("{kind: gymnasium, id: Lake-v1, max-steps: -1}"))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("task.environment.max-steps = -1 is not allowed; 0 or more");
    assertThatThrownBy(() -> read("gymnasium"))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("missing key: task.environment.id");
  }
}
