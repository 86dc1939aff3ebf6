package lot4j.config;

import java.util.List;
import java.util.Locale;
import lot4j.ReferenceMode;
import lot4j.method.Order;
import lot4j.method.RegularizeOn;
import lot4j.method.StudentTargets;

/** What {@link Objective} sets, by kind of task: the table of the published settings. */
public final class Objectives {
  /** The keys of {@code lot} that an objective decides. */
  static final List<String> KEYS =
      List.of(
          "alpha",
          "steps",
          "teacher-metric",
          "student-metric",
          "temperature",
          "scale-by-t2",
          "student-task-weight",
          "student-metric-weight",
          "order",
          "regularize-on",
          "reference-mode",
          "start");

  /** The section and key of the students' passes through their memory, decided likewise. */
  static final String REPLAY = "replay";

  static final String PASSES = "passes";

  private Objectives() {}

  /**
   * How often the students go through their memory after each rollout where the configuration does
   * not say: 5 times in the released program, never in the paper's algorithm.
   */
  static int passes(Objective objective) {
    return objective == Objective.RELEASED ? 5 : 0;
  }

  /**
   * The section {@code lot} with nothing given but the objective.
   *
   * @param kind {@code task.kind}; tabular and unknown kinds take the images' column
   * @param model the teacher's model; Transformer-XL has numbers of its own
   * @param data {@code task.data}; so has WikiText-103
   */
  public static LotConfig of(Objective objective, String kind, String model, String data) {
    boolean text = kind.equals("text");
    boolean rl = kind.equals("rl");
    boolean tuned = kind.equals("instructions");
    boolean xl = text && model.startsWith("transformer-xl");
    boolean wt103 = text && isWikiText103(data);
    if (objective == Objective.PAPER) {
      double alpha = rl ? 0.5 : xl ? 0.1 : tuned ? 0.01 : 1.0;
      double temperature = rl ? 1 : xl || tuned ? 2 : 1.5;
      return lot(objective, alpha, rl ? 5 : 1, temperature, rl);
    }
    double alpha = tuned ? 0.01 : !text ? 0.5 : wt103 ? 0.1 : xl ? 0.5 : 1;
    int steps = rl ? 1 : !text ? 2 : wt103 ? 4 : 5;
    return lot(objective, alpha, steps, rl ? 1 : 1.5, rl);
  }

  private static boolean isWikiText103(String data) {
    String name = data.toLowerCase(Locale.ROOT);
    return name.contains("wikitext-103") || name.contains("wikitext103") || name.contains("wt103");
  }

  private static LotConfig lot(
      Objective objective, double alpha, int steps, double temperature, boolean rl) {
    boolean released = objective == Objective.RELEASED;
    boolean labels = released && !rl;
    String metric = released ? "kl-reference-free" : "kl-free-reference";
    return new LotConfig(
        objective,
        new AlphaSchedule.Constant(alpha),
        steps,
        metric,
        metric,
        temperature,
        released,
        labels ? 1 : 0,
        labels ? MetricWeight.alpha() : MetricWeight.of(1),
        released ? Order.JOINT : Order.TEACHER_FIRST,
        released ? RegularizeOn.TASK_BATCH : RegularizeOn.FRESH_BATCH,
        ReferenceMode.TRAIN,
        released && rl ? Start.rollout() : Start.at(0),
        1,
        1,
        StudentTargets.FRESH);
  }
}
