package lot4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import lot4j.stats.Interval;
import lot4j.stats.RankCorrelation;
import lot4j.stats.Sample;

/** A probe as tables: the closing print, {@code probe.md} and {@code probe.csv}. */
final class ProbeTables {
  static final String EXPLANATION =
      "KL is KL(student ‖ teacher) in nats, temperature 1; lower is easier to imitate. Held-out"
          + " data is the validation split, or the test split where there is none. Area: mean KL"
          + " over the updates. Numbers in brackets: 95 % percentile bootstrap over the imitated"
          + " runs.";
  static final String NUMBERS =
      "KL is KL(student ‖ teacher) of the two normal distributions in nats; without a predicted"
          + " deviation (task.loss: squared) half the squared difference of the predictions over the"
          + " variance of the training target. Lower is easier to imitate. Held-out data is the"
          + " validation split, or the test split where there is none. Area: mean KL over the"
          + " updates. Distance: root of the mean squared difference between what both predict, in"
          + " the target's unit, as the rmse is. The entropy is a density's: it can be negative."
          + " Numbers in brackets: 95 % percentile bootstrap over the imitated runs.";
  static final String RANKING =
      "Spearman's correlation of each measure with the imitated runs' test error, and the same with"
          + " their entropy and training loss held constant; positive: what is harder to imitate"
          + " errs more. An interval that contains 0 resolves nothing.";

  private ProbeTables() {}

  static String text(Probe probe) {
    StringBuilder out = new StringBuilder(Escape.control(title(probe))).append("\n\n");
    for (String student : probe.students()) {
      many(probe, student).ifPresent(head -> out.append(Escape.control(head)).append("\n"));
      out.append(TextTable.aligned(groups(probe, student), 1)).append('\n');
      out.append(TextTable.aligned(rankings(probe, student), 1)).append('\n');
    }
    return out.append(sentence(probe)).append('\n').toString();
  }

  static String markdown(Probe probe) {
    StringBuilder out = new StringBuilder();
    out.append("# ").append(Escape.markdown(title(probe))).append("\n\n");
    out.append("**").append(Escape.markdown(sentence(probe))).append("**\n\n");
    out.append(Escape.markdown(explanation(probe))).append("\n\n");
    for (String student : probe.students()) {
      many(probe, student)
          .ifPresent(head -> out.append("## ").append(Escape.markdown(head)).append("\n\n"));
      out.append(MarkdownTable.table(groups(probe, student))).append('\n');
      out.append(Escape.markdown(RANKING)).append("\n\n");
      out.append(MarkdownTable.table(rankings(probe, student))).append('\n');
      List<List<String>> differences = differences(probe, student);
      if (differences.size() > 1) {
        out.append("Differences, paired by seed:\n\n");
        out.append(MarkdownTable.table(differences)).append('\n');
      }
    }
    return out.toString();
  }

  /** What the columns of the groups' table are. */
  static String explanation(Probe probe) {
    return probe.numbers() ? NUMBERS : EXPLANATION;
  }

  /** Verdict on the first measure of the first kind of student. */
  static String sentence(Probe probe) {
    Optional<Probe.Ranking> first = probe.rankings().stream().findFirst();
    if (first.isEmpty()) {
      return "No imitated run has a test error to be ranked by.";
    }
    return sentence(first.get());
  }

  /** A ranking's answer. */
  static String sentence(Probe.Ranking ranking) {
    return "Does ease of imitation order the "
        + ranking.raw().n()
        + " runs by test error? "
        + ranking.measure().words()
        + ": Spearman "
        + correlation(ranking.raw())
        + ", "
        + Probe.verdict(ranking.raw())
        + "; with entropy and training loss held constant "
        + correlation(ranking.partial())
        + ", "
        + Probe.verdict(ranking.partial())
        + ".";
  }

  static String csv(Probe probe) {
    StringBuilder out =
        new StringBuilder(
            "teacher,label,teacher_seed,student,student_seed,split,step,kl_free_reference,"
                + "kl_reference_free,"
                + (probe.numbers() ? "distance" : "agreement")
                + "\r\n");
    for (ImitationResult result : probe.results()) {
      ProbedTeacher teacher =
          probe.teachers().stream()
              .filter(each -> each.id().equals(result.teacher()))
              .findFirst()
              .orElseThrow();
      String identity =
          String.join(
              ",",
              Escape.csv(teacher.id()),
              Escape.csv(teacher.label()),
              Long.toString(teacher.seed()),
              Escape.csv(result.student()),
              Long.toString(result.seed()));
      lines(out, identity, "train", result.train());
      lines(out, identity, result.heldOutSplit(), result.heldOut());
    }
    return out.toString();
  }

  private static void lines(
      StringBuilder out, String identity, String split, ImitationCurve curve) {
    for (ImitationCurve.Point point : curve.points()) {
      out.append(identity)
          .append(',')
          .append(split)
          .append(',')
          .append(point.step())
          .append(',')
          .append(point.klFreeReference())
          .append(',')
          .append(point.klReferenceFree())
          .append(',')
          .append(plain(point.distance().isPresent() ? point.distance() : point.agreement()))
          .append("\r\n");
    }
  }

  private static String plain(OptionalDouble number) {
    return number.isPresent() ? Double.toString(number.getAsDouble()) : "";
  }

