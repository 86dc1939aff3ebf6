package lot4j.task;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import lot4j.Census;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Require;
import lot4j.Shape;
import lot4j.data.ColumnKind;
import lot4j.data.TableSets;
import lot4j.onnx.OnnxGraph;
import lot4j.onnx.OnnxModel;
import lot4j.onnx.OnnxOutput;
import lot4j.onnx.OnnxTask;
import lot4j.train.TaskSpec;

/**
 * The {@code task:} section for {@code kind: tabular}: predicting one column of a table from the
 * others. The parts of the data depend on {@code split-seed} alone, never on a run's seed.
 *
 * <p>Order: the test split is drawn if the data brings none; then the validation fraction is taken
 * from the training split; then {@code train-examples} of what is left. Rows whose target is empty
 * are in none of them.
 *
 * @param data a CSV file, or a directory with {@code train.csv} and perhaps {@code valid.csv} and
 *     {@code test.csv}, each gzip or not
 * @param target the column that is predicted
 * @param predict classes or a number; default auto: classes if the column is text or a few whole
 *     numbers
 * @param columns what columns are, where that is not to be found out
 * @param ignore columns that are left out
 * @param augment {@code none}
 * @param unlabelled the students' rows; default none, the teacher's own; rest: training rows that
 *     {@code train-examples} left over, and those whose target is empty
 * @param test fraction of the rows drawn as the test split where the data brings none; default 0.2
 * @param validation where the validation split comes from; default a tenth of the training split
 * @param group a column; rows with the same value are in the same split
 * @param time a column; the latest rows are the test split, those before them the validation split
 * @param splitSeed seed of every split, and of what is drawn within the training split
 * @param trainExamples rows the teacher learns from; default all
 * @param labelNoise fraction of the training labels replaced by another class, 0 or more, below 1
 * @param subsetSeed seed of {@code train-examples} and label noise, for another subset of the same
 *     training split; default the split seed
 * @param classWeights how much each class counts in the training loss; default none
 * @param loss what is minimised where a number is predicted; default gaussian
 * @param allowSubset accepted as everywhere; a table has no official size
 */
public record TableLearning(
    String data,
    String target,
    Predict predict,
    Map<String, ColumnKind> columns,
    List<String> ignore,
    LanguageModelling.NoAugmentation augment,
    Unlabelled unlabelled,
    double test,
    Validation validation,
    Optional<String> group,
    Optional<String> time,
    long splitSeed,
    TrainExamples trainExamples,
    double labelNoise,
    SubsetSeed subsetSeed,
    ClassWeights classWeights,
    RegressionLoss loss,
    boolean allowSubset)
    implements TaskSpec, OnnxTask {
  private static final double TEST = 0.2;
  private static final double VALIDATION = 0.1;

  /** What the target is taken for. */
  public enum Predict {
    /** Found out. */
    AUTO,
    /** One of some classes. */
    CLASS,
    /** A number. */
    NUMBER
  }

  public TableLearning {
    Require.that(!data.isBlank(), "task.data", data, "a CSV file, or a directory of them");
    Require.that(!target.isEmpty(), "task.target", target, "the column that is predicted");
    Require.that(test > 0 && test < 1, "task.test", test, "a fraction above 0 and below 1");
    Require.below("task.label-noise", labelNoise, 0, 1);
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(new TreeMap<>(columns)));
    ignore = List.copyOf(ignore);
    Require.that(
        !ignore.contains(target) && !columns.containsKey(target),
        "task.target",
        target,
        "a column that is neither in task.ignore nor in task.columns");
    Require.that(
        ignore.stream().noneMatch(columns::containsKey),
        "task.ignore",
        ignore,
        "columns that are not in task.columns");
    String wanted = target;
    Require.that(group.filter(wanted::equals).isEmpty(), "task.group", target, "not the target");
    Require.that(time.filter(wanted::equals).isEmpty(), "task.time", target, "not the target");
    Require.that(
        group.isEmpty() || time.isEmpty(), "task.time", time.orElse(""), "none with task.group");
  }

  /** All defaults. */
  public static TableLearning of(String data, String target) {
    return new TableLearning(
        data,
        target,
        Predict.AUTO,
        Map.of(),
        List.of(),
        LanguageModelling.NoAugmentation.NONE,
        new Unlabelled.None(),
        TEST,
        new Validation.Fraction(VALIDATION),
        Optional.empty(),
        Optional.empty(),
        0,
        new TrainExamples.All(),
        0,
        new SubsetSeed.Same(),
        new ClassWeights.None(),
        RegressionLoss.GAUSSIAN,
        false);
  }

  @Override
  public TableLearning whole() {
    return new TableLearning(
        data,
        target,
        predict,
        columns,
        ignore,
        augment,
        new Unlabelled.None(),
        test,
        validation,
        group,
        time,
        splitSeed,
        new TrainExamples.All(),
        0,
        new SubsetSeed.Same(),
        classWeights,
        loss,
        allowSubset);
  }

  /** Seed of what is drawn within the training split. */
  long drawSeed() {
    return subsetSeed.or(splitSeed);
  }

  @Override
  public PreparedTable prepare(Path dataDirectory, int evalBatchSize) {
    return prepared(Optional.empty(), evalBatchSize);
  }

  /** The same with rows encoded as elsewhere, if that is given. */
  PreparedTable prepared(Optional<TablePrediction> as, int evalBatchSize) {
    TableParts parts = TableParts.of(this, TableSets.read(data), as);
    return new PreparedTable(this, parts, evalBatchSize);
  }

  @Override
  public Model rebuild(ModelSpec model, Path run, Shape input, int outputs) {
    return TablePrediction.read(run.resolve(TablePrediction.FILE)).build(model);
  }

  @Override
  public Census recount(ModelSpec model, Path run, Shape input, int outputs) {
    return TablePrediction.read(run.resolve(TablePrediction.FILE)).census(model);
  }

  @Override
  public List<OnnxOutput> onnx(
      OnnxGraph graph, OnnxModel model, Path run, int outputs, double temperature) {
    return TablePrediction.read(run.resolve(TablePrediction.FILE)).onnx(graph, model, temperature);
  }
}
