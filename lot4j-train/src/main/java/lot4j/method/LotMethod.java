package lot4j.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.DataStream;
import lot4j.Exercise;
import lot4j.Imitability;
import lot4j.Learner;
import lot4j.Lesson;
import lot4j.Lot;
import lot4j.Output;
import lot4j.Penalty;
import lot4j.Require;
import lot4j.Schedule;
import lot4j.Student;
import lot4j.StudentLoss;
import lot4j.train.Pace;
import lot4j.train.Task;
import org.bytedeco.pytorch.Tensor;

/**
 * Learning from Teaching: when {@link Lot}'s two verbs are called, and on which batches.
 *
 * <p>Source: Jin, Che et al., NeurIPS 2024, Algorithm 1 (order teacher-first on a fresh batch), and
 * the authors' released code (order joint on the task batch).
 *
 * @param alpha α at each teacher step
 * @param steps N; in joint order the joint step counts
 * @param teacherMetric μ in the teacher's loss
 * @param studentMetric μ in the students' losses
 * @param studentTaskWeight weight of the labels in a student's loss; 0 as in the paper
 * @param studentMetricWeight weight of μ in a student's loss; empty follows α
 * @param order who steps first
 * @param regularizeOn the regularizer's batch
 * @param start α is 0 before this teacher step; students learn from step 0
 * @param every LoT's part happens on every k-th teacher step only, beginning with the first
 * @param batchFraction the part of a batch that the regularizer and the students use
 * @param studentTargets where the first student step's targets come from
 * @param observe whether μ is measured, without gradient, on teacher steps where α is 0; training
 *     leaves it off, for it costs forwards
 */