  private static String title(Probe probe) {
    return probe.name()
        + (probe.data().isEmpty() ? "" : " on " + probe.data())
        + ", "
        + Format.plural(probe.teachers().size(), "imitated run")
        + ", "
        + Format.plural(probe.results().size(), "student");
  }

  /** A heading if there are several kinds of students. */
  private static Optional<String> many(Probe probe, String student) {
    return probe.students().size() > 1 ? Optional.of("Students: " + student) : Optional.empty();
  }

  static List<List<String>> groups(Probe probe, String student) {
    List<List<String>> rows = new ArrayList<>();
    String error = probe.teachers().isEmpty() ? "error" : probe.teachers().get(0).errorName();
    List<String> head =
        List.of("imitated", "n", "test " + error, "entropy", "train KL", "held-out KL");
    rows.add(
        Stream.of(
                head,
                List.of("area, held-out"),
                probe.numbers() ? List.of("distance") : List.of("KL / entropy", "agreement"),
                List.of("steps to 0.1"))
            .flatMap(List::stream)
            .toList());
    for (String label : probe.labels()) {
      List<String> row = new ArrayList<>();
      row.add(label);
      row.add(
          Long.toString(
              probe.teachers().stream().filter(each -> each.label().equals(label)).count()));
      row.add(mean(probe.group(label, ProbedTeacher::error)));
      row.add(mean(probe.group(label, teacher -> probe.entropy(teacher, student))));
      for (ProbeMeasure measure :
          List.of(
              ProbeMeasure.TRAIN_KL,
              ProbeMeasure.HELD_OUT_KL,
              ProbeMeasure.HELD_OUT_AREA,
              probe.numbers() ? ProbeMeasure.DISTANCE : ProbeMeasure.RELATIVE_KL)) {
        row.add(mean(probe.group(label, teacher -> probe.of(teacher, student, measure))));
      }
      if (!probe.numbers()) {
        row.add(mean(probe.group(label, teacher -> agreement(probe, teacher, student))));
      }
      row.add(stepsTo(probe, label, student, 0.1));
      rows.add(row);
    }
    return rows;
  }

  private static OptionalDouble agreement(Probe probe, ProbedTeacher teacher, String student) {
    OptionalDouble not = probe.of(teacher, student, ProbeMeasure.DISAGREEMENT);
    return not.isPresent() ? OptionalDouble.of(1 - not.getAsDouble()) : OptionalDouble.empty();
  }

  /** The median over students that got there, and how many did. */
  private static String stepsTo(Probe probe, String label, String student, double threshold) {
    List<String> ids =
        probe.teachers().stream()
            .filter(teacher -> teacher.label().equals(label))
            .map(ProbedTeacher::id)
            .toList();
    List<ImitationResult> all =
        probe.results().stream()
            .filter(result -> result.student().equals(student))
            .filter(result -> ids.contains(result.teacher()))
            .toList();
    List<Double> steps =
        all.stream()
            .flatMapToLong(result -> result.heldOut().stepsTo(threshold).stream())
            .mapToObj(step -> (double) step)
            .toList();
    String reached = steps.size() + " of " + all.size();
    OptionalDouble median = Sample.of(steps).median();
    return median.isEmpty()
        ? "not reached"
        : Format.count(median.getAsDouble())
            + (steps.size() == all.size() ? "" : " (" + reached + ")");
  }

  static List<List<String>> rankings(Probe probe, String student) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("measure", "n", "Spearman", "", "partial", ""));
    for (Probe.Ranking ranking : probe.rankings()) {
      if (ranking.student().equals(student)) {
        rows.add(
            List.of(
                ranking.measure().words(),
                Integer.toString(ranking.raw().n()),
                correlation(ranking.raw()),
                Probe.verdict(ranking.raw()),
                correlation(ranking.partial()),
                Probe.verdict(ranking.partial())));
      }
    }
    return rows;
  }

  private static List<List<String>> differences(Probe probe, String student) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("a", "b", "measure", "n", "a - b [95 % interval]"));
    for (Probe.Difference each : probe.differences()) {
      if (each.student().equals(student)) {
        rows.add(
            List.of(
                each.a(),
                each.b(),
                each.measure().words(),
                Integer.toString(each.n()),
                signed(each.difference()) + range(each.ci95())));
      }
    }
    return rows;
  }

  private static String mean(Optional<Probe.Mean> mean) {
    return mean.map(m -> Format.significant(m.mean(), 3) + range(m.ci95())).orElse(Format.NONE);
  }

  private static String range(Optional<Interval> interval) {
    return interval
        .map(
            i ->
                " ["
                    + Format.significant(i.low(), 3)
                    + ", "
                    + Format.significant(i.high(), 3)
                    + "]")
        .orElse("");
  }

  static String correlation(RankCorrelation correlation) {
    return Format.orDash(correlation.value(), value -> String.format(Locale.ROOT, "%+.2f", value))
        + correlation
            .interval()
            .map(i -> String.format(Locale.ROOT, " [%+.2f, %+.2f]", i.low(), i.high()))
            .orElse("");
  }

  private static String signed(double value) {
    return (value > 0 ? "+" : "") + Format.significant(value, 3);
  }
}
