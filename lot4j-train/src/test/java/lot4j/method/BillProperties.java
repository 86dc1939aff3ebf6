package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import lot4j.Schedule;
import lot4j.config.AlphaSchedule;
import lot4j.imitability.KlDivergence;
import lot4j.train.Pace;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What repeats is counted once and multiplied: with the result of counting all of it. */
class BillProperties {
  private static final KlDivergence KL = new KlDivergence(1.5);

  /** Nobody knows of a plain function whether it is monotone: every update is looked at. */
  private static Schedule walked(Schedule schedule) {
    return schedule::at;
  }

  private static Schedule alpha(int kind, int steps) {
    return switch (kind) {
      case 0 -> Schedule.constant(0.5);
      case 1 -> new AlphaSchedule.Linear(1, 0, steps);
      case 2 -> new AlphaSchedule.Cosine(0, 1, steps);
      default -> new AlphaSchedule.Warmup(1, steps);
    };
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void ofLot(
      @ForAll @IntRange(min = 0, max = 3) int kind,
      @ForAll @IntRange(min = 1, max = 90) int ramp,
      @ForAll @IntRange(min = 0, max = 60) int start,
      @ForAll @IntRange(min = 1, max = 3) int every,
      @ForAll @IntRange(min = 1, max = 4) int steps,
      @ForAll @IntRange(min = 1, max = 13) int taskEpoch,
      @ForAll @IntRange(min = 1, max = 17) int studentEpoch,
      @ForAll Order order,
      @ForAll RegularizeOn on,
      @ForAll @IntRange(min = 0, max = 40) int states,
      @ForAll @IntRange(min = 1, max = 3) int memories,
      @ForAll @IntRange(min = 1, max = 200) int updates) {
    RegularizeOn batch = order == Order.JOINT ? RegularizeOn.TASK_BATCH : on;
    boolean rollouts = states > 20;
    Pace task = Pace.of(taskEpoch, 3, 1);
    Paces paces =
        new Paces(rollouts ? task.rollout(2, 4) : task, Pace.of(studentEpoch, 4, 1), memories);
    Epochs epochs = rollouts ? new Epochs(true, Optional.of(new Review(2, states))) : Epochs.none();
    Schedule alpha = alpha(kind, ramp);
    LotMethod method =
        new LotMethod(
            alpha,
            steps,
            KL,
            KL,
            0,
            Optional.of(1.0),
            order,
            batch,
            start,
            every,
            0.6,
            StudentTargets.FRESH,
            false,
            epochs);
    LotMethod plain =
        new LotMethod(
            walked(alpha),
            steps,
            KL,
            KL,
            0,
            Optional.of(1.0),
            order,
            batch,
            start,
            every,
            0.6,
            StudentTargets.FRESH,
            false,
            epochs);
    assertThat(method.bill(updates, 2, paces)).isEqualTo(plain.bill(updates, 2, paces));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void ofAnOwnCopy(
      @ForAll @IntRange(min = 0, max = 3) int kind,
      @ForAll @IntRange(min = 1, max = 90) int ramp,
      @ForAll @IntRange(min = 0, max = 60) int start,
      @ForAll @IntRange(min = 1, max = 3) int every,
      @ForAll @IntRange(min = 1, max = 13) int epoch,
      @ForAll boolean later,
      @ForAll @IntRange(min = 1, max = 200) int updates) {
    Pace pace = Pace.of(epoch, 3, 1).rollout(2, 4);
    Paces paces = new Paces(pace, pace);
    Epochs epochs = new Epochs(later, Optional.empty());
    Following following = new MeanTeacher(0.9);
    Schedule alpha = alpha(kind, ramp);
    assertThat(new OwnCopy(alpha, KL, start, every, epochs, following).bill(updates, 0, paces))
        .isEqualTo(
            new OwnCopy(walked(alpha), KL, start, every, epochs, following)
                .bill(updates, 0, paces));
  }
}
