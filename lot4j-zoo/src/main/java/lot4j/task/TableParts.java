package lot4j.task;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import lot4j.data.NumberText;
import lot4j.data.Stratified;
import lot4j.data.Table;
import lot4j.data.TableEncoding;
import lot4j.data.TableFile;
import lot4j.data.TableSet;
import lot4j.data.TableSets;
import lot4j.data.TableSurvey;
import lot4j.random.Streams;
import lot4j.task.TableLearning.Predict;
import lot4j.train.DataException;
import lot4j.train.Prepared.Source;
import lot4j.train.Split;

/**
 * The parts that a configuration makes of a table.
 *
 * @param name the data's
 * @param splits what is trained on, validated and tested on
 * @param student what the students learn from, if it is not the training part
 * @param prediction how rows become numbers, and numbers predictions
 * @param weights of the classes in the training loss; empty if all count the same
 * @param sources the files that were read
 * @param notes what was found, for people
 */
record TableParts(
    String name,
    Map<Split, TablePart> splits,
    Optional<TablePart> student,
    TablePrediction prediction,
    Optional<List<Double>> weights,
    List<Source> sources,
    List<String> notes) {
  /**
   * The parts of a table.
   *
   * @param as how rows become numbers, and what is predicted; empty to learn it from the rows that
   *     the teacher trains on
   */
  static TableParts of(TableLearning spec, TableSet set, Optional<TablePrediction> as) {
    return new Maker(spec, set).parts(as);
  }

  /** Makes the parts step by step. */
  private static final class Maker {
    private final TableLearning spec;
    private final TableSet set;
    private final Table table;
    private final int target;
    private final boolean ofNumbers;
    private final Streams streams;
    private final Streams draws;
    private final List<Source> sources;
    private final List<String> notes = new ArrayList<>();
    private final TableNotes told;
    private final List<Integer> withoutTarget;
    private final Optional<TableTarget.Classes> classes;
    private final IntUnaryOperator label;

    Maker(TableLearning spec, TableSet set) {
      this.spec = spec;
      this.set = set;
      this.told = new TableNotes(spec, set.name());
      this.table = set.train();
      this.target = table.column("task.target", spec.target());
      this.ofNumbers = spec.predict() != Predict.CLASS && ofNumbers(table, target);
      this.streams = new Streams(spec.splitSeed());
      this.draws = new Streams(spec.drawSeed());
      this.sources = new ArrayList<>(set.sources());
      List<Integer> rows = rows(table, true);
      this.withoutTarget = rows(table, false);
      if (rows.isEmpty()) {
        throw new DataException(
            table.shown() + ": no row has a value in column '" + spec.target() + "', the target");
      }
      if (spec.predict() != Predict.CLASS) {
        TableSurvey.requirePoints(table, target, "task.predict: class");
      }
      boolean asClasses =
          spec.predict() == Predict.CLASS
              || spec.predict() == Predict.AUTO
                  && TableTarget.looksLikeClasses(table, target, rows);
      this.classes =
          asClasses ? Optional.of(TableTarget.classes(table, target, rows)) : Optional.empty();
      Map<Integer, Integer> labels = new LinkedHashMap<>();
      classes.ifPresent(c -> rows.forEach(row -> labels.put(row, c.label(table, row, target))));
      this.label = row -> labels.getOrDefault(row, 0);
    }

    /** The rows of a table that have a target, or have none. */
    private List<Integer> rows(Table of, boolean withTarget) {
      int at = of.column("task.target", spec.target());
      return IntStream.range(0, of.size())
          .filter(row -> missing(of.cell(row, at)) != withTarget)
          .boxed()
          .toList();
    }

    /** Among numbers, {@code NA} and the like are none; among names they may be one. */
    private boolean missing(String cell) {
      return ofNumbers ? NumberText.isMissing(cell) : cell.isEmpty();
    }

    private static boolean ofNumbers(Table table, int column) {
      return IntStream.range(0, table.size())
          .mapToObj(row -> table.cell(row, column))
          .filter(cell -> !NumberText.isMissing(cell))
          .allMatch(cell -> NumberText.number(cell, table.decimalComma()).isPresent());
    }

    TableParts parts(Optional<TablePrediction> as) {
      if (table.delimiter() != ',') {
        notes.add(table.shown() + ": fields are parted by " + delimiter(table));
      }
      TableSurvey survey = survey();
      TableSplitter splitter = new TableSplitter(table, spec, label);
      List<Integer> rows = rows(table, true);
      List<Integer> test = List.of();
      if (set.test().isEmpty()) {
        Stratified drawn =
            splitter.draw("task.test", spec.test(), rows, streams.named("split.test"));
        test = drawn.chosen();
        rows = drawn.rest();
      }
      List<Integer> valid = List.of();
      if (set.valid().isEmpty() && spec.validation() instanceof Validation.Fraction fraction) {
        Stratified drawn =
            splitter.draw("task.validation", fraction.part(), rows, streams.named("split.valid"));
        valid = drawn.chosen();
        rows = drawn.rest();
      }
      List<Integer> rest = List.of();
      if (spec.trainExamples() instanceof TrainExamples.Number number) {
        Stratified drawn = examples(number.count(), rows);
        notes.add(told.drawn(drawn.chosen().size(), rows.size()));
        rows = drawn.chosen();
        rest = drawn.rest();
      }

      List<Integer> learned = rows;
      TablePrediction prediction = as.orElseGet(() -> prediction(survey, learned));
      TableTarget goal = prediction.target();
      TableEncoding.Encoder encoder = prediction.encoding().encoder(table);
      Map<Split, TablePart> splits = new EnumMap<>(Split.class);
      splits.put(Split.TRAIN, noisy(TablePart.labelled(table, rows, encoder, goal)));
      if (!valid.isEmpty()) {
        splits.put(Split.VALID, TablePart.labelled(table, valid, encoder, goal));
      }
      if (!test.isEmpty()) {
        splits.put(Split.TEST, TablePart.labelled(table, test, encoder, goal));
      }
      brought(splits, prediction);
      Optional<TablePart> student = student(rest, encoder, prediction);
      notes.addAll(0, told.found(goal, survey));
      notes.addAll(told.classes(goal, splits.get(Split.TRAIN)));
      notes.addAll(encoder.notes());
      return new TableParts(
          set.name(),
          splits,
          student,
          prediction,
          weights(splits.get(Split.TRAIN)),
          sources,
          notes);
    }

    /** What the rows that the teacher trains on say. */
    private TablePrediction prediction(TableSurvey survey, List<Integer> rows) {
      return new TablePrediction(
          classes.isPresent()
              ? classes.get()
              : TableTarget.numbers(table, target, rows, spec.loss()),
          TableEncoding.of(table, survey, rows));
    }

    private TableSurvey survey() {
      Map<String, String> reserved = new LinkedHashMap<>();
      spec.ignore().forEach(name -> table.column("task.ignore", name));
      spec.group().ifPresent(name -> reserved.put(name, "task.group"));
      spec.time().ifPresent(name -> reserved.put(name, "task.time"));
      spec.ignore().forEach(name -> reserved.put(name, "task.ignore"));
      return TableSurvey.of(table, spec.target(), spec.columns(), reserved);
    }

    private Stratified examples(int count, List<Integer> rows) {
      int least = classes.map(TableTarget.Classes::outputs).orElse(2);
      if (count > rows.size() || count < least) {
        throw new DataException(
            "task.train-examples = "
                + count
                + " is not allowed; from "
                + least
                + (classes.isPresent() ? ", one a class, to " : " to ")
                + rows.size()
                + ", what is left of the training split");
      }
      return Stratified.balanced(rows, label, count, draws.named("split.train"));
    }

    private TablePart noisy(TablePart train) {
      if (spec.labelNoise() == 0) {
        return train;
      }
      if (classes.isEmpty()) {
        throw new DataException(
            "task.label-noise = "
                + spec.labelNoise()
                + " is not allowed; 0 where a number is predicted");
      }
      return train.withNoise(
          spec.labelNoise(), classes.get().outputs(), draws.named("split.label-noise"));
    }

    private Optional<List<Double>> weights(TablePart train) {
      if (classes.isEmpty() && !(spec.classWeights() instanceof ClassWeights.None)) {
        throw new DataException(
            "task.class-weights is not allowed where a number is predicted; none");
      }
      return classes.flatMap(c -> spec.classWeights().of(c.classes(), train.counts(c.outputs())));
    }

    /** The splits that the data brings, or that stand elsewhere. */
    private void brought(Map<Split, TablePart> splits, TablePrediction prediction) {
      set.test().ifPresent(t -> splits.put(Split.TEST, scored(t, prediction)));
      if (spec.validation() instanceof Validation.At at) {
        TableSet other = TableSets.read(at.path());
        sources.addAll(other.sources());
        splits.put(Split.VALID, scored(other.valid().orElse(other.train()), prediction));
      } else if (!(spec.validation() instanceof Validation.None)) {
        set.valid().ifPresent(t -> splits.put(Split.VALID, scored(t, prediction)));
      }
    }

    private TablePart scored(Table of, TablePrediction prediction) {
      List<Integer> rows = rows(of, true);
      if (rows.isEmpty()) {
        throw new DataException(
            of.shown() + ": no row has a value in column '" + spec.target() + "', the target");
      }
      int skipped = of.size() - rows.size();
      if (skipped > 0) {
        notes.add(of.shown() + ": " + counted(skipped) + " without a target left out");
      }
      TableEncoding.Encoder encoder = prediction.encoding().encoder(of);
      TablePart part = TablePart.labelled(of, rows, encoder, prediction.target());
      notes.addAll(encoder.notes());
      return part;
    }

    private Optional<TablePart> student(
        List<Integer> rest, TableEncoding.Encoder encoder, TablePrediction prediction) {
      if (spec.unlabelled() instanceof Unlabelled.Rest) {
        List<Integer> all = new ArrayList<>(rest);
        all.addAll(withoutTarget);
        if (all.isEmpty()) {
          throw new DataException(
              "task.unlabelled = rest: task.train-examples leaves no training rows, and none is"
                  + " without a target");
        }
        if (!withoutTarget.isEmpty()) {
          notes.add(
              table.shown()
                  + ": "
                  + counted(withoutTarget.size())
                  + " without a target are the students' too");
        }
        return Optional.of(TablePart.unlabelled(all.stream().sorted().toList(), encoder));
      }
      if (!withoutTarget.isEmpty()) {
        notes.add(
            table.shown()
                + ": "
                + counted(withoutTarget.size())
                + " without a target left out; task.unlabelled: rest gives them to the students");
      }
      if (spec.unlabelled() instanceof Unlabelled.From from) {
        List<TablePart> parts = new ArrayList<>();
        for (Table other : tables(from.data())) {
          TableEncoding.Encoder others = prediction.encoding().encoder(other);
          parts.add(
              TablePart.unlabelled(IntStream.range(0, other.size()).boxed().toList(), others));
          notes.addAll(others.notes());
        }
        TablePart joined = TablePart.joined(parts);
        if (joined.size() == 0) {
          throw new DataException(from.data() + ": has no rows (task.unlabelled)");
        }
        return Optional.of(joined);
      }
      return Optional.empty();
    }

    /** A file, or every table of a directory in the order of their names. */
    private List<Table> tables(String data) {
      Path path = Path.of(data);
      if (Files.isDirectory(path)) {
        TableSet other = TableSets.read(data);
        sources.addAll(other.sources());
        return other.all();
      }
      TableFile.Read read = TableFile.read(path);
      sources.add(read.source());
      return List.of(read.table());
    }
  }

  private static String delimiter(Table table) {
    return table.delimiter() == '\t' ? "tabs" : "'" + table.delimiter() + "'";
  }

  private static String counted(int rows) {
    return rows == 1 ? "1 row" : rows + " rows";
  }
}
