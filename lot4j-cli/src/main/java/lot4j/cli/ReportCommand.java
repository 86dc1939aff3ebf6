package lot4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import lot4j.checkpoint.AtomicFile;
import lot4j.report.Report;
import lot4j.report.ResultsPage;
import lot4j.report.SweepResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Reports of finished or running things. */
@Command(
    name = "report",
    description =
        "One self-contained HTML file of runs, comparisons, sweeps and probes; also CSV, Markdown or"
            + " a drawing.")
final class ReportCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR",
      description = "Run, comparison, sweep or probe directories, also copied ones.")
  private List<Path> directories;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "The file to write; default report.html in the first DIR.")
  private Optional<Path> to = Optional.empty();

  @Option(
      names = "--results",
      description = "DIR is a folder of studies; writes the page of results from their documents.")
  private boolean results;

  @Option(names = "--csv", description = "Final metrics as CSV, to standard output or --to.")
  private boolean csv;

  @Option(names = "--curves", description = "With --csv: the learning curves instead.")
  private boolean curves;

  @Option(names = "--markdown", description = "Markdown, to standard output or --to.")
  private boolean markdown;

  @Option(
      names = "--picture",
      paramLabel = "FILE.svg",
      description =
          "In place of the page: a comparison's differences and curves, or a sweep's response"
              + " surface, as a drawing.")
  private Optional<Path> picture = Optional.empty();

  private int draw(Report report, Path file) {
    int parts = report.comparisons().size() + report.sweeps().size();
    if (parts != 1) {
      throw new UsageException(
          "--picture of " + parts + " comparisons is not allowed; one directory");
    }
    AtomicFile.write(file.toAbsolutePath(), report.comparisons().get(0).picture());
    main.console().result("picture: " + file);
    return Exit.DONE;
  }

  @Override
  public Integer call() {
    if (picture.isPresent() && (csv || markdown || to.isPresent())) {
      throw new UsageException(
          "--picture with "
              + (csv ? "--csv" : markdown ? "--markdown" : "--to")
              + " is not allowed; one of them");
    }
    if (curves && !csv) {
      throw new UsageException("--curves is not allowed without --csv");
    }
    if (csv && markdown) {
      throw new UsageException("--csv with --markdown is not allowed; one of them");
    }
    if (results) {
      return results();
    }
    if (directories.size() == 1 && SweepResult.isSweep(directories.get(0))) {
      return sweep();
    }
    if (csv && directories.stream().anyMatch(SweepResult::isSweep)) {
      throw new UsageException("--csv of a sweep beside others is not allowed; one DIR");
    }
    Report report = Report.of(directories);
    if (picture.isPresent()) {
      return draw(report, picture.get());
    }
    if (csv || markdown) {
      String text = csv ? (curves ? report.curvesCsv() : report.runsCsv()) : report.markdown();
      if (to.isPresent()) {
        AtomicFile.write(to.get().toAbsolutePath(), text);
      } else {
        main.console().result(text.stripTrailing());
      }
      return Exit.DONE;
    }
    Path file = to.orElseGet(() -> directories.get(0).resolve("report.html"));
    AtomicFile.write(file.toAbsolutePath(), report.html());
    main.console().result("report: " + file);
    return Exit.DONE;
  }

  private int sweep() {
    SweepResult sweep = SweepResult.read(directories.get(0));
    if (curves) {
      throw new UsageException("--curves is not allowed of a sweep; of its runs or trials");
    }
    if (picture.isPresent()) {
      AtomicFile.write(picture.get().toAbsolutePath(), sweep.picture());
      main.console().result("picture: " + picture.get());
    } else if ((csv || markdown) && to.isEmpty()) {
      main.console().result((csv ? sweep.csv() : sweep.markdown()).stripTrailing());
    } else {
      Path file = to.orElseGet(() -> directories.get(0).resolve("report.html"));
      String text = csv ? sweep.csv() : markdown ? sweep.markdown() : sweep.html();
      AtomicFile.write(file.toAbsolutePath(), text);
      if (!csv && !markdown) {
        main.console().result("report: " + file);
      }
    }
    return Exit.DONE;
  }

  private int results() {
    if (directories.size() > 1 || csv || markdown) {
      throw new UsageException("--results takes one DIR, and no other format");
    }
    String page = ResultsPage.of(directories.get(0));
    if (to.isPresent()) {
      AtomicFile.write(to.get().toAbsolutePath(), page);
    } else {
      main.console().result(page.stripTrailing());
    }
    return Exit.DONE;
  }
}
