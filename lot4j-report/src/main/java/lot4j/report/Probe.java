package lot4j.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import lot4j.stats.Bootstrap;
import lot4j.stats.Interval;
import lot4j.stats.RankCorrelation;
import lot4j.stats.Sample;

/**
 * Imitability as a diagnostic: fresh students imitated frozen networks; how hard was each, and does
 * that order the networks as their real test error does?
 *
 * <p>A network's number is the mean over its students of one kind. Nothing is chosen by any number
 * here, and no student saw a test split while it learned.
 */
public final class Probe {
  /** The file of a probe's directory that holds it whole. */
  static final String FILE = "probe.json";

  static final String NOT_RESOLVED = "not resolved";
  static final String AS_CLAIMED = "harder to imitate, more error";

  /** The thresholds of held-out KL whose first crossing is reported, nats. */
  public static final List<Double> THRESHOLDS = List.of(1.0, 0.3, 0.1, 0.03, 0.01);

  private final String name;
  private final String data;
  private final List<ProbedTeacher> teachers;
  private final List<ImitationResult> results;
  private final List<Ranking> rankings;
  private final List<Difference> differences;

  /**
   * Works everything out, the bootstrap intervals included.
   *
   * @param name of the probe
   * @param data what the students learned on
   * @param teachers the imitated runs
   * @param results what became of the students, in order
   */
  public Probe(
      String name, String data, List<ProbedTeacher> teachers, List<ImitationResult> results) {
    this.name = name;
    this.data = data;
    this.teachers = List.copyOf(teachers);
    this.results = List.copyOf(results);
    this.rankings = List.copyOf(ranked());
    this.differences = List.copyOf(compared());
  }

  /**
   * A group's number.
   *
   * @param n networks that it is a mean over
   * @param ci95 percentile bootstrap interval over networks
   */
  public record Mean(int n, double mean, Optional<Interval> ci95) {}

  /**
   * How well a measure orders the networks by their error.
   *
   * @param student which kind of student
   * @param raw Spearman's correlation
   * @param partial the same with the networks' entropy and training loss held constant
   */
  public record Ranking(
      String student, ProbeMeasure measure, RankCorrelation raw, RankCorrelation partial) {}

  /**
   * How two groups differ in a measure, seed by seed where both have the seed.
   *
   * @param difference mean of a − b
   */
  public record Difference(
      String student,
      ProbeMeasure measure,
      String a,
      String b,
      int n,
      double difference,
      Optional<Interval> ci95) {}

  /** Whether {@code directory} holds a probe's results. */
  public static boolean isProbe(Path directory) {
    return Files.isRegularFile(directory.resolve(FILE));
  }

  /**
   * Reads a probe's results back.
   *
   * @throws ReportException naming the file, if it is damaged
   */
  public static Probe read(Path directory) {
    return ProbeJson.read(directory.resolve(FILE));
  }

  /** The probe's name. */
  public String name() {
    return name;
  }

  /** The name of what the students learned on. */
  public String data() {
    return data;
  }

  /** The imitated runs. */
  public List<ProbedTeacher> teachers() {
    return teachers;
  }

  /** What became of the students, in order. */
  public List<ImitationResult> results() {
    return results;
  }

  /** The kinds of students, in the order in which they came. */
  public List<String> students() {
    return List.copyOf(
        new LinkedHashSet<>(results.stream().map(ImitationResult::student).toList()));
  }

  /** The groups of networks, in order. */
  public List<String> labels() {
    return List.copyOf(new LinkedHashSet<>(teachers.stream().map(ProbedTeacher::label).toList()));
  }

  /** Whether the imitated networks predict a number. */
  public boolean numbers() {
    return results.stream().anyMatch(ImitationResult::numbers);
  }

  /** The measures that these imitations have. */
  public List<ProbeMeasure> measures() {
    return ProbeMeasure.of(numbers());
  }

  /** A network's number: the mean over its students of one kind. Empty without any. */
  public OptionalDouble of(ProbedTeacher teacher, String student, ProbeMeasure measure) {
    return mean(teacher, student, measure::of);
  }

  /** The entropy of a network's predictions on held-out data, nats. */
  public OptionalDouble entropy(ProbedTeacher teacher, String student) {
    return mean(teacher, student, ImitationResult::teacherEntropy);
  }

  private OptionalDouble mean(
      ProbedTeacher teacher, String student, Function<ImitationResult, OptionalDouble> number) {
    List<Double> values =
        results.stream()
            .filter(result -> result.teacher().equals(teacher.id()))
            .filter(result -> result.student().equals(student))
            .flatMap(result -> number.apply(result).stream().boxed())
            .toList();
    return Sample.of(values).mean();
  }

