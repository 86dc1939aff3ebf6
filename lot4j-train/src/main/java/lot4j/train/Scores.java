package lot4j.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import lot4j.Network;
import lot4j.checkpoint.Checkpoint;
import org.bytedeco.javacpp.PointerScope;

/**
 * What a run's networks score, at every evaluation and once at the end: metrics by learner.
 *
 * <p>Of several processes rank 0 judges and tells the others. Where a task's batches can be
 * answered apart, all of them answer; the score at the end is rank 0's alone, which has the
 * checkpoint that is scored.
 */
final class Scores<B> {
  private final Course<B> course;
  private final Talk talk;
  private final Map<String, ObjectNode> details = new LinkedHashMap<>();

  Scores(Course<B> course, Talk talk) {
    this.course = course;
    this.talk = talk;
  }

  /** The scores on a split, the same at every process. */
  Map<String, Map<String, Double>> on(Split split) {
    if (talk.company().size() == 1 || !task().scoresBatches()) {
      return talk.scores(() -> judged(split));
    }
    Map<String, Map<String, Double>> found =
        Scoring.scores(
            course, networks -> task().score(DividedNetwork.of(networks, talk.company()), split));
    return talk.scores(() -> found);
  }

  /** The same for a line of metrics: {@code teacher/accuracy}; what is of the data by its name. */
  Map<String, Double> flat(Map<String, Map<String, Double>> scores) {
    Set<String> shared = task().ofTheData();
    Map<String, Double> flat = new LinkedHashMap<>();
    scores.forEach(
        (who, each) ->
            each.forEach(
                (name, v) -> flat.put(shared.contains(name) ? name : who + "/" + name, v)));
    return flat;
  }

  /** Takes the weights of a checkpoint, to be scored. */
  void recall(Checkpoint chosen) {
    try (PointerScope scope = new PointerScope()) {
      course.seats().forEach(seat -> seat.recall(chosen));
      course.average().ifPresent(average -> average.restore(chosen.state().section("ema")));
    }
  }

  /**
   * The scores of a finished run by split; the only place where the test split is looked at, unless
   * it is {@link Prepared#watched}.
   *
   * @param test takes those of the test split
   */
  Map<String, Map<String, Map<String, Double>>> atTheEnd(
      Consumer<Map<String, Map<String, Double>>> test) {
    Map<String, Map<String, Map<String, Double>>> splits = new LinkedHashMap<>();
    Set<Split> finale = course.prepared().finale();
    for (Split split : Split.values()) {
      boolean asked = split == Split.VALID || finale.contains(split);
      if (asked && course.prepared().splits().contains(split)) {
        splits.put(split.key(), split == Split.TEST ? examined(test) : judged(split));
      }
    }
    return splits;
  }

  /**
   * What lies behind the scores on the test split, by learner; empty before they were asked for.
   */
  Map<String, ObjectNode> details() {
    return Collections.unmodifiableMap(details);
  }

  private Map<String, Map<String, Double>> examined(
      Consumer<Map<String, Map<String, Double>>> test) {
    Map<String, Map<String, Double>> scores = new LinkedHashMap<>();
    Scoring.scores(course, networks -> task().examine(networks, Split.TEST))
        .forEach(
            (who, examined) -> {
              scores.put(who, examined.metrics());
              examined.details().ifPresent(behind -> details.put(who, behind));
            });
    test.accept(scores);
    return scores;
  }

  private Map<String, Map<String, Double>> judged(Split split) {
    return Scoring.scores(course, (List<Network> networks) -> task().score(networks, split));
  }

  private Task<B> task() {
    return course.prepared().task();
  }
}
