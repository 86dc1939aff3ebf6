package lot4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import lot4j.checkpoint.AtomicFile;
import lot4j.report.Comparison;
import lot4j.report.ReportException;
import lot4j.report.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Parameters;

/** Reports of finished or running things. */
@Command(
    name = "report",
    description = "One self-contained HTML file of runs and comparisons; also CSV or Markdown.")
final class ReportCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR",
      description = "Run or comparison directories, also copied ones.")
  private List<Path> directories;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "The file to write; default report.html in the first DIR.")
  private Optional<Path> to = Optional.empty();

  @Option(names = "--csv", description = "Final metrics as CSV, to standard output or --to.")
  private boolean csv;

  @Option(names = "--markdown", description = "Markdown, to standard output or --to.")
  private boolean markdown;

  @Override
  public Integer call() {
    if (csv && markdown) {
      throw new UsageException("--csv with --markdown is not allowed; one of them");
    }
    Comparison comparison = comparison();
    if (csv || markdown) {
      String text = comparison.markdown();
      if (to.isPresent()) {
        AtomicFile.write(to.get().toAbsolutePath(), text);
      } else {
        main.console().result(text.stripTrailing());
      }
      return Exit.DONE;
    }
    Path file = to.orElseGet(() -> directories.get(0).resolve("report.html"));
    AtomicFile.write(file.toAbsolutePath(), comparison.html());
    main.console().result("report: " + file);
    return Exit.DONE;
  }

  private Comparison comparison() {
    if (directories.size() == 1 && Comparison.isComparison(directories.get(0))) {
      return Comparison.read(directories.get(0));
    }
    List<RunDirectory> runs = new ArrayList<>();
    for (Path directory : directories) {
      if (RunDirectory.isRun(directory)) {
        runs.add(RunDirectory.read(directory));
      } else if (Comparison.isComparison(directory)) {
        Comparison.read(directory).methods().forEach(method -> runs.addAll(method.runs()));
      } else {
        throw new ReportException(directory, "neither a run nor a comparison");
      }
    }
    return Comparison.of(runs.get(0).name(), runs);
  }
}
