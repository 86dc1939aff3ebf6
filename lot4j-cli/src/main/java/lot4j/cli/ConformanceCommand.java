package lot4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import lot4j.conformance.KnownAnswers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Runs known-answer files through the real implementation. */
@Command(
    name = "conformance",
    description = {
      "Runs the known-answer files in DIR through the classes that training uses.",
      "Takes imitability.json, lot_step.json, ppl.json and gae.json, whichever are there, in float64"
          + " and float32; exit code 1 if a number is out of tolerance."
    })
final class ConformanceCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Parameters(paramLabel = "DIR", description = "A directory with known-answer files.")
  private Path directory;

  @Option(names = "--json", description = "Prints JSON to standard output.")
  private boolean json;

  @Override
  public Integer call() {
    KnownAnswers.Report report = KnownAnswers.in(directory);
    report.files().forEach(file -> file.misses().forEach(main.console()::error));
    for (KnownAnswers.FileReport file : report.files()) {
      main.console()
          .result(
              json,
              String.format(
                  Locale.ROOT,
                  "%-18s %d of %d cases pass; largest error %.1e in float64, %.1e in float32",
                  file.file(),
                  file.passed(),
                  file.cases(),
                  file.maxErrorFloat64(),
                  file.maxErrorFloat32()));
    }
    if (json) {
      ObjectNode document = new ObjectMapper().createObjectNode();
      var files = document.putArray("files");
      for (KnownAnswers.FileReport file : report.files()) {
        files
            .addObject()
            .put("file", file.file())
            .put("cases", file.cases())
            .put("passed", file.passed())
            .put("max_error_float64", file.maxErrorFloat64())
            .put("max_error_float32", file.maxErrorFloat32());
      }
      document.put("passed", report.passed());
      main.console().result(document.toPrettyString());
    }
    return report.passed() ? Exit.DONE : Exit.FAILED;
  }
}
