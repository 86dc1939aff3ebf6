package lot4j.cli;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.config.ConfigKey;
import lot4j.config.KeyReference;
import lot4j.config.KeySection;
import lot4j.config.MethodTraits;
import lot4j.data.DataSets;

/**
 * The page of all keys, {@code docs/configuration-reference.md}: keys, defaults and allowed values
 * from the program ({@link KeyReference}), meanings from the records' comments ({@link Meanings}).
 */
final class ConfigurationReference {
  private static final Map<String, String> HEADINGS =
      Map.of(
          "", "The root",
          "task", "`task`",
          "students", "`students`",
          "lot.alpha", "Schedules of `lot.alpha`",
          "optimizer", "Optimizers",
          "schedule", "Schedules of the learning rate",
          "methods[]", "Items of `methods`",
          "teacher", "Networks",
          "task.environment", "Environments");
  private static final Map<String, String> INTRODUCTIONS =
      Map.of(
          "task", "The keys depend on `kind`.",
          "students",
              "A list of networks, written as the teacher is: `{model: NAME, …}` and the keys of"
                  + " [Networks](#networks), with these beside them.",
          "lot",
              "`objective` fills every key that is not given; what differs by kind of task, network"
                  + " or data set stands in brackets. [algorithm.md](algorithm.md) has the formulas.",
          "lot.alpha",
              "In place of a number: `{kind: NAME, …}`. Steps are teacher steps; afterwards α stays"
                  + " where it is.",
          "optimizer", "`optimizer: {kind: NAME, …}`; `student-optimizer` takes the same keys.",
          "schedule", "`schedule: {kind: NAME, …}`; `student-schedule` takes the same keys.",
          "teacher",
              "`teacher: {model: NAME, …}`, or the name alone; students likewise."
                  + " [models.md](models.md) says more of each.",
          "task.environment",
              "`task.environment: {kind: NAME, …}`, or the name alone."
                  + " [reinforcement-learning.md](reinforcement-learning.md) says more of each.");

  private final StringBuilder page = new StringBuilder();
  private final List<String> missing = new ArrayList<>();
  private final Catalog catalog = Catalog.load();
  private final List<KeySection> sections = KeyReference.of(catalog);
  private final Meanings meanings;

  private ConfigurationReference(Path root) {
    Set<Class<?>> owners = new LinkedHashSet<>();
    for (KeySection section : sections) {
      for (ConfigKey key : section.keys()) {
        owners.add(key.owner());
        words(key).ifPresent(owners::add);
      }
    }
    this.meanings = Meanings.of(root, owners);
  }

  /**
   * A page and what it lacks.
   *
   * @param text Markdown
   * @param missing components without a meaning
   */
  record Page(String text, List<String> missing) {}

  /** The page of the sources below {@code root}. */
  static Page of(Path root) {
    ConfigurationReference reference = new ConfigurationReference(root);
    reference.write();
    return new Page(reference.page.toString(), List.copyOf(reference.missing));
  }

  private void write() {
    line("# Configuration reference");
    line("");
    line(
        "Every key of a configuration: what it takes (in the words of the refusal of anything"
            + " else), its default, and its meaning. [configuration.md](configuration.md) explains"
            + " how configurations are read, overridden and combined. `./lot zoo keys` prints the"
            + " same list without the meanings, with the names that your own jars add.");
    line("");
    line(
        "This page is generated from the program's records and held by a test; to write it anew:"
            + " `mvn -pl lot4j-cli -am test -Dtest=ConfigurationReferenceTest -Dgolden.update=true"
            + " -Dsurefire.failIfNoSpecifiedTests=false`.");
    String part = "?";
    for (KeySection section : sections) {
      if (!section.part().equals(part)) {
        part = section.part();
        heading(section);
      }
      if (!section.name().isEmpty()) {
        choice(section);
      }
      table(section);
    }
    names();
  }

  private void heading(KeySection section) {
    String part = section.part();
    line("");
    line("## " + HEADINGS.getOrDefault(part, "`" + part + "`"));
    String about = INTRODUCTIONS.getOrDefault(part, sentence(section));
    if (!about.isEmpty()) {
      line("");
      line(about);
    }
  }

