package lot4j.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import lot4j.DataStream;
import lot4j.Exercise;
import lot4j.Joint;
import lot4j.LabelLoss;
import lot4j.Learner;
import lot4j.Lesson;
import lot4j.Lot;
import lot4j.Output;
import lot4j.Part;
import lot4j.Penalty;
import lot4j.method.StudentSteps.Draw;
import lot4j.train.Portion;
import lot4j.train.Task;
import org.bytedeco.pytorch.Tensor;

/** One update: a teacher step and the student method.steps() that belong to it. */
final class LotUpdate<B> {
  private final LotMethod method;
  private final Setting<B> setting;
  private final Task<B> task;
  private final Learner teacher;
  private final Lot lot;
  private final StudentSteps<B> steps;
  private final Portion<B> portion;
  private final List<B> batches;
  private final List<Exercise> exercises = new ArrayList<>();
  private final List<Double> shares;
  private final List<Output> answers = new ArrayList<>();
  private final List<Lesson> lessons = new ArrayList<>();

  LotUpdate(LotMethod method, Setting<B> setting, Lot lot) {
    this.method = method;
    this.setting = setting;
    this.task = setting.task();
    this.teacher = setting.teacher();
    this.lot = lot;
    this.steps = new StudentSteps<>(method, setting, lot);
    this.portion = setting.taskStream().portion(task);
    this.batches = portion.batches();
    this.shares = portion.shares();
    batches.forEach(batch -> exercises.add(task.exercise(batch)));
  }

  Update make() {
    if (portion.nothing()) {
      return Update.nothing();
    }
    return switch (method.order()) {
      case TEACHER_FIRST -> teacherFirst();
      case STUDENTS_FIRST -> studentsFirst();
      case JOINT -> joint();
    };
  }

  private Update teacherFirst() {
    if (method.studentTargets() == StudentTargets.REUSE) {
      mark(DataStream.TASK);
    } else if (method.regularizeOn() == RegularizeOn.STUDENT_BATCH) {
      mark(DataStream.STUDENT);
    }
    Draw regularizer =
        method.regularizeOn() == RegularizeOn.TASK_BATCH ? Draw.none() : steps.draw();
    Update update = teacherStep(regularizer);
    for (int j = 0; j < method.steps(); j++) {
      if (j == 0 && method.studentTargets() == StudentTargets.REUSE) {
        if (regularizes()) {
          rewind(DataStream.TASK);
        }
        teachFromAnswers();
      } else if (j == 0 && method.regularizeOn() == RegularizeOn.STUDENT_BATCH) {
        if (regularizes()) {
          rewind(DataStream.STUDENT);
        }
        teach(regularizer);
      } else {
        teach(steps.draw());
      }
    }
    return withLessons(update);
  }

  private Update studentsFirst() {
    Draw last = Draw.none();
    for (int j = 0; j < method.steps(); j++) {
      mark(DataStream.STUDENT);
      last = steps.draw();
      teach(last);
    }
    if (method.regularizeOn() == RegularizeOn.FRESH_BATCH) {
      last = steps.draw();
    } else if (method.regularizeOn() == RegularizeOn.STUDENT_BATCH && regularizes()) {
      rewind(DataStream.STUDENT);
    }
    return withLessons(
        teacherStep(method.regularizeOn() == RegularizeOn.TASK_BATCH ? Draw.none() : last));
  }

