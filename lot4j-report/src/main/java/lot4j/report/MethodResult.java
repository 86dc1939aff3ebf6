package lot4j.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import lot4j.stats.Bootstrap;
import lot4j.stats.Interval;
import lot4j.stats.Iqm;
import lot4j.stats.Sample;
import lot4j.stats.Scores;
import lot4j.stats.StratifiedBootstrap;

/**
 * All runs of one label.
 *
 * @param label names the method in the comparison
 * @param method the method's own name, such as {@code lot}
 * @param runs its runs, by seed
 * @param values the primary metric by seed; seeds without a value are absent
 * @param missing why a seed of the comparison has no value, by seed
 * @param students the students' values of the same metric: learner → seed → value
 * @param interval 95 % bootstrap interval of the mean; empty with fewer than two values
 */
public record MethodResult(
    String label,
    String method,
    List<RunDirectory> runs,
    Map<Long, Double> values,
    Map<Long, String> missing,
    Map<String, Map<Long, Double>> students,
    Optional<Interval> interval) {

  static MethodResult of(String label, List<RunDirectory> runs, List<Long> seeds) {
    Map<Long, RunDirectory> bySeed = new TreeMap<>();
    runs.forEach(run -> bySeed.put(run.seed(), run));
    Map<Long, Double> values = new TreeMap<>();
    Map<Long, String> missing = new TreeMap<>();
    Map<String, Map<Long, Double>> students = new TreeMap<>();
    for (long seed : seeds) {
      RunDirectory run = bySeed.get(seed);
      if (run == null) {
        missing.put(seed, "not run");
      } else if (run.status() != Status.DONE) {
        missing.put(seed, run.status().word());
      } else if (run.value().isEmpty()) {
        missing.put(seed, "the run has no finite value");
      } else {
        values.put(seed, run.value().getAsDouble());
      }
      if (run != null) {
        addStudents(run, students);
      }
    }
    return new MethodResult(
        label,
        runs.get(0).method(),
        List.copyOf(bySeed.values()),
        values,
        missing,
        students,
        Bootstrap.standard().mean(Sample.of(values.values())));
  }

  private static void addStudents(RunDirectory run, Map<String, Map<Long, Double>> students) {
    run.result()
        .ifPresent(
            result ->
                result.splits().getOrDefault(result.primary().split(), Map.of()).keySet().stream()
                    .filter(learner -> learner.startsWith("student"))
                    .forEach(
                        learner ->
                            result
                                .of(learner)
                                .ifPresent(
                                    value ->
                                        students
                                            .computeIfAbsent(learner, k -> new TreeMap<>())
                                            .put(run.seed(), value))));
  }

  /** The values, without their seeds. */
  public Sample sample() {
    return Sample.of(values.values());
  }

  /** The interquartile mean; empty without values. */
  public OptionalDouble iqm() {
    return Iqm.of(sample());
  }

  /** Its 95 % bootstrap interval; empty with fewer than two values. */
  public Optional<Interval> iqmInterval() {
    return StratifiedBootstrap.standard().iqm(Scores.of(sample()));
  }

  /** The teacher's final values, on another split, of what is compared, by seed. */
  public Map<Long, Double> valuesOn(String split) {
    Map<Long, Double> found = new TreeMap<>();
    for (RunDirectory run : runs) {
      run.result()
          .map(result -> result.of(split, "teacher"))
          .orElse(OptionalDouble.empty())
          .ifPresent(value -> found.put(run.seed(), value));
    }
    return found;
  }

  /** Samples of the teacher per finished run, a mean; environment steps where those are samples. */
  public OptionalDouble samples() {
    return Sample.of(
            runs.stream()
                .filter(run -> run.status() == Status.DONE)
                .flatMapToDouble(run -> run.samples().stream())
                .toArray())
        .mean();
  }

  /** How many runs failed. */
  public int failed() {
    return count(Status.FAILED);
  }

  /** How many runs diverged. */
  public int diverged() {
    return count(Status.DIVERGED);
  }

  /** FLOPs per finished run, a mean. */
  public OptionalDouble flops() {
    return meanOf(FinalResult::flops);
  }

  /** Seconds per finished run, a mean. */
  public OptionalDouble wallSeconds() {
    return meanOf(FinalResult::wallSeconds);
  }

  /** Teacher updates per finished run, a mean. */
  public OptionalDouble teacherUpdates() {
    return meanOf(FinalResult::teacherUpdates);
  }

  /** Student updates per finished run, a mean. */
  public OptionalDouble studentUpdates() {
    return meanOf(FinalResult::studentUpdates);
  }

  /** Largest peak memory of its runs, in bytes. */
  public OptionalDouble peakBytes() {
    return numbers(FinalResult::peakBytes).stream().mapToDouble(Double::doubleValue).max();
  }

  /** Whether it is Learning from Teaching in any of its settings. */
  public boolean isLot() {
    return method.equals("lot");
  }

  /** Whether it is the teacher alone with another method's compute. */
  public boolean isEqualCompute() {
    return method.equals("teacher-only-equal-compute");
  }

  /** What happened to the seeds without a value, for people: {@code 1 diverged, 2 not run}. */
  public String losses() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    missing.values().forEach(reason -> counts.merge(reason, 1, Integer::sum));
    List<String> parts = new ArrayList<>();
    counts.forEach((reason, count) -> parts.add(count + " " + reason));
    return String.join(", ", parts);
  }

  private int count(Status status) {
    return (int) runs.stream().filter(run -> run.status() == status).count();
  }

  private OptionalDouble meanOf(Function<FinalResult, OptionalDouble> number) {
    return Sample.of(numbers(number)).mean();
  }

  private List<Double> numbers(Function<FinalResult, OptionalDouble> number) {
    return runs.stream()
        .flatMap(run -> run.result().stream())
        .map(number)
        .flatMapToDouble(OptionalDouble::stream)
        .boxed()
        .toList();
  }
}
