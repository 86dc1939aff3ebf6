package lot4j.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** A probe on the page: does ease of imitation order the imitated runs, and what it rests on. */
final class ProbeSection {
  private static final int[] COLOURS = {0, 2, 6, 3, 8, 9, 4, 7, 1, 5, 10, 11};
  private static final int DIGITS = 6;

  private final Probe probe;
  private final List<Block> blocks = new ArrayList<>();

  private ProbeSection(Probe probe) {
    this.probe = probe;
  }

  static Section of(Probe probe) {
    return new ProbeSection(probe).section();
  }

  private Section section() {
    blocks.add(
        new Block.Paragraph("question", "Is a network that generalizes better easier to imitate?"));
    for (String student : probe.students()) {
      answer(student);
    }
    for (String student : probe.students()) {
      if (probe.students().size() > 1) {
        blocks.add(new Block.Heading(2, "Students: " + student));
      }
      ranking(student);
      groups(student);
      curves(student);
    }
    return new Section(probe.name(), about(), series(), blocks);
  }

  private String about() {
    return (probe.data().isEmpty() ? "" : probe.data() + " · ")
        + Format.plural(probe.teachers().size(), "imitated run")
        + " · "
        + Format.plural(probe.results().size(), "student");
  }

  private List<Palette.Entry> series() {
    List<Palette.Entry> series = new ArrayList<>();
    for (String label : probe.labels()) {
      int colour = COLOURS[series.size() % COLOURS.length];
      series.add(new Palette.Entry(label, colour, series.isEmpty()));
    }
    return series;
  }

  private void answer(String student) {
    for (Probe.Ranking ranking : probe.rankings()) {
      if (ranking.student().equals(student) && ranking.measure() == ProbeMeasure.HELD_OUT_KL) {
        String verdict = Probe.verdict(ranking.raw());
        String tone =
            verdict.equals(Probe.NOT_RESOLVED)
                ? "open"
                : verdict.equals(Probe.AS_CLAIMED) ? "good" : "bad";
        blocks.add(
            new Block.Answer(
                tone,
                (probe.students().size() > 1 ? student + ": " : "") + verdict,
                ProbeTables.sentence(ranking)));
      }
    }
  }

  private void ranking(String student) {
    blocks.add(new Block.Heading(3, "Imitability and test error"));
    scatter(student, ProbeMeasure.HELD_OUT_KL);
    scatter(student, ProbeMeasure.HELD_OUT_AREA);
    blocks.add(new Block.Grid("", ProbeTables.rankings(probe, student), List.of()));
    blocks.add(new Block.Paragraph("soft", ProbeTables.RANKING));
  }

  private void scatter(String student, ProbeMeasure measure) {
    String error = probe.teachers().get(0).errorName();
    DataTable table = new DataTable(measure.key() + " " + student, "label", "x", "y", "run");
    for (ProbedTeacher teacher : probe.teachers()) {
      OptionalDouble hard = probe.of(teacher, student, measure);
      if (hard.isPresent() && teacher.error().isPresent()) {
        table.row(teacher.label(), hard.getAsDouble(), teacher.error().getAsDouble(), teacher.id());
      }
    }
    if (table.isEmpty()) {
      return;
    }
    ObjectNode options = Figure.settings();
    options.put("x", measure.words() + ", nats").put("y", "test " + error).put("logX", true);
    blocks.add(
        new Block.Chart(
            new Figure(
                "scatter",
                measure.words(),
                "A dot is an imitated run: right is harder to imitate, up is more test error.",
                "Test " + error + " against " + measure.words() + " of every imitated run",
                options,
                List.of(table))));
  }

  private void groups(String student) {
    blocks.add(new Block.Heading(3, "Groups"));
    blocks.add(new Block.Grid("", ProbeTables.groups(probe, student), List.of()));
    blocks.add(new Block.Paragraph("soft", ProbeTables.explanation(probe)));
  }

  private void curves(String student) {
    blocks.add(new Block.Heading(3, "Imitation, update by update"));
    blocks.add(
        new Block.Paragraph(
            "soft", "Line: mean over a group's students; band: smallest to largest."));
    curve(
        student,
        "held-out KL(student ‖ teacher)",
        ImitationResult::heldOut,
        ImitationCurve.Point::klFreeReference,
        1);
    curve(
        student,
        "train KL(student ‖ teacher)",
        ImitationResult::train,
        ImitationCurve.Point::klFreeReference,
        1);
    curve(
        student,
        "held-out KL(teacher ‖ student)",
        ImitationResult::heldOut,
        ImitationCurve.Point::klReferenceFree,
        1);
    if (probe.numbers()) {
      curve(
          student,
          "held-out distance, in the target’s unit",
          ImitationResult::heldOut,
          point -> point.distance().orElse(Double.NaN),
          1);
    } else {
      curve(
          student,
          "held-out agreement, %",
          ImitationResult::heldOut,
          point -> point.agreement().orElse(Double.NaN),
          100);
    }
  }

  private void curve(
      String student,
      String title,
      Function<ImitationResult, ImitationCurve> curve,
      ToDoubleFunction<ImitationCurve.Point> number,
      int unit) {
    DataTable table =
        new DataTable(title + " " + student, "label", "step", "mean", "low", "high")
            .rounded(DIGITS);
    ObjectNode options = Figure.settings().put("unit", unit);
    options
        .putArray("views")
        .addObject()
        .put("name", "student updates")
        .put("table", 0)
        .put("column", 1)
        .put("seconds", false)
        .put("lastHalf", false);
    ArrayNode runs = options.putArray("runs");
    StringBuilder alt = new StringBuilder(title);
    for (String label : probe.labels()) {
      TreeMap<Long, List<Double>> points = points(label, student, curve, number);
      if (points.isEmpty()) {
        continue;
      }
      points.forEach(
          (step, values) ->
              table.row(
                  label,
                  step,
                  values.stream().mapToDouble(v -> v).average().orElseThrow(),
                  values.stream().mapToDouble(v -> v).min().orElseThrow(),
                  values.stream().mapToDouble(v -> v).max().orElseThrow()));
      Map.Entry<Long, List<Double>> last = points.lastEntry();
      runs.addObject().put("label", PageText.of(label)).put("n", last.getValue().size());
      double mean = last.getValue().stream().mapToDouble(v -> v).average().orElseThrow();
      alt.append("; ").append(label).append(" ends at ");
      alt.append(Format.significant(unit * mean, 4));
    }
    if (!table.isEmpty()) {
      blocks.add(
          new Block.Chart(
              new Figure("curves", title, "", alt.toString(), options, List.of(table))));
    }
  }

  /** Values by step, at the steps that all of the group's students have. */
  private TreeMap<Long, List<Double>> points(
      String label,
      String student,
      Function<ImitationResult, ImitationCurve> curve,
      ToDoubleFunction<ImitationCurve.Point> number) {
    List<String> ids =
        probe.teachers().stream()
            .filter(teacher -> teacher.label().equals(label))
            .map(ProbedTeacher::id)
            .toList();
    TreeMap<Long, List<Double>> points = new TreeMap<>();
    int students = 0;
    for (ImitationResult result : probe.results()) {
      if (result.student().equals(student) && ids.contains(result.teacher())) {
        students++;
        for (ImitationCurve.Point point : curve.apply(result).points()) {
          points
              .computeIfAbsent(point.step(), step -> new ArrayList<>())
              .add(number.applyAsDouble(point));
        }
      }
    }
    int all = students;
    points.values().removeIf(values -> values.size() < all);
    return points;
  }
}
