package lot4j.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigWriter;
import lot4j.config.NearestName;
import lot4j.preset.Presets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The built-in configurations. */
@Command(
    name = "presets",
    description = "The built-in configurations; with NAME the complete YAML of one.")
final class PresetsCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "A preset's name.")
  private Optional<String> name = Optional.empty();

  @Override
  public Integer call() {
    List<String> names = Presets.names();
    if (name.isEmpty()) {
      int width = names.stream().mapToInt(String::length).max().orElse(0);
      for (String each : names) {
        main.console()
            .result(String.format(Locale.ROOT, "%-" + width + "s  %s", each, Presets.about(each)));
      }
      return Exit.DONE;
    }
    Catalog catalog = Catalog.load();
    var source =
        Presets.find(name.get())
            .orElseThrow(
                () ->
                    new UsageException(
                        "no preset "
                            + name.get()
                            + NearestName.to(name.get(), names)
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse("; 'lot presets' lists them")));
    main.console()
        .result(
            new ConfigWriter(catalog)
                .yaml(new ConfigReader(catalog).read(source, List.of()))
                .stripTrailing());
    return Exit.DONE;
  }
}
