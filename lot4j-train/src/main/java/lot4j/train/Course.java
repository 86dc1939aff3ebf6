package lot4j.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import lot4j.method.Method;
import lot4j.optim.Average;

/**
 * Everything that one run trains with, put together.
 *
 * @param prepared the task and its data
 * @param teacher the model that is kept
 * @param students the models that imitate it
 * @param method who learns from whom
 * @param taskStream the teacher's batches
 * @param studentStream the students' batches
 * @param taskPace the teacher's batch sizes
 * @param horizon length and rhythm
 * @param selectBest whether the checkpoint is chosen on the validation split, else the last counts
 * @param patience evaluations without improvement after which the run ends early
 * @param average the teacher's averaged weights, if kept
 * @param stages trainings that follow one another; the teacher learns in the last
 * @param judged the learner whose score decides
 * @param beginning where both streams begin, if they do so more than once
 */
record Course<B>(
    Prepared<B> prepared,
    Seat teacher,
    List<Seat> students,
    Method method,
    BatchSource<B> taskStream,
    BatchSource<B> studentStream,
    Pace taskPace,
    Horizon horizon,
    boolean selectBest,
    OptionalInt patience,
    Optional<Average> average,
    int stages,
    String judged,
    Optional<Beginning> beginning)
    implements AutoCloseable {

  /** Where a step stands within its own training, from 0: what schedules go by. */
  long withinStage(long scheduleStep) {
    return scheduleStep % stageLength();
  }

  /** Whether the teacher has begun to learn after {@code steps} updates. */
  boolean inLastStage(long steps) {
    return steps > stageLength() * (stages - 1);
  }

  /** Whether a training begins with the update numbered {@code step} from 0, not the first. */
  boolean beginsStage(long step) {
    return stages > 1 && step > 0 && step % stageLength() == 0;
  }

  /** Every training goes through the same batches, so that its learners can be compared. */
  void beginAgain() {
    beginning.orElseThrow().again();
    seats().forEach(seat -> seat.learner().forget());
  }

  private long stageLength() {
    return horizon.updates() / stages;
  }

  List<Seat> seats() {
    List<Seat> seats = new ArrayList<>();
    seats.add(teacher);
    seats.addAll(students);
    return seats;
  }

  /** FLOPs so far: of all learners, and of making their batches. */
  double flops() {
    return seats().stream().mapToDouble(Seat::flops).sum()
        + taskStream.flops()
        + studentStream.flops();
  }

  @Override
  public void close() {
    taskStream.close();
    studentStream.close();
    seats().forEach(Seat::close);
    average.ifPresent(Average::close);
    method.close();
  }
}
