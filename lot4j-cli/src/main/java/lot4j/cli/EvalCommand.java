package lot4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import lot4j.config.Catalog;
import lot4j.train.DataException;
import lot4j.train.Listener;
import lot4j.train.RunSession;
import lot4j.train.Split;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Metrics of saved learners, on the run's own data or on other. */
@Command(name = "eval", description = "Metrics of a saved run's learners, also on other data.")
final class EvalCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Parameters(paramLabel = "DIR|CKPT", description = "A run, or one of its checkpoints.")
  private Path directory;

  @Option(
      names = "--split",
      paramLabel = "S",
      converter = SplitName.class,
      description = "train, valid or test; default test.")
  private Split split = Split.TEST;

  @Option(names = "--data", paramLabel = "PATH", description = "Other data, by path or name.")
  private Optional<String> data = Optional.empty();

  @Option(names = "--student", paramLabel = "I", description = "Only this student, from 0.")
  private Optional<Integer> student = Optional.empty();

  @Option(names = "--json", description = "Prints JSON to standard output.")
  private boolean json;

  @Mixin private DataOptions options = new DataOptions();

  /** Splits by the names that files and messages use. */
  static final class SplitName implements CommandLine.ITypeConverter<Split> {
    @Override
    public Split convert(String name) {
      return Arrays.stream(Split.values())
          .filter(each -> each.key().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new CommandLine.TypeConversionException(
                      name + " is not allowed; train, valid or test"));
    }
  }

  @Override
  public Integer call() {
    if (!Files.isDirectory(directory)) {
      throw new DataException(directory + ": no such run or checkpoint");
    }
    if (ComparisonRun.isComparison(directory)) {
      throw new DataException(directory + ": a comparison; name one of the runs in its 'runs'");
    }
    RunSession session =
        new RunSession(Catalog.load(), options.directory(ComparisonRun.recordedData(directory)));
    Map<String, Map<String, Double>> scores =
        session.score(
            directory,
            split,
            data,
            new Listener() {
              @Override
              public void warning(String message) {
                main.console().error(message);
              }
            });
    Map<String, Map<String, Double>> shown = new LinkedHashMap<>(scores);
    if (student.isPresent()) {
      String name = "student" + student.get();
      if (!scores.containsKey(name)) {
        throw new UsageException(
            "--student " + student.get() + " is not allowed; this run has " + scores.keySet());
      }
      shown.keySet().retainAll(java.util.Set.of(name));
    }
    shown.forEach(
        (learner, metrics) ->
            main.console()
                .result(json, split.key() + " " + learner + " " + RunProgress.shown(metrics)));
    if (json) {
      ObjectNode document = new ObjectMapper().createObjectNode();
      document.put("split", split.key());
      data.ifPresent(d -> document.put("data", d));
      document.set("learners", new ObjectMapper().valueToTree(shown));
      main.console().result(document.toPrettyString());
    }
    return Exit.DONE;
  }
}
