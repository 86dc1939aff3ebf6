package lot4j.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import lot4j.data.TableSurvey;

/**
 * What people are told of a table before training: what its columns were taken for, which of its
 * rows were drawn, and whether its classes are uneven.
 *
 * @param spec what was asked for
 * @param name the data's
 */
record TableNotes(TableLearning spec, String name) {
  private static final double UNEVEN = 4;
  private static final int SHOWN = 10;

  /** What was found out of the columns, the target first. */
  List<String> found(TableTarget goal, TableSurvey survey) {
    return Stream.concat(Stream.of(said(goal)), survey.said().stream())
        .map(each -> name + ": " + each)
        .toList();
  }

  private String said(TableTarget goal) {
    String how = spec.predict() == TableLearning.Predict.AUTO ? "" : " as configured";
    if (goal instanceof TableTarget.Classes c) {
      return "target "
          + c.column()
          + ": "
          + c.outputs()
          + " classes"
          + how
          + (c.whole() && how.isEmpty()
              ? " (few whole numbers; task.predict: number takes them for a number)"
              : "");
    }
    TableTarget.Numbers n = (TableTarget.Numbers) goal;
    return String.format(
        Locale.ROOT,
        "target %s: a number%s, mean %.4g, deviation %.4g",
        n.column(),
        how,
        n.mean(),
        n.deviation());
  }

  /** Which subset the teacher learns from. */
  String drawn(int count, int all) {
    return name
        + ": "
        + count
        + " of "
        + all
        + " training rows, drawn by task.subset-seed "
        + spec.drawSeed();
  }

  /** What is odd about the classes of the training rows; nothing where a number is predicted. */
  List<String> classes(TableTarget goal, TablePart train) {
    List<String> notes = new ArrayList<>();
    if (goal instanceof TableTarget.Classes c) {
      long[] counts = train.counts(c.outputs());
      long most = LongStream.of(counts).max().orElse(0);
      long least = LongStream.of(counts).min().orElse(0);
      if (most >= UNEVEN * least && !(spec.classWeights() instanceof ClassWeights.Balanced)) {
        notes.add(uneven(c, counts, most));
      }
      List<String> unseen =
          IntStream.range(0, counts.length)
              .filter(i -> counts[i] == 0)
              .mapToObj(c.classes()::get)
              .toList();
      if (!unseen.isEmpty()) {
        notes.add(name + ": classes without a training row cannot be learned: " + listed(unseen));
      }
    }
    return notes;
  }

  private String uneven(TableTarget.Classes c, long[] counts, long most) {
    List<String> all =
        IntStream.range(0, counts.length)
            .mapToObj(i -> c.classes().get(i) + " " + counts[i])
            .toList();
    return String.format(
        Locale.ROOT,
        "%s: the classes are uneven (%s): always guessing the largest is right in %.1f %% of the"
            + " training rows; task.class-weights: balanced weighs them equally",
        name,
        listed(all),
        100.0 * most / LongStream.of(counts).sum());
  }

  private static String listed(List<String> all) {
    return all.stream().limit(SHOWN).collect(Collectors.joining(", "))
        + (all.size() > SHOWN ? ", …" : "");
  }
}