  /** A group's mean of any number of its networks; empty if none has it. */
  public Optional<Mean> group(String label, Function<ProbedTeacher, OptionalDouble> number) {
    Sample sample =
        Sample.of(
            teachers.stream()
                .filter(teacher -> teacher.label().equals(label))
                .flatMap(teacher -> number.apply(teacher).stream().boxed())
                .toList());
    return sample.size() == 0
        ? Optional.empty()
        : Optional.of(
            new Mean(
                sample.size(), sample.mean().orElseThrow(), Bootstrap.standard().mean(sample)));
  }

  /** How well each measure orders the networks by their test error, of each kind of student. */
  public List<Ranking> rankings() {
    return rankings;
  }

  private List<Ranking> ranked() {
    List<Ranking> found = new ArrayList<>();
    for (String student : students()) {
      for (ProbeMeasure measure : measures()) {
        ranking(student, measure).ifPresent(found::add);
      }
    }
    return found;
  }

  private Optional<Ranking> ranking(String student, ProbeMeasure measure) {
    List<double[]> cases = new ArrayList<>();
    for (ProbedTeacher teacher : teachers) {
      OptionalDouble hard = of(teacher, student, measure);
      if (hard.isPresent() && teacher.error().isPresent()) {
        cases.add(
            new double[] {
              hard.getAsDouble(),
              teacher.error().getAsDouble(),
              entropy(teacher, student).orElse(Double.NaN),
              teacher.trainLoss().orElse(Double.NaN)
            });
      }
    }
    if (cases.isEmpty()) {
      return Optional.empty();
    }
    double[] hard = column(cases, 0);
    double[] error = column(cases, 1);
    List<double[]> controls = new ArrayList<>();
    for (int i = 2; i < 4; i++) {
      double[] control = column(cases, i);
      if (Arrays.stream(control).allMatch(Double::isFinite)) {
        controls.add(control);
      }
    }
    return Optional.of(
        new Ranking(
            student,
            measure,
            RankCorrelation.spearman(hard, error, Bootstrap.standard()),
            RankCorrelation.partial(hard, error, controls, Bootstrap.standard())));
  }

  private static double[] column(List<double[]> cases, int column) {
    return cases.stream().mapToDouble(numbers -> numbers[column]).toArray();
  }

  /** Each further group against the first one, in every measure. */
  public List<Difference> differences() {
    return differences;
  }

  private List<Difference> compared() {
    List<Difference> found = new ArrayList<>();
    List<String> labels = labels();
    for (String student : students()) {
      for (String other : labels.subList(Math.min(1, labels.size()), labels.size())) {
        for (ProbeMeasure measure : measures()) {
          difference(student, measure, other, labels.get(0)).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  private Optional<Difference> difference(
      String student, ProbeMeasure measure, String a, String b) {
    Map<Long, Double> left = bySeed(a, student, measure);
    Map<Long, Double> right = bySeed(b, student, measure);
    left.keySet().retainAll(right.keySet());
    if (left.isEmpty()) {
      return Optional.empty();
    }
    Sample sample =
        Sample.of(
            left.entrySet().stream()
                .map(each -> each.getValue() - right.get(each.getKey()))
                .toList());
    return Optional.of(
        new Difference(
            student,
            measure,
            a,
            b,
            sample.size(),
            sample.mean().orElseThrow(),
            Bootstrap.standard().mean(sample)));
  }

  private Map<Long, Double> bySeed(String label, String student, ProbeMeasure measure) {
    Map<Long, Double> bySeed = new TreeMap<>();
    for (ProbedTeacher teacher : teachers) {
      if (teacher.label().equals(label)) {
        of(teacher, student, measure).ifPresent(value -> bySeed.put(teacher.seed(), value));
      }
    }
    return bySeed;
  }

  /** What a ranking says in words: resolved only if the interval leaves out 0. */
  public static String verdict(RankCorrelation ranking) {
    return ranking.value().isEmpty()
        ? NOT_RESOLVED
        : ranking
            .interval()
            .filter(interval -> !interval.contains(0))
            .map(interval -> interval.low() > 0 ? AS_CLAIMED : "harder to imitate, less error")
            .orElse(NOT_RESOLVED);
  }

  /** The document {@code probe.json}. */
  public ObjectNode json() {
    return ProbeJson.of(this);
  }

  /** The document {@code probe.csv}: a line for each evaluation of each student. */
  public String csv() {
    return ProbeTables.csv(this);
  }

  /** The closing print. */
  public String text() {
    return ProbeTables.text(this);
  }

  /** The page {@code report.html}. */
  public String html() {
    return PageDocument.of(List.of(), List.of(), List.of(this)).html();
  }

  /** The document {@code probe.md}. */
  public String markdown() {
    return ProbeTables.markdown(this);
  }
}
