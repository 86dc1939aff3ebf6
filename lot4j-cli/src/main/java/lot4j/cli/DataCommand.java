package lot4j.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import lot4j.data.DataSet;
import lot4j.data.DataSets;
import lot4j.data.DataStore;
import lot4j.train.DataException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Data sets: what there is, fetching, checking. */
@Command(name = "data", description = "Data sets: origin, fetch with checksum, verify.")
final class DataCommand implements Runnable {
  @ParentCommand private Main main;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "data needs one of list, get, check");
  }

  @Command(name = "list", description = "All data sets with a name, and whether they are here.")
  int list(@Mixin DataOptions data) {
    DataStore store = new DataStore(data.directory());
    for (DataSet set : DataSets.all()) {
      String where = set.builtIn() ? "built in" : store.has(set) ? "here" : "not here";
      main.console()
          .result(
              String.format(
                  Locale.ROOT, "%-14s %s, %s; %s", set.name(), size(set), where, set.terms()));
    }
    return Exit.DONE;
  }

  private static String size(DataSet set) {
    if (set instanceof DataSet.Images images) {
      return String.format(
          Locale.ROOT,
          "%6d + %5d images, %3d classes",
          images.train(),
          images.test(),
          images.classes());
    }
    return set.size();
  }

  @Command(
      name = "get",
      description = "Fetches a data set from its public home and checks its digests.")
  int get(
      @Parameters(paramLabel = "NAME", description = "A data set's name.") String name,
      @Option(
              names = "--from",
              paramLabel = "URL",
              description = "A mirror that serves the same files.")
          Optional<URI> mirror,
      @Mixin DataOptions data) {
    mirror
        .filter(url -> !String.valueOf(url.getScheme()).matches("https?") || url.getHost() == null)
        .ifPresent(
            url -> {
              throw new UsageException(
                  "--from "
                      + url
                      + " is not allowed; an address that begins with http:// or https://");
            });
    Stop.tidily();
    List<Path> files = new DataStore(data.directory()).get(known(name), mirror);
    files.forEach(file -> main.console().result(file.toString()));
    if (files.isEmpty()) {
      main.console().note(name + " is built in; nothing to fetch");
    }
    return Exit.DONE;
  }

  @Command(name = "check", description = "Compares a data set here with the official one.")
  int check(
      @Parameters(paramLabel = "NAME", description = "A data set's name.") String name,
      @Mixin DataOptions data) {
    DataStore.Finding finding = new DataStore(data.directory()).check(known(name));
    if (finding.state() == DataStore.State.ABSENT) {
      throw new DataException(finding.detail());
    }
    main.console()
        .result(
            finding.shown()
                + ": "
                + finding.state().name().toLowerCase(Locale.ROOT)
                + (finding.detail().isEmpty() ? "" : "; " + finding.detail()));
    return Exit.DONE;
  }

  private static String known(String name) {
    if (DataSets.named(name).isEmpty()) {
      throw new UsageException(
          "no data set "
              + name
              + "; one of "
              + String.join(", ", DataSets.all().stream().map(DataSet::name).toList()));
    }
    return name;
  }
}