public record LotMethod(
    Schedule alpha,
    int steps,
    Imitability teacherMetric,
    Imitability studentMetric,
    double studentTaskWeight,
    Optional<Double> studentMetricWeight,
    Order order,
    RegularizeOn regularizeOn,
    long start,
    int every,
    double batchFraction,
    StudentTargets studentTargets,
    boolean observe)
    implements MethodSpec {

  public LotMethod {
    Require.atLeast("steps", steps, 0);
    Require.atLeast("every", every, 1);
    Require.atLeast("start", start, 0L);
    Require.that(
        batchFraction > 0 && batchFraction <= 1,
        "batch-fraction",
        batchFraction,
        "above 0, at most 1");
    Require.that(
        order != Order.JOINT || regularizeOn == RegularizeOn.TASK_BATCH,
        "regularize-on",
        regularizeOn,
        "task-batch with order joint");
    Require.that(
        steps >= 1 || (order != Order.JOINT && regularizeOn != RegularizeOn.STUDENT_BATCH),
        "steps",
        steps,
        "1 or more with order joint or regularize-on student-batch");
    Require.that(
        studentTargets == StudentTargets.FRESH
            || (regularizeOn == RegularizeOn.TASK_BATCH && order == Order.TEACHER_FIRST),
        "student-targets",
        studentTargets,
        "reuse only with regularize-on task-batch and order teacher-first");
  }

  @Override
  public boolean usesStudents() {
    return true;
  }

  @Override
  public <B> Method over(Setting<B> setting) {
    Lot.Builder lot =
        Lot.teacher(setting.teacher())
            .teacherMetric(teacherMetric)
            .studentMetric(studentMetric)
            .studentSteps(steps);
    for (Student student : setting.students()) {
      lot.student(student.learner(), student.weight());
    }
    Lot built = lot.build();
    return step ->
        step % every != 0
            ? TeacherOnly.update(setting)
            : new Turn<>(setting, at(built, step)).update();
  }

  /** α in force at a teacher step. */
  double alphaAt(long step) {
    return step < start ? 0 : Require.atLeast("lot.alpha", alpha.at(step), 0.0);
  }

  private Lot at(Lot lot, long step) {
    // A weight that follows α does so before the start too: students learn from step 0.
    return lot.withAlpha(alphaAt(step))
        .withStudentLoss(
            new StudentLoss(
                studentTaskWeight, studentMetricWeight.orElseGet(() -> alpha.at(step))));
  }

  /** One update: a teacher step and the student steps that belong to it. */
  private final class Turn<B> {
    private final Setting<B> setting;
    private final Task<B> task;
    private final Learner teacher;
    private final Lot lot;
    private final List<B> batches;
    private final List<Exercise> exercises = new ArrayList<>();
    private final List<Double> shares;
    private final List<Output> answers = new ArrayList<>();
    private final List<Lesson> lessons = new ArrayList<>();

    Turn(Setting<B> setting, Lot lot) {
      this.setting = setting;
      this.task = setting.task();
      this.teacher = setting.teacher();
      this.lot = lot;
      this.batches = setting.taskStream().next();
      this.shares = TeacherOnly.shares(task, batches);
      batches.forEach(batch -> exercises.add(task.exercise(batch)));
    }

    Update update() {
      return switch (order) {
        case TEACHER_FIRST -> teacherFirst();
        case STUDENTS_FIRST -> studentsFirst();
        case JOINT -> joint();
      };
    }

    private Update teacherFirst() {
      Draw regularizer = regularizeOn == RegularizeOn.TASK_BATCH ? Draw.none() : draw();
      Update update = teacherStep(regularizer);
      for (int j = 0; j < steps; j++) {
        if (j == 0 && studentTargets == StudentTargets.REUSE) {
          if (regularizes()) {
            rewind(DataStream.TASK);
          }
          teachFromAnswers();
        } else if (j == 0 && regularizeOn == RegularizeOn.STUDENT_BATCH) {
          if (regularizes()) {
            rewind(DataStream.STUDENT);
          }
          teach(regularizer);
        } else {
          teach(draw());
        }
      }
      return withLessons(update);
    }

    private Update studentsFirst() {
      Draw last = Draw.none();
      for (int j = 0; j < steps; j++) {
        last = draw();
        teach(last);
      }
      if (regularizeOn == RegularizeOn.FRESH_BATCH) {
        last = draw();
      } else if (regularizeOn == RegularizeOn.STUDENT_BATCH && regularizes()) {
        rewind(DataStream.STUDENT);
      }
      return withLessons(teacherStep(regularizeOn == RegularizeOn.TASK_BATCH ? Draw.none() : last));
    }

    /** The teacher's step: task loss + α·Σ λᵢ·μ(t, sᵢ). */
    private Update teacherStep(Draw regularizer) {
      boolean onTask = regularizeOn == RegularizeOn.TASK_BATCH;
      List<Tensor> losses = new ArrayList<>();
      List<Map<String, Tensor>> observed = new ArrayList<>();
      List<Penalty> penalties = new ArrayList<>();
      List<Double> penaltyShares = onTask ? shares : regularizer.shares();
      teacher.zeroGrad();
      for (int i = 0; i < Math.max(batches.size(), regularizer.exercises().size()); i++) {
        Optional<Tensor> sum = Optional.empty();
        if (i < batches.size()) {
          Output output = teacher.study(exercises.get(i).inputs(), DataStream.TASK);
          Tensor loss = task.loss(output, batches.get(i));
          sum = Optional.of(Share.of(loss, shares.get(i)));
          losses.add(loss.detach());
          observed.add(task.observe(output.constant(), batches.get(i)));
          answers.add(output);
          if (!onTask) {
            // Before the regularizer's own batch is asked for: one graph at a time is in memory.
            sum.ifPresent(teacher::accumulate);
            sum = Optional.empty();
          }
        }
        if (regularizes() && (onTask || i < regularizer.exercises().size())) {
          Penalty penalty =
              onTask
                  ? lot.penalty(part(exercises.get(i)), part(answers.get(i)))
                  : lot.penalty(regularizer.exercises().get(i));
          penalties.add(penalty);
          if (lot.alpha() > 0) {
            Tensor term = Share.of(penalty.term(), penaltyShares.get(i));
            sum = Optional.of(sum.map(s -> s.add(term)).orElse(term));
          }
        }
        sum.ifPresent(teacher::accumulate);
      }
      teacher.step();
      return update(losses, observed, penalties, penaltyShares);
    }

    /** The released code's step: all gradients from the old weights, then all step. */
    private Update joint() {
      List<Tensor> losses = new ArrayList<>();
      List<Map<String, Tensor>> observed = new ArrayList<>();
      List<Penalty> penalties = new ArrayList<>();
      List<Lesson> marks = new ArrayList<>();
      teacher.zeroGrad();
      lot.zeroGrad();
      for (int i = 0; i < batches.size(); i++) {
        Exercise shared = part(exercises.get(i));
        Output output = teacher.study(exercises.get(i).inputs(), DataStream.TASK);
        List<Output> students = lot.study(shared, DataStream.TASK);
        Tensor loss = task.loss(output, batches.get(i));
        Output sharedOutput = part(output);
        Penalty penalty = lot.penalty(shared.mask(), sharedOutput, students);
        Tensor sum = lot.alpha() > 0 ? loss.add(penalty.term()) : loss;
        marks.add(lot.accumulate(shared, sharedOutput, students, shares.get(i)));
        teacher.accumulate(Share.of(sum, shares.get(i)));
        losses.add(loss.detach());
        observed.add(task.observe(output.constant(), batches.get(i)));
        penalties.add(penalty);
      }
      teacher.step();
      lot.step();
      lessons.add(Share.lessons(marks, shares));
      for (int j = 1; j < steps; j++) {
        teach(draw());
      }
      return withLessons(update(losses, observed, penalties, shares));
    }

    private boolean regularizes() {
      return lot.alpha() > 0 || observe;
    }

    private void teach(Draw batch) {
      List<Lesson> marks = new ArrayList<>();
      lot.zeroGrad();
      for (int i = 0; i < batch.exercises().size(); i++) {
        Exercise exercise = batch.exercises().get(i);
        Output target = teacher.answer(exercise.inputs(), DataStream.STUDENT);
        List<Output> students = lot.study(exercise, DataStream.STUDENT);
        marks.add(lot.accumulate(exercise, target, students, batch.shares().get(i)));
      }
      lot.step();
      lessons.add(Share.lessons(marks, batch.shares()));
    }

    private void teachFromAnswers() {
      List<Lesson> marks = new ArrayList<>();
      lot.zeroGrad();
      for (int i = 0; i < batches.size(); i++) {
        Exercise exercise = part(exercises.get(i));
        List<Output> students = lot.study(exercise, DataStream.TASK);
        marks.add(lot.accumulate(exercise, part(answers.get(i)), students, shares.get(i)));
      }
      lot.step();
      lessons.add(Share.lessons(marks, shares));
    }

    /** The next batch of the students' stream, cut to its fraction. */
    private Draw draw() {
      List<B> drawn = setting.studentStream().next();
      List<Exercise> parts = new ArrayList<>();
      drawn.forEach(batch -> parts.add(part(task.exercise(batch))));
      return new Draw(parts, TeacherOnly.shares(task, drawn));
    }

    /** A batch is about to be read a second time: memories go back to before it. */
    private void rewind(DataStream stream) {
      if (stream == DataStream.STUDENT) {
        teacher.memory(stream).rewind();
      }
      setting.students().forEach(student -> student.learner().memory(stream).rewind());
    }

    private Exercise part(Exercise whole) {
      return batchFraction == 1 ? whole : task.part(whole, batchFraction);
    }

    private Output part(Output whole) {
      return batchFraction == 1 ? whole : task.part(whole, batchFraction);
    }

    private Update update(
        List<Tensor> losses,
        List<Map<String, Tensor>> observed,
        List<Penalty> penalties,
        List<Double> penaltyShares) {
      Tensor taskLoss = Share.sum(losses, shares);
      Optional<Penalty> penalty =
          penalties.isEmpty()
              ? Optional.empty()
              : Optional.of(Share.penalties(penalties, penaltyShares));
      return new Update(
          TeacherOnly.samples(task, batches),
          taskLoss,
          penalty.map(p -> taskLoss.add(p.term().detach())).orElse(taskLoss),
          penalty,
          List.of(),
          TeacherOnly.mean(observed, shares));
    }

    private Update withLessons(Update update) {
      return new Update(
          update.samples(),
          update.taskLoss(),
          update.loss(),
          update.penalty(),
          lessons,
          update.observed());
    }
  }

  /** Batches of the students' stream for one step, and the share of each. */
  private record Draw(List<Exercise> exercises, List<Double> shares) {
    static Draw none() {
      return new Draw(List.of(), List.of());
    }
  }

  @Override
  public Bill bill(long updates, int students, Paces paces) {
    Bill.Tally tally = new Bill.Tally();
    Drawn drawn = new Drawn(paces.student());
    for (long step = 0; step < updates; step++) {
      long n = paces.task().samples(step);
      tally.teacherStep(n);
      if (step % every == 0) {
        long part = paces.task().samples(step, batchFraction);
        bill(tally, alphaAt(step) > 0 || observe, part, drawn);
      }
    }
    return tally.bill(students);
  }

  private void bill(Bill.Tally tally, boolean regularizes, long task, Drawn drawn) {
    if (order == Order.JOINT) {
      tally.studentsStep(task);
      for (int j = 1; j < steps; j++) {
        taught(tally, drawn.next());
      }
      return;
    }
    long last = 0;
    int first = 0;
    if (order == Order.STUDENTS_FIRST) {
      for (int j = 0; j < steps; j++) {
        last = drawn.next();
        taught(tally, last);
      }
      first = steps;
    }
    if (regularizeOn == RegularizeOn.FRESH_BATCH
        || (regularizeOn == RegularizeOn.STUDENT_BATCH && order == Order.TEACHER_FIRST)) {
      last = drawn.next();
    }
    if (regularizes && regularizeOn == RegularizeOn.TASK_BATCH) {
      tally.studentsAnswer(task);
    } else if (regularizes) {
      tally.teacherRehearses(last);
      tally.studentsAnswer(last);
    }
    for (int j = first; j < steps; j++) {
      if (j == 0 && studentTargets == StudentTargets.REUSE) {
        tally.studentsStep(task);
      } else {
        taught(tally, j == 0 && regularizeOn == RegularizeOn.STUDENT_BATCH ? last : drawn.next());
      }
    }
  }

  private static void taught(Bill.Tally tally, long n) {
    tally.teacherAnswers(n);
    tally.studentsStep(n);
  }

  /** Walks along the students' stream. */
  private final class Drawn {
    private final Pace pace;
    private long index;

    Drawn(Pace pace) {
      this.pace = pace;
    }

    long next() {
      return pace.samples(index++, batchFraction);
    }
  }
}
