package lot4j.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import lot4j.Census;
import lot4j.Descent;
import lot4j.Freeze;
import lot4j.Learner;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Network;
import lot4j.Randomness;
import lot4j.Student;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.config.Budget;
import lot4j.config.Catalog;
import lot4j.config.Optimization;
import lot4j.config.RunConfig;
import lot4j.config.Selection;
import lot4j.config.StudentConfig;
import lot4j.distributed.Company;
import lot4j.distributed.SharedDescent;
import lot4j.distributed.Solo;
import lot4j.method.MethodSpec;
import lot4j.method.Networks;
import lot4j.method.Paces;
import lot4j.method.Setting;
import lot4j.optim.Average;
import lot4j.optim.Descender;
import lot4j.optim.Ema;
import lot4j.optim.LearningRate;
import lot4j.optim.OptimizerSpec;
import lot4j.optim.ScheduleSpec;
import lot4j.optim.Weights;
import lot4j.random.Streams;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.global.torch;

/** Puts a run together from its configuration: learners, streams, method, rhythm. */
final class Assembly<B> {
  private final RunConfig config;
  private final Prepared<B> prepared;
  private final Streams streams;
  private final MethodSpec method;
  private final Horizon horizon;
  private final Company company;

  Assembly(RunConfig config, Prepared<B> prepared, Catalog catalog) {
    this(config, prepared, catalog, new Solo());
  }

  /** The part that one process has in a run. */
  Assembly(RunConfig config, Prepared<B> prepared, Catalog catalog, Company company) {
    this.company = company;
    this.config = config;
    this.prepared = prepared;
    this.streams = new Streams(config.seed());
    this.method =
        catalog.method(config.method()).recipe().spec(config, catalog).at(paces(config, prepared));
    this.horizon = horizon(config, prepared, method.stages());
  }

  /**
   * A run's rhythm; the updates of an equal-compute run stretch it as a whole. Each of the
   * trainings that follow one another has the budget's length.
   */
  static Horizon horizon(RunConfig config, Prepared<?> prepared, int stages) {
    Budget budget = config.budget();
    double evaluate = config.evaluation().evalEvery();
    double checkpoint = config.checkpoint().every();
    if (budget.unit() == Budget.Unit.MINUTES) {
      return Horizon.ofMinutes(budget.amount(), evaluate, checkpoint);
    }
    long updates =
        config
            .equalCompute()
            .map(equal -> equal.updates())
            .orElseGet(() -> updates(config, prepared));
    return Horizon.ofSteps(
        budget.amount() * stages, Math.multiplyExact(updates, stages), evaluate, checkpoint);
  }

  /**
   * Steps of the configured budget, one training.
   *
   * @throws IllegalArgumentException for a budget of minutes, whose steps nobody knows beforehand
   * @throws ArithmeticException if there are more than can be counted
   */
  static long updates(RunConfig config, Prepared<?> prepared) {
    Pace pace = paces(config, prepared).task();
    double amount = config.budget().amount();
    return switch (config.budget().unit()) {
      case EPOCHS -> Math.max(1, whole(amount * pace.stepsPerEpoch()));
      case UPDATES -> (long) amount;
      case ENV_STEPS -> pace.stepsFor((long) amount);
      case MINUTES ->
          throw new IllegalArgumentException(
              "budget.minutes = " + amount + " is not allowed; epochs or updates, to plan");
    };
  }

  private static long whole(double number) {
    if (number >= Long.MAX_VALUE) {
      throw new ArithmeticException("more updates than can be counted");
    }
    return Math.round(number);
  }

  /** The sizes of both streams' steps. */
  static Paces paces(RunConfig config, Prepared<?> prepared) {
    int accumulate = config.batching().accumulate();
    return new Paces(
        prepared.taskPace(config.batching().batchSize(), accumulate),
        prepared.studentPace(config.batching().studentBatchSize(), accumulate),
        prepared.memories());
  }

  /** A run whose weights come from a checkpoint: {@code init-from} is not read. */
  Course<B> course() {
    return course(seat -> {});
  }

  /**
   * A run that begins: its learners get the weights that {@code init-from} names.
   *
   * @param note takes a sentence for each of them
   * @throws CheckpointException if weights are missing or do not fit
   */
  Course<B> begin(Consumer<String> note) {
    List<InitFrom> all = InitFrom.of(config, method);
    return course(
        seat -> {
          all.stream()
              .filter(from -> from.learner().equals(seat.name()))
              .forEach(from -> note.accept(from.fill(seat.model(), seat.tensors())));
          Frozen.words(seat.name(), config, seat.weights()).ifPresent(note);
        });
  }

