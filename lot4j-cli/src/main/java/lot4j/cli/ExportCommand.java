package lot4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import lot4j.config.Catalog;
import lot4j.export.Exported;
import lot4j.export.OnnxExport;
import lot4j.export.ScriptExport;
import lot4j.export.Subject;
import lot4j.export.WeightsExport;
import lot4j.report.SweepResult;
import lot4j.task.RunCalibration;
import lot4j.train.DataException;
import lot4j.train.RunSession;
import lot4j.train.SavedRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** One learner of a saved run on its way out. */
@Command(
    name = "export",
    description =
        "Writes a saved run's teacher alone, for use elsewhere, with a model card in JSON beside.")
final class ExportCommand implements Callable<Integer> {
  private static final List<String> ENDINGS =
      List.of(WeightsExport.ENDING, OnnxExport.ENDING, ScriptExport.ENDING);

  @ParentCommand private Main main;

  @Parameters(
      paramLabel = "DIR|CKPT",
      description = "A run, of which the best checkpoint is taken, or one of its checkpoints.")
  private Path directory;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      required = true,
      description =
          "FILE.safetensors: weights by the names of a PyTorch state_dict; FILE.onnx: a graph for"
              + " ONNX Runtime; FILE.pt: TorchScript, of what came so. The card is FILE.json behind the whole name.")
  private Path to;

  @Option(
      names = "--student",
      paramLabel = "I",
      description = "This student, from 0, instead of the teacher.")
  private Optional<Integer> student = Optional.empty();

  @Option(
      names = "--pixels",
      description = "ONNX of images: the graph takes bytes, 0 to 255, and normalises them itself.")
  private boolean pixels;

  @Option(
      names = "--calibrated",
      description =
          "ONNX: the graph's probabilities use the temperature that 'lot eval --calibrate' found.")
  private boolean calibrated;

  @Option(
      names = "--license",
      paramLabel = "TEXT",
      description = "The licence of the weights, for the card; an SPDX name for instance.")
  private Optional<String> license = Optional.empty();

  @Option(names = "--force", description = "Replaces FILE and its card if they are there.")
  private boolean force;

  @Option(names = "--json", description = "Prints the card to standard output.")
  private boolean json;

  @Override
  public Integer call() {
    String ending = ending();
    requireFree();
    requireRun();
    Catalog catalog = Catalog.load();
    Exported exported =
        new RunSession(catalog, directory)
            .withNetworks(directory, main.console().warnings(), run -> write(run, catalog, ending));
    main.console().result(json, "network: " + exported.file());
    main.console().result(json, "card: " + exported.card());
    if (json) {
      main.console().result(exported.document().toPrettyString());
    }
    return Exit.DONE;
  }

  private String ending() {
    String name = to.getFileName() == null ? "" : to.getFileName().toString();
    String lower = name.toLowerCase(Locale.ROOT);
    String ending =
        ENDINGS.stream()
            .filter(lower::endsWith)
            .findFirst()
            .orElseThrow(
                () ->
                    new UsageException(
                        "--to "
                            + to
                            + " is not allowed; a file that ends in "
                            + String.join(", ", ENDINGS)));
    if (pixels && !ending.equals(OnnxExport.ENDING)) {
      throw new UsageException("--pixels is not allowed with " + to + "; weights have no input");
    }
    if (calibrated && !ending.equals(OnnxExport.ENDING)) {
      throw new UsageException(
          "--calibrated is not allowed with " + to + "; weights stay as they are");
    }
    return ending;
  }

  /** Nothing is overwritten unasked, and a folder is made by whoever wants it. */
  private void requireFree() {
    Path parent = to.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new UsageException("--to " + to + ": no such folder: " + parent);
    }
    for (Path file : List.of(to, Exported.cardOf(to))) {
      if (Files.isDirectory(file)) {
        throw new UsageException("--to " + to + ": " + file + " is a directory");
      }
      if (!force && Files.exists(file)) {
        throw new UsageException(file + " is there already; --force replaces it");
      }
    }
  }

  private void requireRun() {
    if (!Files.isDirectory(directory)) {
      throw new DataException(directory + ": no such run or checkpoint");
    }
    if (ComparisonRun.isComparison(directory)) {
      throw new DataException(directory + ": a comparison; name one of the runs in its 'runs'");
    }
    if (SweepResult.isSweep(directory)) {
      throw new DataException(directory + ": a sweep; name one of the runs in it");
    }
  }

  private Exported write(SavedRun run, Catalog catalog, String ending) {
    String learner = student.map(i -> "student" + i).orElse("teacher");
    if (!run.states().containsKey(learner)) {
      throw new UsageException(
          "--student "
              + student.orElseThrow()
              + " is not allowed; this run has "
              + run.states().keySet());
    }
    Subject subject = new Subject(run, learner, catalog, license);
    if (ending.equals(WeightsExport.ENDING)) {
      return WeightsExport.write(subject, to);
    }
    if (ending.equals(ScriptExport.ENDING)) {
      if (!ScriptExport.supports(subject)) {
        throw new UsageException(
            String.format(
                "--to %s: %s did not come as TorchScript; %s for all",
                to, subject.model(), WeightsExport.ENDING));
      }
      return ScriptExport.write(subject, to);
    }
    if (!OnnxExport.supports(subject)) {
      throw new UsageException(
          String.format(
              "--to %s: no ONNX for %s; %s, or %s for all",
              to, subject.model(), OnnxExport.supported(catalog), WeightsExport.ENDING));
    }
    if (pixels && !OnnxExport.ofImages(subject)) {
      throw new UsageException("--pixels is not allowed; " + directory + " is no run on images");
    }
    double temperature =
        calibrated ? RunCalibration.scaling(run.directory(), learner, run.step()).temperature() : 1;
    return OnnxExport.write(subject, to, pixels, temperature);
  }
}
