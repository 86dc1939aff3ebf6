package lot4j.method;

import java.util.List;
import lot4j.DataStream;
import lot4j.Exercise;
import lot4j.Imitability;
import lot4j.Output;
import lot4j.Penalty;
import lot4j.Piecewise;
import lot4j.Require;
import lot4j.Schedule;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.method.TeacherStep.Answer;
import lot4j.optim.Average;
import lot4j.optim.Snapshot;
import lot4j.train.Pace;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The teacher alone with a copy of itself in the student's place, which nothing trains: LoT's
 * regularizer on the task batch, with the copy's answer as a constant.
 *
 * <pre>{@code
 * L = task + α · μ(t, sg[copy])
 * }</pre>
 *
 * <p>The copy answers through the teacher's learner, in its reference mode and with its reference
 * dropout; what a recurrent copy carries along the task's stream is the teacher's memory of the
 * students' stream, of which there is none here. Where α is 0 the copy is not asked.
 *
 * @param alpha α at each teacher step
 * @param metric μ
 * @param start α is 0 before this teacher step
 * @param every the copy is asked on every k-th teacher step only, beginning with the first
 * @param epochs what goes by the epochs of the task's stream
 * @param following how the copy follows
 */
public record OwnCopy(
    Schedule alpha, Imitability metric, long start, int every, Epochs epochs, Following following)
    implements MethodSpec {

  public OwnCopy {
    Require.atLeast("start", start, 0L);
    Require.atLeast("every", every, 1);
  }

  @Override
  public boolean usesStudents() {
    return false;
  }

  @Override
  public OwnCopy at(Paces paces) {
    return new OwnCopy(
        alpha, metric, start, every, epochs.of(paces.task().stepsPerEpoch()), following.at(paces));
  }

  private double alphaAt(long step) {
    return step % every == 0 ? new Alpha(alpha, start, epochs).at(step) : 0;
  }

  @Override
  public <B> Method over(Setting<B> setting) {
    epochs.requireKnown();
    return new AtWork<>(this, setting, new Snapshot(setting.networks().teacher()));
  }

  @Override
  public Bill bill(long updates, int students, Paces paces) {
    OwnCopy known = at(paces);
    Alpha inForce = new Alpha(alpha, start, known.epochs);
    return new Recurring(Recurring.together(paces.task().stepsPerEpoch(), every), inForce::alike)
        .sum(updates, (tally, step) -> known.update(tally, step, paces.task()))
        .bill(0);
  }

  private void update(Bill.Tally tally, long step, Pace pace) {
    if (step % pace.stepsPerEpoch() == 0) {
      tally.teacherAnswers(pace.acting());
    }
    tally.teacherStep(pace.samples(step), pace.taken(step));
    if (alphaAt(step) > 0) {
      tally.teacherAnswers(pace.samples(step));
    }
  }

  /** Owns the copy. */
  private record AtWork<B>(OwnCopy method, Setting<B> setting, Snapshot copy) implements Method {
    @Override
    public Update update(long step) {
      double weight = method.alphaAt(step);
      Update update;
      if (weight == 0) {
        setting.teacher().memory(DataStream.STUDENT).clear(); // what was carried ends at a gap
        update = TeacherOnly.update(setting);
      } else {
        update = TeacherStep.make(setting, (exercise, batch) -> answer(exercise, batch, weight));
      }
      method.following.follow(copy, step);
      return update;
    }

    private Answer answer(Exercise exercise, B batch, double weight) {
      Output reference;
      try (Average.Swap inPlace = copy.swapIn()) {
        // Kept: logits that are made later would be made of the teacher's own last layer.
        reference = setting.teacher().answer(exercise, DataStream.STUDENT).kept();
      }
      Answer plain = TeacherStep.study(setting, exercise, batch);
      Tensor mu = Piecewise.measure(method.metric, plain.output(), reference, exercise.mask());
      return plain.plus(new Penalty(mu.mul(new Scalar(weight)), mu.detach(), List.of()));
    }

    @Override
    public void save(StateWriter out) {
      copy.save(out.section("copy"));
    }

    @Override
    public void restore(StateReader in) {
      copy.restore(in.section("copy"));
    }

    @Override
    public void close() {
      copy.close();
    }
  }
}