  private Course<B> course(Consumer<Seat> initialise) {
    Optimization moves = config.optimization();
    Seat teacher =
        seat(
            MethodSpec.TEACHER,
            config.teacher().spec(),
            moves.optimizer(),
            method.rate(over(moves.schedule()), stageLength()));
    initialise.accept(teacher);
    List<Seat> students = new ArrayList<>();
    List<Student> weighted = new ArrayList<>();
    if (method.usesStudents()) {
      for (int i = 0; i < config.students().size(); i++) {
        StudentConfig student = config.students().get(i);
        Seat seat =
            seat(
                studentName(i),
                student.spec(),
                moves.studentOptimizer(),
                over(moves.studentSchedule()));
        initialise.accept(seat);
        students.add(seat);
        weighted.add(new Student(seat.learner(), student.lambda()));
      }
    }
    int accumulate = config.batching().accumulate();
    BatchSource<B> taskStream =
        prepared.taskStream(teacher.learner(), config.batching().batchSize(), accumulate, streams);
    BatchSource<B> studentStream =
        method.usesStudents()
            ? prepared.studentStream(
                teacher.learner(),
                taskStream,
                config.batching().studentBatchSize(),
                accumulate,
                streams)
            : new Nothing<>();
    double stretch =
        config
            .equalCompute()
            .map(equal -> equal.updates() / (double) updates(config, prepared))
            .orElse(1.0);
    return new Course<>(
        prepared,
        teacher,
        students,
        method.over(
            new Setting<>(
                prepared.task(),
                teacher.learner(),
                weighted,
                taskStream,
                studentStream,
                new Seated<>(this, teacher, students),
                horizon.updates(),
                company)),
        taskStream,
        studentStream,
        paces(config, prepared).task(),
        horizon,
        config.evaluation().select() == Selection.BEST && prepared.splits().contains(Split.VALID),
        config
            .evaluation()
            .earlyStopping()
            .map(early -> OptionalInt.of(early.patience()))
            .orElse(OptionalInt.empty()),
        config
            .optimization()
            .ema()
            .<Average>map(decay -> new Ema(teacher.weights(), Ema.stretched(decay, stretch)))
            .or(() -> method.average(teacher.weights(), stageLength())),
        method.stages(),
        method.judged(),
        method.stages() > 1
            ? Optional.of(new Beginning(List.of(taskStream, studentStream)))
            : Optional.empty());
  }

  /** The weights of those who have seats. */
  private record Seated<B>(Assembly<B> assembly, Seat held, List<Seat> students)
      implements Networks {
    @Override
    public Weights teacher() {
      return held.weights();
    }

    @Override
    public Weights student(int index) {
      return students.get(index).weights();
    }

    @Override
    public void renew(int index, long generation) {
      assembly.renew(students.get(index), index, generation);
    }
  }

  /** Takes the weights of a network that is built for nothing else. */
  private void renew(Seat seat, int index, long generation) {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(streams.engineSeed("init." + seat.name() + "." + generation));
      Model model = built(seat.name(), config.students().get(index).spec());
      Devices.placed(model, config.execution());
      try (NoGradGuard constant = new NoGradGuard();
          Weights fresh = Weights.of(model.module())) {
        seat.weights().values().copy_(fresh.values());
        Freeze freeze = config.freeze(seat.name());
        fresh
            .buffers()
            .forEach(
                (name, fresher) -> {
                  if (!freeze.takes(name)) {
                    seat.weights().buffers().get(name).data().copy_(fresher);
                  }
                });
      }
    }
    seat.descender().forget();
    seat.learner().forget();
  }

  private Model built(String name, ModelSpec spec) {
    return Frozen.as(name, config, prepared.build(spec));
  }

  private static String studentName(int index) {
    return "student" + index;
  }

  /** Teacher steps of the run. */
  private long stageLength() {
    return horizon.updates() / method.stages();
  }

  private LearningRate over(ScheduleSpec schedule) {
    return schedule.over(stageLength(), horizon.updatesPerUnit());
  }

  private Seat seat(String name, ModelSpec spec, OptimizerSpec optimizer, LearningRate rate) {
    Census census = prepared.census(spec);
    torch.manual_seed(streams.engineSeed("init." + name));
    Model model = built(name, spec);
    Network network = Devices.placed(model, config.execution());
    Weights weights = Weights.of(model.module());
    Descender descender = Descender.of(name, weights, optimizer, rate);
    Optional<EngineRandomness> randomness =
        model.stochastic()
            ? Optional.of(new EngineRandomness(streams, name, company.rank()))
            : Optional.empty();
    Optional<SharedDescent> shared =
        company.size() == 1
            ? Optional.empty()
            : Optional.of(new SharedDescent(descender, weights, company));
    Learner learner =
        Learner.of(model, shared.<Descent>map(all -> all).orElse(descender))
            .withReferenceMode(method.referenceMode().orElse(config.lot().referenceMode()))
            .withSamples(prepared::samples)
            .withRandomness(randomness.<Randomness>map(r -> r).orElse(Randomness.global()))
            .withNetwork(network);
    return new Seat(name, model, census, weights, descender, learner, randomness, shared);
  }

  /** The students' stream of a method without students: nothing to give, nothing to save. */
  private static final class Nothing<B> implements BatchSource<B> {
    @Override
    public List<B> next() {
      return List.of();
    }

    @Override
    public void save(StateWriter out) {}

    @Override
    public void restore(StateReader in) {}
  }
}