  private static String sentence(KeySection section) {
    boolean one = section.name().isEmpty() && !section.part().isEmpty();
    String about = section.about();
    return !one || about.isEmpty()
        ? ""
        : about.substring(0, 1).toUpperCase(Locale.ROOT) + about.substring(1) + ".";
  }

  private void choice(KeySection section) {
    line("");
    if (section.keys().isEmpty()) {
      line("`" + section.name() + "`: " + section.about() + ".");
    } else {
      line("### `" + section.name() + "`");
      line("");
      line(sentence(new KeySection("x", "", section.about(), List.of())));
    }
  }

  private void table(KeySection section) {
    if (section.keys().isEmpty()) {
      return;
    }
    line("");
    line("| key | takes | default | meaning |");
    line("|---|---|---|---|");
    for (ConfigKey key : section.keys()) {
      String meaning = meanings.of(key.owner(), key.component()).orElse("");
      if (meaning.isEmpty()) {
        missing.add(key.path() + ": " + key.owner().getName() + "." + key.component());
      }
      line(row("`" + key.path() + "`", key.allowed(), usual(key.usual()), meaning + each(key)));
    }
  }

  /** What each of a key's words means, where it takes one of several. */
  private String each(ConfigKey key) {
    Optional<Class<?>> words = words(key);
    if (words.isEmpty() || words.get().getEnumConstants().length < 2) {
      return "";
    }
    return Arrays.stream(words.get().getEnumConstants())
        .map(constant -> each(words.get(), ((Enum<?>) constant).name()))
        .collect(Collectors.joining("; ", ". ", ""));
  }

  private String each(Class<?> words, String constant) {
    String word = constant.toLowerCase(Locale.ROOT).replace('_', '-');
    return "`" + word + "`: " + meanings.of(words, constant).orElse("");
  }

  /** The words that a key's component takes one of. */
  private static Optional<Class<?>> words(ConfigKey key) {
    return Stream.ofNullable(key.owner().getRecordComponents())
        .flatMap(Arrays::stream)
        .filter(component -> component.getName().equals(key.component()))
        .<Class<?>>map(RecordComponent::getType)
        .filter(Class::isEnum)
        .findFirst();
  }

  private static String usual(String value) {
    boolean words = value.matches("required|below|none|the .*|1 / .*|.* \\(.*|.*; .*");
    return words ? value : "`" + value + "`";
  }

  private void names() {
    heading(
        "Methods", "What `method` and `methods` name; [methods.md](methods.md) has the losses.");
    line("| method | does | needs students | goes by `lot` |");
    line("|---|---|---|---|");
    catalog.entries(Category.METHOD).stream()
        .sorted(Comparator.comparing(Catalog.Entry::name))
        .forEach(
            entry -> {
              MethodTraits traits = (MethodTraits) entry.defaults();
              line(
                  row(
                      "`" + entry.name() + "`",
                      entry.description(),
                      traits.students() ? "yes" : "no",
                      traits.lot() ? "yes" : "no"));
            });
    heading(
        "Measures of imitability",
        "What `lot.teacher-metric` and `lot.student-metric` name: the free side is the one that is"
            + " trained.");
    line("| measure | is |");
    line("|---|---|");
    for (Catalog.Entry entry : catalog.entries(Category.METRIC)) {
      boolean canonical = entry.name().equals(entry.canonical());
      String about = canonical ? entry.description() : "the same as `" + entry.canonical() + "`";
      line(row("`" + entry.name() + "`", about));
    }
    heading("Data sets", "What `task.data` names; [data.md](data.md) says where they come from.");
    line("| data set | size |");
    line("|---|---|");
    DataSets.all().forEach(set -> line(row("`" + set.name() + "`", set.size())));
  }

  private void heading(String title, String about) {
    line("");
    line("## " + title);
    line("");
    line(about);
    line("");
  }

  private static String row(String... cells) {
    StringBuilder row = new StringBuilder("|");
    for (String cell : cells) {
      row.append(' ').append(cell.replace("|", "\\|")).append(" |");
    }
    return row.toString();
  }

  private void line(String text) {
    page.append(text).append('\n');
  }
}
