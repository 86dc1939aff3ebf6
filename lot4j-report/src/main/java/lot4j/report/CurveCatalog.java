package lot4j.report;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which learning curves a comparison is shown with, the most telling first. */
final class CurveCatalog {
  private static final int MOST = 6;

  /** Of reinforcement learning, on training lines: what is learned, then whether learning works. */
  private static final List<String> REINFORCEMENT =
      List.of(
          "teacher/return",
          "teacher/episode_length",
          "teacher/imitability",
          "teacher/entropy",
          "teacher/value_loss",
          "teacher/approximate_kl");

  private CurveCatalog() {}

  /** A metric of a split, such as {@code valid} and {@code teacher/accuracy}. */
  record Choice(String split, String metric) {
    /** {@code teacher accuracy (valid)}. */
    String words() {
      return metric.replace('/', ' ').replace('_', ' ')
          + " ("
          + split
          + (isFraction() ? ", %)" : ")");
    }

    /** Whether it is drawn in percent. */
    boolean isFraction() {
      return Metric.isFraction(metric.substring(metric.lastIndexOf('/') + 1));
    }
  }

  static List<Choice> of(Comparison comparison) {
    Set<Choice> recorded = new LinkedHashSet<>();
    Set<String> learners = new TreeSet<>();
    for (MethodResult method : comparison.methods()) {
      for (RunDirectory run : method.runs()) {
        for (MetricLine line : run.metrics()) {
          for (String key : line.numbers().keySet()) {
            if (key.contains("/")) {
              recorded.add(new Choice(line.split(), key));
              learners.add(key.substring(0, key.indexOf('/')));
            }
          }
        }
      }
    }
    Set<Choice> wanted = new LinkedHashSet<>();
    if (comparison.isReinforcement()) {
      REINFORCEMENT.forEach(metric -> wanted.add(new Choice("train", metric)));
    }
    String quantity = comparison.primary().map(Metric::quantity).orElse("accuracy");
    for (String split : List.of("valid", "test", "train")) {
      wanted.add(new Choice(split, "teacher/" + quantity));
    }
    wanted.add(new Choice("valid", "teacher/loss"));
    wanted.add(new Choice("train", "teacher/imitability"));
    wanted.add(new Choice("train", "teacher/task_loss"));
    wanted.add(new Choice("train", "teacher/loss"));
    learners.stream()
        .filter(learner -> learner.startsWith("student"))
        .forEach(student -> wanted.add(new Choice("valid", student + "/" + quantity)));
    return wanted.stream().filter(recorded::contains).limit(MOST).toList();
  }
}
