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
import lot4j.report.Comparison;
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

  @Parameters(
      paramLabel = "DIR|CKPT",
      description = "A run, one of its checkpoints, or a comparison: all its finished runs.")
  private Path directory;

  @Option(
      names = "--split",
      paramLabel = "S",
      converter = SplitName.class,
      description = "train, valid or test; default test.")
  private Optional<Split> split = Optional.empty();

  @Option(names = "--data", paramLabel = "PATH", description = "Other data, by path or name.")
  private Optional<String> data = Optional.empty();

  @Option(names = "--student", paramLabel = "I", description = "Only this student, from 0.")
  private Optional<Integer> student = Optional.empty();

  @Option(
      names = "--calibrate",
      description =
          "Fits a temperature on the validation split and keeps it in the run, calibration.json.")
  private boolean calibrate;

  @Option(
      names = "--no-save",
      description = "With --data: leaves the run's directory as it is; else evals/NAME.json.")
  private boolean noSave;

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
    boolean comparison = Comparison.isComparison(directory);
    if (calibrate) {
      requireCalibratable(comparison);
    }
    if (comparison && episodes.asked()) {
      throw new DataException(directory + ": a comparison; name one of the runs in its 'runs'");
    }
    RunSession session =
        new RunSession(Catalog.load(), options.directory(ComparisonRun.recordedData(directory)));
    Listener warnings = main.console().warnings();
    if (comparison) {
      show(
          new ComparisonEvaluation(
              directory, run -> kept(run, session.evaluate(run, split(), data, warnings))));
      return Exit.DONE;
    }
    if (calibrate) {
      return new CalibrationRun(main.console(), session, directory).fit(student, json);
    }
    if (!episodes.asked()) {
      RunSession.Evaluated evaluated = session.evaluate(directory, split(), data, warnings);
      Map<String, Map<String, Double>> shown = only(evaluated.learners());
      kept(directory, evaluated);
      show(shown, document -> {});
      return Exit.DONE;
    }
    episodes.check(session, directory, data);
    Map<String, Evaluation.Result> played =
        only(episodes.play(session, directory, split(), student, warnings));
    episodes.film().ifPresent(film -> main.console().note("film " + film));
    Map<String, Map<String, Double>> metrics = new LinkedHashMap<>();
    played.forEach((learner, result) -> metrics.put(learner, Episodes.metrics(result)));
    show(metrics, document -> Episodes.describe(document, played));
    return Exit.DONE;
  }

  /** The test split stays unseen: what is fitted to it can no longer be judged by it. */
  private void requireCalibratable(boolean comparison) {
    if (comparison) {
      throw new DataException(directory + ": a comparison; name one of the runs in its 'runs'");
    }
    if (data.isPresent() || episodes.asked()) {
      throw new UsageException(
          "--calibrate with "
              + (data.isPresent() ? "--data" : "--episodes or --record")
              + " is not allowed; it fits on the run's own validation split");
    }
    if (split.isPresent() && split.get() != Split.VALID) {
      throw new UsageException(
          "--calibrate with --split " + split.get().key() + " is not allowed; valid");
    }
  }

  /** What a run reaches on other data is kept in its directory, unless that is not wanted. */
  private RunSession.Evaluated kept(Path of, RunSession.Evaluated evaluated) {
    if (data.isPresent() && !noSave && RunSession.isRun(of)) {
      SavedEvaluation.write(main.console(), of, data.get(), evaluated);
    }
    return evaluated;
  }

  private Split split() {
    return split.orElse(Split.TEST);
  }

  private void show(ComparisonEvaluation evaluation) {
    String learner = student.map(index -> "student" + index).orElse("teacher");
    if (!evaluation.learners().contains(learner)) {
      throw new UsageException(
          "--student " + student.get() + " is not allowed; there are " + evaluation.learners());
    }
    main.console().result(json, data.orElse(split().key()) + " " + learner);
    evaluation.table(learner).forEach(line -> main.console().result(json, line));
    if (json) {
      ObjectNode document = document();
      evaluation.describe(document);
      main.console().result(document.toPrettyString());
    }
  }

  private ObjectNode document() {
    ObjectNode document = new ObjectMapper().createObjectNode();
    document.put("split", split().key());
    data.ifPresent(d -> document.put("data", d));
    return document;
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
                .result(json, split().key() + " " + learner + " " + RunProgress.shown(values)));
    if (json) {
      ObjectNode document = document();
      document.set("learners", SavedEvaluation.numbers(metrics));
      more.accept(document);
      main.console().result(document.toPrettyString());
    }
  }
}
