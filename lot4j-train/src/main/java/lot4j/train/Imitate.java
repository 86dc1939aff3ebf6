package lot4j.train;

import java.util.regex.Pattern;
import lot4j.Require;

/**
 * The section {@code imitate}: the run's network learns to say what a finished run's network says,
 * without labels. The finished network is frozen and asked in eval mode.
 *
 * <p>Source: the first experiment of Jin, Che et al., NeurIPS 2024, arXiv 2402.02769, where
 * students imitate a frozen teacher by KL(student ‖ teacher).
 *
 * @param run directory of a finished run, or of one checkpoint of any run
 * @param learner whom to imitate: {@code teacher}, {@code student0}, …; default teacher
 * @param metric the measure that is minimised; default kl-free-reference, KL(student ‖ teacher)
 * @param temperature divides both sides' logits in it, above 0; default 1
 * @param scaleByT2 whether it is multiplied by the squared temperature; default false
 * @param scoreTrain whether each evaluation also scores the whole training split; default true
 */
public record Imitate(
    String run,
    String learner,
    String metric,
    double temperature,
    boolean scaleByT2,
    boolean scoreTrain) {
  /** The section's name in a configuration. */
  public static final String SECTION = "imitate";

  private static final Pattern LEARNER = Pattern.compile("teacher|student[0-9]{1,3}");

  public Imitate {
    Require.that(!run.isBlank(), "imitate.run", run, "a directory of a finished run");
    Require.that(
        LEARNER.matcher(learner).matches(),
        "imitate.learner",
        learner,
        "teacher, student0, student1, …");
    Require.positive("imitate.temperature", temperature);
  }

  /** A run's teacher, imitated as in the paper. */
  public static Imitate teacherOf(String run) {
    return new Imitate(run, "teacher", "kl-free-reference", 1, false, true);
  }
}
