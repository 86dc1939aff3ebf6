package lot4j.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which curves a comparison is shown with, by topic, the most telling first. */
final class CurveCatalog {
  private static final int MOST = 6;

  private static final List<String> SPLITS = List.of("valid", "test", "train");

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

  /** What was learned: the curves that come first. */
  static List<Choice> of(Comparison comparison) {
    return topics(comparison).getOrDefault("Learning curves", List.of());
  }

  /** Every topic that has a curve, in order of reading. */
  static Map<String, List<Choice>> topics(Comparison comparison) {
    Set<Choice> recorded = recorded(comparison);
    List<String> students =
        List.copyOf(
            new TreeSet<>(
                recorded.stream()
                    .map(choice -> learner(choice.metric()))
                    .filter(learner -> learner.startsWith("student"))
                    .toList()));
    Map<String, List<Choice>> topics = new LinkedHashMap<>();
    topics.put("Learning curves", learning(comparison, students));
    topics.put("Imitability", imitability(students));
    topics.put("Entropy and calibration", entropy(students));
    if (comparison.isReinforcement()) {
      topics.put("Inside the policy", policy());
    }
    Set<Choice> taken = new LinkedHashSet<>();
    topics.replaceAll(
        (topic, wanted) ->
            wanted.stream().filter(recorded::contains).filter(taken::add).limit(MOST).toList());
    topics.values().removeIf(List::isEmpty);
    return topics;
  }

  private static List<Choice> learning(Comparison comparison, List<String> students) {
    List<Choice> wanted = new ArrayList<>();
    if (comparison.isReinforcement()) {
      wanted.add(new Choice("train", "teacher/return"));
      wanted.add(new Choice("train", "teacher/episode_length"));
    }
    String quantity = comparison.primary().map(Metric::quantity).orElse("accuracy");
    SPLITS.forEach(split -> wanted.add(new Choice(split, "teacher/" + quantity)));
    wanted.add(new Choice("valid", "teacher/loss"));
    wanted.add(new Choice("train", "teacher/task_loss"));
    wanted.add(new Choice("train", "teacher/loss"));
    students.forEach(student -> wanted.add(new Choice("valid", student + "/" + quantity)));
    return wanted;
  }

  /** In training, then evaluated in both directions. */
  private static List<Choice> imitability(List<String> students) {
    List<Choice> wanted = new ArrayList<>();
    wanted.add(new Choice("train", "teacher/imitability"));
    students.forEach(student -> wanted.add(new Choice("train", student + "/imitability")));
    for (String student : students) {
      for (String metric :
          List.of("kl_free_reference", "kl_reference_free", "agreement", "distance")) {
        wanted.add(new Choice("valid", student + "/" + metric));
        wanted.add(new Choice("test", student + "/" + metric));
      }
    }
    return wanted;
  }

  private static List<Choice> entropy(List<String> students) {
    List<Choice> wanted = new ArrayList<>();
    List<String> learners = new ArrayList<>(List.of("teacher"));
    learners.addAll(students);
    for (String metric : List.of("entropy", "ece")) {
      for (String learner : learners) {
        wanted.add(new Choice("valid", learner + "/" + metric));
        wanted.add(new Choice("test", learner + "/" + metric));
      }
    }
    return wanted;
  }

  private static List<Choice> policy() {
    return List.of(
        new Choice("train", "teacher/entropy"),
        new Choice("train", "teacher/value_loss"),
        new Choice("train", "teacher/approximate_kl"));
  }

  private static String learner(String metric) {
    return metric.substring(0, metric.indexOf('/'));
  }

  private static Set<Choice> recorded(Comparison comparison) {
    Set<Choice> recorded = new LinkedHashSet<>();
    for (RunDirectory run : Provenance.runs(comparison)) {
      for (MetricLine line : run.metrics()) {
        for (String key : line.numbers().keySet()) {
          if (key.contains("/")) {
            recorded.add(new Choice(line.split(), key));
          }
        }
      }
    }
    return recorded;
  }
}
