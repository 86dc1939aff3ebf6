package lot4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.config.ConfigKey;
import lot4j.config.KeyReference;
import lot4j.config.KeySection;
import lot4j.config.Objective;
import lot4j.data.DataSets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** What can be named in a configuration. */
@Command(name = "zoo", description = "What can be named in a configuration, one line each.")
final class ZooCommand implements Callable<Integer> {
  private static final String KEYS = "keys";

  @ParentCommand private Main main;

  @Parameters(
      arity = "0..1",
      paramLabel = "KIND",
      description =
          "models, metrics, optimizers, schedules, environments, methods or datasets; default all."
              + " keys: every key of a configuration, what it takes, and its default.")
  private Optional<String> kind = Optional.empty();

  @Override
  public Integer call() {
    Catalog catalog = Catalog.load();
    List<String> kinds =
        List.of(
            "models", "metrics", "optimizers", "schedules", "environments", "methods", "datasets");
    if (kind.filter(KEYS::equals).isPresent()) {
      keys(catalog);
      return Exit.DONE;
    }
    if (kind.isPresent() && !kinds.contains(kind.get())) {
      throw new UsageException(
          "zoo "
              + kind.get()
              + " is not allowed; one of "
              + String.join(", ", kinds)
              + ", "
              + KEYS);
    }
    for (String each : kind.map(List::of).orElse(kinds)) {
      List<String[]> lines = lines(catalog, each);
      int width = lines.stream().mapToInt(line -> line[0].length()).max().orElse(0);
      for (String[] line : lines) {
        String prefix = kind.isPresent() ? "" : String.format(Locale.ROOT, "%-13s", each);
        main.console()
            .result(prefix + String.format(Locale.ROOT, "%-" + width + "s  %s", line[0], line[1]));
      }
    }
    return Exit.DONE;
  }

  /** {@code model mlp: model.hidden = [128, 128]; a list of whole numbers}. */
  private void keys(Catalog catalog) {
    for (KeySection section : KeyReference.of(catalog)) {
      String name = section.name().isEmpty() ? "" : section.name() + ": ";
      for (ConfigKey key : section.keys()) {
        main.console().result(name + key.path() + " = " + key.usual() + "    # " + key.allowed());
      }
    }
  }

  private static List<String[]> lines(Catalog catalog, String kind) {
    List<String[]> lines = new ArrayList<>();
    if (kind.equals("datasets")) {
      DataSets.all().forEach(set -> lines.add(new String[] {set.name(), set.size()}));
      return lines;
    }
    if (kind.equals("methods")) {
      Objective[] objectives = Objective.values();
      catalog
          .entries(Category.METHOD)
          .forEach(entry -> lines.add(new String[] {entry.name(), entry.description()}));
      for (Objective objective : objectives) {
        String key = objective.name().toLowerCase(Locale.ROOT);
        lines.add(
            new String[] {"lot-" + key, "in 'methods': lot with every key of objective " + key});
      }
      return lines;
    }
    for (Category category : Category.values()) {
      if (category.plural().equals(kind)) {
        catalog
            .entries(category)
            .forEach(entry -> lines.add(new String[] {entry.name(), entry.description()}));
      }
    }
    return lines;
  }
}
