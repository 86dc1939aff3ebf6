package lot4j;

import static org.bytedeco.pytorch.global.torch.zeros_like;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Learning from Teaching: Algorithm 1 of the paper as two verbs. {@link #penalty} is the teacher's
 * regularizer, {@link #teach} is the students' part; the training loop stays the caller's.
 *
 * <pre>{@code
 * L_t = task + α · Σ λᵢ · μ(t, sg[sᵢ])      penalty(…).term() is the second summand
 * L_s = μ(s, sg[t])                         teach(…) makes N steps on it
 * }</pre>
 *
 * <p>sg[·], the stop-gradient, happens here and nowhere else: the students are constants in the
 * teacher's loss, the teacher is a constant in theirs. No method reads a number from the device;
 * when to wait for it is the caller's choice. Results live in the caller's {@code PointerScope}.
 *
 * <p>How a network behaves when it is only asked (dropout, batch statistics) is its {@link
 * Learner}'s {@link ReferenceMode}; its running statistics never move then.
 *
 * <p>Source: Jin, Che et al., NeurIPS 2024, arXiv 2402.02769, equations 1 to 3 and Algorithm 1. An
 * instance is immutable; {@link #withAlpha} gives the same algorithm with another α.
 */
public final class Lot {
  private final Learner teacher;
  private final List<Student> students;
  private final Imitability teacherMetric;
  private final Imitability studentMetric;
  private final StudentLoss studentLoss;
  private final double alpha;
  private final int studentSteps;

  private Lot(Builder from) {
    this.teacher = from.teacher;
    this.students = List.copyOf(from.students);
    this.teacherMetric = from.teacherMetric;
    this.studentMetric = from.studentMetric;
    this.studentLoss = from.studentLoss;
    this.alpha = from.alpha;
    this.studentSteps = from.studentSteps;
  }

  /**
   * The regularizer on the teacher's own batch: it has answered already, the students are asked.
   */
  public Penalty penalty(Exercise batch, Output teacherOutput) {
    return penalty(batch.mask(), teacherOutput, answers(batch, DataStream.TASK));
  }

  /** The regularizer on a batch of the students' stream: the teacher rehearses it. */
  public Penalty penalty(Exercise batch) {
    Output teacherOutput = teacher.rehearse(batch, DataStream.STUDENT);
    return penalty(batch.mask(), teacherOutput, answers(batch, DataStream.STUDENT));
  }

  /**
   * The same regularizer, its gradient added to what the teacher has gathered.
   *
   * @param part of the teacher's step
   */
  public Penalty regularize(Exercise batch, Part part) {
    Output teacherOutput = teacher.rehearse(batch, DataStream.STUDENT);
    List<Output> answers = answers(batch, DataStream.STUDENT);
    return new FromLogits(this, batch.mask(), part)
        .penalty(teacherOutput, answers)
        .orElseGet(
            () -> {
              Penalty penalty = penalty(batch.mask(), teacherOutput, answers);
              if (alpha > 0) {
                teacher.accumulate(part.of(penalty.term()), part.last());
              }
              return penalty;
            });
  }

  /** The regularizer from answers that are there already (Σ over students of equation 3). */
  public Penalty penalty(Mask mask, Output teacherOutput, List<Output> studentOutputs) {
    List<Tensor> each = new ArrayList<>();
    Optional<Tensor> sum = Optional.empty();
    Output own = alpha == 0 ? teacherOutput.constant() : teacherOutput;
    for (int i = 0; i < students.size(); i++) {
      Output student = studentOutputs.get(i).constant(); // sg[sᵢ]
      Tensor mu = Piecewise.measure(teacherMetric, own, student, mask); // μ(t, sᵢ)
      Tensor weighted = mu.mul(new Scalar(students.get(i).weight())); // λᵢ
      sum = Optional.of(sum.map(s -> s.add(weighted)).orElse(weighted));
      each.add(mu.detach());
    }
    Tensor imitability = sum.orElseThrow();
    // With α = 0 the term is a zero without a graph: the teacher's gradient keeps its very bits.
    Tensor term =
        alpha == 0 ? zeros_like(imitability.detach()) : imitability.mul(new Scalar(alpha));
    return new Penalty(term, imitability.detach(), each);
  }

  /** The regularizer for a loop that speaks plain tensors. */
  public Penalty penalty(Tensor inputs, Tensor teacherLogits) {
    return penalty(Exercise.of(inputs), Output.logits(teacherLogits));
  }

  /** N student steps, each on the next batch of inputs, labelled or not. */
  public List<Lesson> teach(Iterator<Tensor> inputs) {
    List<Lesson> lessons = new ArrayList<>();
    for (int step = 0; step < studentSteps; step++) {
      lessons.add(teachOnce(Exercise.of(inputs.next())));
    }
    return lessons;
  }

  /** One student step: every student learns from the same batch, the teacher answers once. */
  public Lesson teachOnce(Exercise batch) {
    return teachOnce(batch, teacher.answer(batch, DataStream.STUDENT), DataStream.STUDENT);
  }

  /** One student step toward a teacher's answer that is there already. */
  public Lesson teachOnce(Exercise batch, Output teacherOutput, DataStream stream) {
    List<Output> answers = study(batch, stream);
    zeroGrad();
    Lesson lesson = accumulate(batch, teacherOutput, answers, Part.whole());
    step();
    return lesson;
  }

  /** Every student's answer as a learner, in order; {@link #accumulate} turns it into gradients. */
  public List<Output> study(Exercise batch, DataStream stream) {
    return students.stream().map(student -> student.learner().study(batch, stream)).toList();
  }

  /**
   * Adds the gradient of every student's loss to what it has gathered.
   *
   * @param part of the students' step
   */
  public Lesson accumulate(
      Exercise batch, Output teacherOutput, List<Output> studentOutputs, Part part) {
    return new FromLogits(this, batch.mask(), part)
        .lesson(batch.task(), teacherOutput, studentOutputs)
        .orElseGet(() -> oneByOne(batch, teacherOutput, studentOutputs, part));
  }

  private Lesson oneByOne(
      Exercise batch, Output teacherOutput, List<Output> studentOutputs, Part part) {
    Output target = teacherOutput.constant(); // sg[t]
    List<Lesson.Mark> marks = new ArrayList<>();
    for (int i = 0; i < students.size(); i++) {
      Output answer = studentOutputs.get(i);
      Tensor mu = Piecewise.measure(studentMetric, answer, target, batch.mask()); // μ(sᵢ, t)
      Tensor loss = mu.mul(new Scalar(studentLoss.metricWeight()));
      Optional<Tensor> task = Optional.empty();
      if (studentLoss.taskWeight() > 0) {
        task = Optional.of(taskLoss(batch, answer));
        loss = task.get().mul(new Scalar(studentLoss.taskWeight())).add(loss);
      }
      students.get(i).learner().accumulate(part.of(loss), part.last());
      marks.add(new Lesson.Mark(task.map(Tensor::detach), mu.detach(), loss.detach()));
    }
    return new Lesson(marks);
  }

  /**
   * Everybody learns from the same answers, as in the authors' code: adds the gradients of task and
   * {@link #penalty} to what the teacher has gathered, and does what {@link #accumulate} does.
   *
   * @param own the task's mean loss of the teacher's output
   * @param part of everybody's step
   */
  public Joint together(
      Exercise batch,
      Function<Output, Tensor> own,
      Output teacherOutput,
      List<Output> studentOutputs,
      Part part) {
    return new FromLogits(this, batch.mask(), part)
        .joint(own, batch.task(), teacherOutput, studentOutputs)
        .orElseGet(
            () -> {
              Tensor task = own.apply(teacherOutput);
              Penalty penalty = penalty(batch.mask(), teacherOutput, studentOutputs);
              Tensor loss = alpha == 0 ? task : task.add(penalty.term());
              Lesson lesson = accumulate(batch, teacherOutput, studentOutputs, part);
              teacher.accumulate(part.of(loss), part.last());
              return new Joint(task.detach(), penalty, lesson);
            });
  }

  /** Sets every student's gradients to zero. */
  public void zeroGrad() {
    students.forEach(student -> student.learner().zeroGrad());
  }

  /** Moves every student along its gathered gradient. */
  public void step() {
    students.forEach(student -> student.learner().step());
  }

  /** The same algorithm with another α, as a schedule asks for. */
  public Lot withAlpha(double value) {
    return value == alpha ? this : toBuilder().alpha(value).build();
  }

  /** The same algorithm with another student loss, for weights that follow α. */
  public Lot withStudentLoss(StudentLoss loss) {
    return loss.equals(studentLoss) ? this : toBuilder().studentLoss(loss).build();
  }

  /**
   * The same algorithm with other weights λ of its students, in their order.
   *
   * @throws IllegalArgumentException if they are not as many as the students, or do not sum to 1
   */
  public Lot withLambdas(List<Double> lambdas) {
    Require.that(
        lambdas.size() == students.size(), "lambdas", lambdas, students.size() + " numbers");
    Builder copy = toBuilder();
    for (int i = 0; i < lambdas.size(); i++) {
      copy.students.set(i, new Student(students.get(i).learner(), lambdas.get(i)));
    }
    return copy.build();
  }

  /** The model that is kept. */
  public Learner teacher() {
    return teacher;
  }

  /** The models that imitate it. */
  public List<Student> students() {
    return students;
  }

  /** The regularization coefficient α. */
  public double alpha() {
    return alpha;
  }

  /** N, student steps per teacher step. */
  public int studentSteps() {
    return studentSteps;
  }

  /** What a student minimises. */
  public StudentLoss studentLoss() {
    return studentLoss;
  }

  Imitability teacherMetric() {
    return teacherMetric;
  }

  Imitability studentMetric() {
    return studentMetric;
  }

  private List<Output> answers(Exercise batch, DataStream stream) {
    return students.stream().map(student -> student.learner().answer(batch, stream)).toList();
  }

  private static Tensor taskLoss(Exercise batch, Output answer) {
    return batch
        .task()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "student-task-weight: the student's batch has no labels"))
        .apply(answer);
  }

  private Builder toBuilder() {
    Builder copy = new Builder(teacher);
    copy.students.addAll(students);
    copy.weighted = true;
    copy.teacherMetric = teacherMetric;
    copy.studentMetric = studentMetric;
    copy.studentLoss = studentLoss;
    copy.alpha = alpha;
    copy.studentSteps = studentSteps;
    return copy;
  }

  /** Starts from a teacher. */
  public static Builder teacher(Learner teacher) {
    return new Builder(teacher);
  }

  /** Starts from a teacher's forward function to logits; its optimizer stays in your loop. */
  public static Builder teacher(UnaryOperator<Tensor> logits) {
    return new Builder(Learner.of(Network.of(logits), Descent.none()));
  }

  /** Collects the parts; α is 1, N is 1, students weigh the same unless told otherwise. */
  public static final class Builder {
    private final Learner teacher;
    private final List<Student> students = new ArrayList<>();
    private boolean weighted;
    private Imitability teacherMetric = new lot4j.imitability.KlDivergence(1.5);
    private Imitability studentMetric = teacherMetric;
    private StudentLoss studentLoss = StudentLoss.imitation();
    private double alpha = 1;
    private int studentSteps = 1;

    private Builder(Learner teacher) {
      this.teacher = teacher;
    }

    /** Adds a student by its forward function to logits and the engine's optimizer. */
    public Builder student(UnaryOperator<Tensor> logits, Optimizer optimizer) {
      return student(Learner.of(Network.of(logits), Descent.of(optimizer)));
    }

    /** Adds a student; all students added this way share λ equally. */
    public Builder student(Learner learner) {
      Require.that(!weighted, "student.lambda", "(missing)", "a λ for every student, or for none");
      students.add(new Student(learner, 1));
      return this;
    }

    /** Adds a student with its weight λ; the weights of all students must sum to 1. */
    public Builder student(Learner learner, double lambda) {
      Require.that(
          weighted || students.isEmpty(),
          "student.lambda",
          lambda,
          "a λ for every student, or for none");
      weighted = true;
      students.add(new Student(learner, lambda));
      return this;
    }

    /** One measure for both losses. */
    public Builder imitability(Imitability metric) {
      return teacherMetric(metric).studentMetric(metric);
    }

    /** One measure of plain logits for both losses. */
    public Builder imitability(BinaryOperator<Tensor> logits) {
      return imitability(Imitability.of(logits));
    }

    /** The measure in the teacher's regularizer. */
    public Builder teacherMetric(Imitability metric) {
      this.teacherMetric = metric;
      return this;
    }

    /** The measure in the students' losses. */
    public Builder studentMetric(Imitability metric) {
      this.studentMetric = metric;
      return this;
    }

    /** What a student minimises. */
    public Builder studentLoss(StudentLoss loss) {
      this.studentLoss = loss;
      return this;
    }

    /** α, 0 or more; 0 trains the teacher alone. */
    public Builder alpha(double value) {
      this.alpha = Require.atLeast("lot.alpha", value, 0.0);
      return this;
    }

    /** N, student steps per teacher step, 0 or more. */
    public Builder studentSteps(int n) {
      this.studentSteps = Require.atLeast("lot.steps", n, 0);
      return this;
    }

    /**
     * The algorithm.
     *
     * @throws IllegalArgumentException without a student, or if the weights do not sum to 1
     */
    public Lot build() {
      Require.that(!students.isEmpty(), "students", "[]", "at least one");
      if (!weighted) {
        double equal = 1.0 / students.size();
        students.replaceAll(student -> new Student(student.learner(), equal));
      }
      double sum = students.stream().mapToDouble(Student::weight).sum();
      Require.that(Math.abs(sum - 1) <= 1e-6, "sum of student.lambda", sum, "1");
      return new Lot(this);
    }
  }
}
