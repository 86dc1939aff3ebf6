package lot4j.cli;

import java.util.concurrent.Callable;
import lot4j.data.DataSets;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Data sets. */
@Command(name = "data", description = "Data sets: origin, fetch with checksum, verify.")
final class DataCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Override
  public Integer call() {
    DataSets.all().forEach(set -> main.console().result(set.name()));
    return Exit.DONE;
  }
}