  /** The teacher's step: task loss + α·Σ λᵢ·μ(t, sᵢ). */
  private Update teacherStep(Draw regularizer) {
    boolean onTask = method.regularizeOn() == RegularizeOn.TASK_BATCH;
    List<Tensor> losses = new ArrayList<>();
    List<Map<String, Tensor>> observed = new ArrayList<>();
    List<Penalty> penalties = new ArrayList<>();
    List<Double> penaltyShares = onTask ? shares : regularizer.shares();
    int later = !onTask && lot.alpha() > 0 ? regularizer.exercises().size() : 0;
    int end = Math.max(batches.size(), later) - 1;
    teacher.zeroGrad();
    for (int i = 0; i < Math.max(batches.size(), regularizer.exercises().size()); i++) {
      Optional<Tensor> sum = Optional.empty();
      if (i < batches.size()) {
        Output output = teacher.study(exercises.get(i), DataStream.TASK);
        Tensor loss = task.loss(output, batches.get(i));
        sum = Optional.of(Share.of(loss, shares.get(i)));
        losses.add(loss.detach());
        observed.add(task.observe(output.constant(), batches.get(i)));
        answers.add(output);
        if (!onTask) {
          // Before the regularizer's own batch is asked for: one graph at a time is in memory.
          teacher.accumulate(sum.get(), i == end && i >= later);
          sum = Optional.empty();
        }
      }
      if (regularizes() && !onTask && i < regularizer.exercises().size()) {
        Exercise other = regularizer.exercises().get(i);
        penalties.add(lot.regularize(other, new Part(penaltyShares.get(i), i == end)));
      } else if (regularizes() && onTask) {
        Penalty penalty = lot.penalty(part(exercises.get(i)), part(answers.get(i)));
        penalties.add(penalty);
        if (lot.alpha() > 0) {
          Tensor term = Share.of(penalty.term(), penaltyShares.get(i));
          sum = Optional.of(sum.map(s -> s.add(term)).orElse(term));
        }
      }
      if (sum.isPresent()) {
        teacher.accumulate(sum.get(), i == end);
      }
    }
    if (method.studentTargets() == StudentTargets.REUSE) {
      answers.replaceAll(Output::kept); // the step moves what projected answers are made of
    }
    teacher.step();
    forgetBeforeGaps();
    boolean penalised = regularizes() && (onTask || !regularizer.nothing());
    return update(losses, observed, penalised, penalties, penaltyShares);
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
      Output output = teacher.study(exercises.get(i), DataStream.TASK);
      List<Output> students = lot.study(shared, DataStream.TASK);
      Joint made = lot.together(shared, own(i, output), part(output), students, step(i));
      losses.add(made.task());
      observed.add(task.observe(output.constant(), batches.get(i)));
      penalties.add(made.penalty());
      marks.add(made.lesson());
    }
    teacher.step();
    lot.step();
    lessons.add(Share.lessons(marks, shares, setting.students().size()));
    for (int j = 1; j < method.steps(); j++) {
      teach(steps.draw());
    }
    return withLessons(update(losses, observed, true, penalties, shares));
  }

  /**
   * The teacher's own loss, by its parts where the task tells them; of the whole batch, also where
   * LoT sees but a part of it.
   */
  private Function<Output, Tensor> own(int i, Output whole) {
    return exercises
        .get(i)
        .task()
        .filter(loss -> method.batchFraction() == 1 && loss instanceof LabelLoss)
        .orElse(partly -> task.loss(whole, batches.get(i)));
  }

  /** Before a batch that was not read: what was carried to it is no context for what follows. */
  private void forgetBeforeGaps() {
    boolean onTask = method.regularizeOn() == RegularizeOn.TASK_BATCH;
    boolean reused = method.studentTargets() == StudentTargets.REUSE && method.steps() > 0;
    if (!reused && (!onTask || !regularizes())) {
      passOver(setting);
    }
    if (method.regularizeOn() == RegularizeOn.FRESH_BATCH && !regularizes()) {
      teacher.memory(DataStream.STUDENT).clear();
      setting.students().forEach(each -> each.learner().memory(DataStream.STUDENT).clear());
    }
  }

  /**
   * The students did not read this batch of the teacher's stream: what they carry along it ends
   * before a gap and is no context for what comes after.
   */
  static void passOver(Setting<?> setting) {
    setting.students().forEach(student -> student.learner().memory(DataStream.TASK).clear());
  }

  private boolean regularizes() {
    return lot.alpha() > 0 || method.observe();
  }

  private void teach(Draw batch) {
    lessons.add(steps.teach(batch));
  }

  private void teachFromAnswers() {
    List<Lesson> marks = new ArrayList<>();
    lot.zeroGrad();
    for (int i = 0; i < batches.size(); i++) {
      Exercise exercise = part(exercises.get(i));
      List<Output> students = lot.study(exercise, DataStream.TASK);
      marks.add(lot.accumulate(exercise, part(answers.get(i)), students, step(i)));
    }
    lot.step();
    lessons.add(Share.lessons(marks, shares, setting.students().size()));
  }

  /** What is read from here on may have to be read again. */
  private void mark(DataStream stream) {
    if (stream == DataStream.STUDENT) {
      teacher.memory(stream).mark();
    }
    setting.students().forEach(student -> student.learner().memory(stream).mark());
  }

  /** Back to the mark: the same batches are about to be read a second time. */
  private void rewind(DataStream stream) {
    if (stream == DataStream.STUDENT) {
      teacher.memory(stream).rewind();
    }
    setting.students().forEach(student -> student.learner().memory(stream).rewind());
  }

  /** What batch i is in the step. */
  private Part step(int i) {
    return new Part(shares.get(i), i == batches.size() - 1);
  }

  private Exercise part(Exercise whole) {
    return method.batchFraction() == 1 ? whole : task.part(whole, method.batchFraction());
  }

  private Output part(Output whole) {
    return method.batchFraction() == 1 ? whole : task.part(whole, method.batchFraction());
  }

  private Update update(
      List<Tensor> losses,
      List<Map<String, Tensor>> observed,
      boolean penalised,
      List<Penalty> penalties,
      List<Double> penaltyShares) {
    Tensor taskLoss = Share.sum(losses, shares);
    Optional<Penalty> penalty =
        penalised
            ? Optional.of(Share.penalties(penalties, penaltyShares, setting.students().size()))
            : Optional.empty();
    return new Update(
        portion.samples(),
        portion.taken(),
        taskLoss,
        penalty.map(p -> taskLoss.add(p.term().detach())).orElse(taskLoss),
        penalty,
        List.of(),
        TeacherOnly.mean(observed, shares));
  }

  private Update withLessons(Update update) {
    return update.with(lessons);
  }
}
