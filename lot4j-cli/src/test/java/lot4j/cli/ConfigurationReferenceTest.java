package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.config.ConfigKey;
import lot4j.config.KeyReference;
import lot4j.config.KeySection;
import org.junit.jupiter.api.Test;

/** The page of all keys is what the program says of itself. */
class ConfigurationReferenceTest {
  private final Path root = root();

  @Test
  void thePageInTheDocumentationIsTheGeneratedOne() throws IOException {
    Path file = root.resolve("docs/configuration-reference.md");
    String page = ConfigurationReference.of(root).text();
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(file, page);
    }
    assertThat(Files.readString(file))
        .as("write it anew with -Dgolden.update=true")
        .isEqualTo(page);
  }

  @Test
  void everyKeyHasAMeaningAtItsRecord() {
    assertThat(ConfigurationReference.of(root).missing())
        .as("components whose record has no @param line for them")
        .isEmpty();
  }

  @Test
  void everyNameOfTheCatalogHasItsSection() {
    Catalog catalog = Catalog.load();
    List<String> sections = new ArrayList<>();
    for (KeySection section : KeyReference.of(catalog)) {
      sections.add(section.name().isEmpty() ? section.part() : section.name());
    }
    for (Category category :
        List.of(
            Category.TASK,
            Category.MODEL,
            Category.OPTIMIZER,
            Category.SCHEDULE,
            Category.ALPHA,
            Category.ENVIRONMENT,
            Category.SECTION)) {
      assertThat(sections).containsAll(catalog.names(category));
    }
  }

  @Test
  void whatAKeyTakesIsWhatItsRefusalSays() {
    assertThat(key("lot.steps").allowed()).isEqualTo("a whole number, 0 or more");
    assertThat(key("ppo.value-clip").allowed()).isEqualTo("none, or a number above 0");
    assertThat(key("optimizer.lr").allowed()).isEqualTo("a number, 0 or more");
    assertThat(key("lot.order").allowed()).isEqualTo("teacher-first, students-first or joint");
    assertThat(key("threads").allowed()).isEqualTo("auto, or a number from 1 to 4096");
  }

  @Test
  void defaultsAreNamedWithWhatTheyDependOn() {
    assertThat(key("eval-batch-size").usual()).startsWith("512 (").contains("text: 10");
    assertThat(key("eval-every").usual()).contains("1").contains("of budget.updates 1000: 100");
    assertThat(key("lot.steps").usual())
        .isEqualTo(
            "paper: 1 (rl: 5); released: 2 (rl: 1; text, transformer-xl: 5; wikitext-103: 4)");
    assertThat(key("early-stopping.patience").usual()).isEqualTo(ConfigKey.REQUIRED);
  }

  private static ConfigKey key(String path) {
    return KeyReference.of(Catalog.load()).stream()
        .flatMap(section -> section.keys().stream())
        .filter(key -> key.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  /** The folder with the modules. */
  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("lot4j-core")) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    return folder;
  }
}
