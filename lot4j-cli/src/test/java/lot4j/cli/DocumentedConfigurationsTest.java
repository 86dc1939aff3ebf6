package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import lot4j.cli.Documents.Block;
import lot4j.cli.Documents.Command;
import lot4j.config.Catalog;
import lot4j.config.ConfigError;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.preset.Presets;
import org.junit.jupiter.api.Test;

/** Every configuration in the documents is one, and so is every preset with its overrides. */
class DocumentedConfigurationsTest {
  /** The example of a jar of one's own: its names are read by the test that builds the jar. */
  private static final Set<String> OF_A_JAR = Set.of("docs/extending.md");

  private final Documents documents = Documents.here();
  private final ConfigReader reader = new ConfigReader(Catalog.load());

  @Test
  void everyBlockOfYamlIsAConfigurationOrAPartOfOne() {
    List<String> wrong = new ArrayList<>();
    int read = 0;
    for (String page : documents.pages()) {
      for (Block block : documents.blocks(page)) {
        boolean kubernetes = block.code().startsWith("apiVersion:");
        if (block.language().equals("yaml") && !kubernetes && !OF_A_JAR.contains(page)) {
          wrong.addAll(problems(page, completed(block.code()), List.of(), false));
          read++;
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(read).isGreaterThan(10);
  }

  @Test
  void everyPresetInACommandTakesItsOverrides() {
    List<String> wrong = new ArrayList<>();
    int read = 0;
    for (String page : documents.pages()) {
      List<Command> commands = new ArrayList<>(documents.commands(page));
      commands.addAll(documents.quoted(page));
      for (Command command : commands) {
        if (command.arguments().size() > 1) {
          read += overridden(page, command, wrong);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(read).isGreaterThan(30);
  }

  private int overridden(String page, Command command, List<String> wrong) {
    List<String> overrides = new ArrayList<>();
    for (int i = 0; i < command.arguments().size() - 1; i++) {
      if (command.arguments().get(i).equals("--set")) {
        overrides.add(command.arguments().get(i + 1));
      }
    }
    return Presets.find(command.arguments().get(1))
        .map(
            preset -> {
              boolean one = command.arguments().get(0).equals("train");
              wrong.addAll(problems(page + ": " + command.text(), preset, overrides, one));
              return 1;
            })
        .orElse(0);
  }

  private List<String> problems(
      String where, ConfigSource source, List<String> overrides, boolean one) {
    try {
      if (one) {
        reader.readRun(source, overrides);
      } else {
        reader.read(source, overrides);
      }
      return List.of();
    } catch (ConfigError e) {
      return List.of(where + ": " + e.getMessage());
    }
  }

  /** A part with what it leaves out put beside it. */
  private static ConfigSource completed(String part) {
    boolean text = part.contains("kind: text");
    boolean rl = part.contains("kind: rl");
    String model = text ? "lstm" : rl ? "actor-critic" : "mlp";
    StringBuilder whole = new StringBuilder(part);
    section(whole, "task", "{kind: image, data: digits}");
    section(whole, "teacher", "{model: " + model + "}");
    section(whole, "students", "[{model: " + model + "}]");
    section(whole, "budget", "{updates: 10}");
    return new ConfigSource("block.yaml", whole.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void section(StringBuilder yaml, String key, String value) {
    if (!("\n" + yaml).contains("\n" + key + ":")) {
      yaml.append(key).append(": ").append(value).append('\n');
    }
  }
}
