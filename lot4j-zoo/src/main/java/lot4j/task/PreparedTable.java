package lot4j.task;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import lot4j.Census;
import lot4j.Learner;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Network;
import lot4j.Require;
import lot4j.Shape;
import lot4j.data.NumberText;
import lot4j.data.Table;
import lot4j.data.TableSet;
import lot4j.data.TableSets;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import lot4j.train.BatchSource;
import lot4j.train.DataException;
import lot4j.train.Pace;
import lot4j.train.Prepared;
import lot4j.train.Primary;
import lot4j.train.Split;
import lot4j.train.Task;

/**
 * A table read, checked, split and encoded, ready to train on.
 *
 * <p>A row is [features]: measurements, indicators, then codes of categories. Any network for rows
 * of numbers can learn from it: learned vectors for the categories are put in front of it, and
 * where a number is predicted a normal distribution is made of what it says.
 */
public final class PreparedTable implements Prepared<TableBatch> {
  private final TableLearning spec;
  private final TableParts parts;
  private final int evalBatchSize;
  private final Task<TableBatch> task;

  PreparedTable(TableLearning spec, TableParts parts, int evalBatchSize) {
    this.spec = spec;
    this.parts = parts;
    this.evalBatchSize = evalBatchSize;
    this.task =
        parts.prediction().target() instanceof TableTarget.Numbers number
            ? new RegressionTask(parts.splits(), number, evalBatchSize)
            : new TableTask(
                parts.splits(),
                parts.prediction().target().outputs(),
                parts.weights(),
                evalBatchSize);
  }

  @Override
  public Task<TableBatch> task() {
    return task;
  }

  @Override
  public Shape input() {
    return Shape.of(parts.prediction().encoding().features());
  }

  @Override
  public boolean normals() {
    return parts.prediction().target() instanceof TableTarget.Numbers;
  }

  @Override
  public int outputs() {
    return parts.prediction().target().outputs();
  }

  @Override
  public List<String> classes() {
    return parts.prediction().classes();
  }

  @Override
  public Model build(ModelSpec model) {
    try {
      return parts.prediction().build(model);
    } catch (IllegalArgumentException e) {
      throw new DataException(dataName() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Census census(ModelSpec model) {
    try {
      return parts.prediction().census(model);
    } catch (IllegalArgumentException e) {
      throw new DataException(dataName() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public List<String> notes() {
    return parts.notes();
  }

  @Override
  public Map<String, byte[]> companions() {
    return Map.of(TablePrediction.FILE, parts.prediction().file());
  }

  /**
   * The same rows encoded as another run's, whose training rows were others of the same columns, or
   * fewer. Otherwise itself: what does not fit is told by whoever compares the {@link #companions}.
   */
  @Override
  public PreparedTable madeAs(Map<String, byte[]> others) {
    return Optional.ofNullable(others.get(TablePrediction.FILE))
        .flatMap(TablePrediction::parsed)
        .filter(parts.prediction()::sameColumns)
        .filter(other -> !other.equals(parts.prediction()))
        .map(other -> spec.prepared(Optional.of(other), evalBatchSize))
        .orElse(this);
  }

  /** What is needed to predict further rows. */
  public TablePrediction prediction() {
    return parts.prediction();
  }

  @Override
  public String dataName() {
    return parts.name();
  }

  @Override
  public List<Source> sources() {
    return parts.sources();
  }

  @Override
  public Map<String, Long> counts() {
    return Rows.counts(parts.splits(), parts.student(), TablePart::size);
  }

  @Override
  public Set<Split> splits() {
    return new TreeSet<>(parts.splits().keySet());
  }

  /** The training split too where some of its labels are wrong: how many of them are learnt? */
  @Override
  public Set<Split> finale() {
    return train().isNoisy() ? Set.of(Split.TRAIN, Split.TEST) : Set.of(Split.TEST);
  }

  @Override
  public Primary primary() {
    return normals() ? new Primary("rmse", false) : new Primary("accuracy", true);
  }

  @Override
  public Pace taskPace(int batchSize, int accumulate) {
    return Pace.of(train().size(), batchSize, accumulate);
  }

  @Override
  public Pace studentPace(int batchSize, int accumulate) {
    return Pace.of(student().size(), batchSize, accumulate);
  }

  @Override
  public BatchSource<TableBatch> taskStream(
      Learner teacher, int batchSize, int accumulate, Streams streams) {
    return stream(train(), batchSize, accumulate, streams.named("order.task"));
  }

  @Override
  public BatchSource<TableBatch> studentStream(
      Learner teacher,
      BatchSource<TableBatch> taskStream,
      int batchSize,
      int accumulate,
      Streams streams) {
    return stream(student(), batchSize, accumulate, streams.named("order.student"));
  }

  private static BatchSource<TableBatch> stream(
      TablePart part, int batchSize, int accumulate, RandomStream ordering) {
    return new EpochStream<>(part.size(), batchSize, accumulate, ordering, part::batch);
  }

  /** Every row of a table, or of a directory's test table, has to have its target. */
  @Override
  public List<Map<String, Double>> scoreOn(
      List<Network> networks, Path dataDirectory, String data) {
    TableSet other = TableSets.read(data);
    Table table = other.test().orElse(other.train());
    TableTarget target = parts.prediction().target();
    int at = table.column("task.target", target.column());
    List<Integer> rows = IntStream.range(0, table.size()).boxed().toList();
    for (int row : rows) {
      String cell = table.cell(row, at);
      if (normals() ? NumberText.isMissing(cell) : cell.isEmpty()) {
        throw new DataException(
            table.where(row)
                + ": column '"
                + target.column()
                + "', the target, is "
                + (cell.isEmpty() ? "empty" : cell)
                + "; without it nothing can be scored");
      }
    }
    if (rows.isEmpty()) {
      throw new DataException(table.shown() + ": has no rows");
    }
    TablePart part =
        TablePart.labelled(table, rows, parts.prediction().encoding().encoder(table), target);
    return task instanceof RegressionTask regression
        ? regression.score(networks, part)
        : ((TableTask) task).score(networks, part);
  }

  /**
   * The encoded rows of a split, [row][features], as networks see them.
   *
   * @throws IllegalArgumentException if there is no such split
   */
  public float[][] inputs(Split split) {
    TablePart rows = there(split);
    return IntStream.range(0, rows.size()).mapToObj(rows::row).toArray(float[][]::new);
  }

  /**
   * The targets of a split: the classes' places in {@link #classes}, or the numbers in their own
   * unit.
   *
   * @throws IllegalArgumentException if there is no such split
   */
  public double[] targets(Split split) {
    TablePart rows = there(split);
    return IntStream.range(0, rows.size())
        .mapToDouble(row -> normals() ? rows.number(row) : rows.label(row))
        .toArray();
  }

  private TablePart there(Split split) {
    Require.that(splits().contains(split), "split", split.key(), "one of " + splits());
    return part(split);
  }

  /** The rows of a split. */
  TablePart part(Split split) {
    return parts.splits().get(split);
  }

  /** The rows that students learn from. */
  TablePart student() {
    return parts.student().orElseGet(this::train);
  }

  /** Nothing outside the Java heap is held. */
  @Override
  public void close() {}

  private TablePart train() {
    return parts.splits().get(Split.TRAIN);
  }
}
