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
import java.util.function.Consumer;
import lot4j.config.Catalog;
import lot4j.rl.Evaluation;
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

  @Mixin private Episodes episodes = new Episodes();

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
    Listener warnings =
        new Listener() {
          @Override
          public void warning(String message) {
            main.console().error(message);
          }
        };
    if (!episodes.asked()) {
      show(only(session.score(directory, split, data, warnings)), document -> {});
      return Exit.DONE;
    }
    episodes.check(session, directory, data);
    Map<String, Evaluation.Result> played =
        only(episodes.play(session, directory, split, student, warnings));
    episodes.film().ifPresent(film -> main.console().note("film " + film));
    Map<String, Map<String, Double>> metrics = new LinkedHashMap<>();
    played.forEach((learner, result) -> metrics.put(learner, Episodes.metrics(result)));
    show(metrics, document -> Episodes.describe(document, played));
    return Exit.DONE;
  }

  /** The student's alone if one was named. */
  private <R> Map<String, R> only(Map<String, R> results) {
    Map<String, R> shown = new LinkedHashMap<>(results);
    if (student.isPresent()) {
      String name = "student" + student.get();
      if (!results.containsKey(name)) {
        throw new UsageException(
            "--student " + student.get() + " is not allowed; this run has " + results.keySet());
      }
      shown.keySet().retainAll(java.util.Set.of(name));
    }
    return shown;
  }

  private void show(Map<String, Map<String, Double>> metrics, Consumer<ObjectNode> more) {
    metrics.forEach(
        (learner, values) ->
            main.console()
                .result(json, split.key() + " " + learner + " " + RunProgress.shown(values)));
    if (json) {
      ObjectNode document = new ObjectMapper().createObjectNode();
      document.put("split", split.key());
      data.ifPresent(d -> document.put("data", d));
      document.set("learners", new ObjectMapper().valueToTree(metrics));
      more.accept(document);
      main.console().result(document.toPrettyString());
    }
  }
}
