package lot4j.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import lot4j.Freeze;
import lot4j.ModelSpec;
import lot4j.train.Imitate;

/**
 * Everything that determines one run: one method, one seed. Complete, checked, immutable; written
 * by {@link ConfigWriter} into the run directory. It has a component for each section of the
 * configuration.
 *
 * @param name the experiment's name, in results and in the usual name of its directory
 * @param task what is learnt
 * @param method how {@code lot train} trains, a name of {@code lot zoo methods}
 * @param teacher the network that is kept
 * @param students the networks that imitate it; may be empty where the method needs none
 * @param lot the algorithm's decisions
 * @param optimization optimizers, schedule, averaging
 * @param budget how long
 * @param batching sizes
 * @param evaluation when it is scored
 * @param checkpoint when it is saved, and what is kept
 * @param execution threads, precision, device
 * @param seed of all random streams
 * @param equalCompute the updates of a method that matches another; written by a comparison
 * @param sections further sections by key, {@code ppo} for instance
 */
public record RunConfig(
    String name,
    TaskConfig task,
    String method,
    LearnerConfig teacher,
    List<StudentConfig> students,
    LotConfig lot,
    Optimization optimization,
    Budget budget,
    Batching batching,
    Evaluation evaluation,
    CheckpointConfig checkpoint,
    Execution execution,
    long seed,
    Optional<EqualCompute> equalCompute,
    Map<String, Record> sections) {
  /** Keeps copies of the collections. */
  public RunConfig {
    students = List.copyOf(students);
    sections = Map.copyOf(sections);
  }

  /**
   * The same with {@code copies} students like the teacher, trained as the teacher is, in place of
   * the configured ones; as it is for 0.
   */
  RunConfig withCopies(int copies) {
    if (copies == 0) {
      return this;
    }
    StudentConfig copy =
        new StudentConfig(
            teacher.model(), teacher.spec(), 1.0 / copies, teacher.initFrom(), teacher.freeze());
    Optimization alike =
        new Optimization(
            optimization.optimizer(),
            optimization.optimizer(),
            optimization.schedule(),
            optimization.schedule(),
            optimization.ema());
    return new RunConfig(
        name,
        task,
        method,
        teacher,
        Collections.nCopies(copies, copy),
        lot,
        alike,
        budget,
        batching,
        evaluation,
        checkpoint,
        execution,
        seed,
        equalCompute,
        sections);
  }

  /** The same with another seed. */
  public RunConfig withSeed(long value) {
    return with(evaluation, execution, value, equalCompute);
  }

  /** The same by another method. */
  public RunConfig withMethod(String other) {
    return new RunConfig(
        name,
        task,
        other,
        teacher,
        students,
        lot,
        optimization,
        budget,
        batching,
        evaluation,
        checkpoint,
        execution,
        seed,
        equalCompute,
        sections);
  }

  /** The same with each network's description changed. */
  public RunConfig withSpecs(UnaryOperator<ModelSpec> change) {
    return new RunConfig(
        name,
        task,
        method,
        teacher.withSpec(change.apply(teacher.spec())),
        students.stream().map(s -> s.withSpec(change.apply(s.spec()))).toList(),
        lot,
        optimization,
        budget,
        batching,
        evaluation,
        checkpoint,
        execution,
        seed,
        equalCompute,
        sections);
  }

  /** The network that is imitated in place of learning the task; usually none. */
  public Optional<Imitate> imitate() {
    return Optional.ofNullable(sections.get(Imitate.SECTION)).map(Imitate.class::cast);
  }

  /**
   * The spec of one of its learners.
   *
   * @param learner {@code teacher}, {@code student0}, …
   */
  public ModelSpec learner(String learner) {
    return learner.equals("teacher")
        ? teacher.spec()
        : students.get(Integer.parseInt(learner.substring("student".length()))).spec();
  }

  /** What of a learner stays as it is. */
  public Freeze freeze(String learner) {
    return learner.equals("teacher")
        ? teacher.freeze()
        : students.get(Integer.parseInt(learner.substring("student".length()))).freeze();
  }

  /** The same with a further section, or another in its place. */
  public RunConfig withSection(String key, Record section) {
    Map<String, Record> all = new LinkedHashMap<>(sections);
    all.put(key, section);
    return with(task, all);
  }

  /** The same without a section. */
  public RunConfig withoutSection(String key) {
    Map<String, Record> all = new LinkedHashMap<>(sections);
    all.remove(key);
    return with(task, all);
  }

  /** The same on another task. */
  public RunConfig withTask(TaskConfig other) {
    return with(other, sections);
  }

  private RunConfig with(TaskConfig newTask, Map<String, Record> newSections) {
    return new RunConfig(
        name,
        newTask,
        method,
        teacher,
        students,
        lot,
        optimization,
        budget,
        batching,
        evaluation,
        checkpoint,
        execution,
        seed,
        equalCompute,
        newSections);
  }

  /** The same with the number of threads decided. */
  public RunConfig withThreads(int threads) {
    Execution decided =
        new Execution(execution.precision(), Optional.of(threads), execution.device());
    return with(evaluation, decided, seed, equalCompute);
  }

  /** The same with the device decided. */
  public RunConfig withDevice(String device) {
    Execution decided = new Execution(execution.precision(), execution.threads(), device);
    return with(evaluation, decided, seed, equalCompute);
  }

  /** The same with the number of teacher updates decided. */
  public RunConfig withEqualCompute(EqualCompute updates) {
    return with(evaluation, execution, seed, Optional.of(updates));
  }

  /** The same without an end before the budget's. */
  RunConfig withoutEarlyStopping() {
    Evaluation endless =
        new Evaluation(evaluation.evalEvery(), evaluation.select(), Optional.empty());
    return with(endless, execution, seed, equalCompute);
  }

  private RunConfig with(
      Evaluation newEvaluation,
      Execution newExecution,
      long newSeed,
      Optional<EqualCompute> newEqualCompute) {
    return new RunConfig(
        name,
        task,
        method,
        teacher,
        students,
        lot,
        optimization,
        budget,
        batching,
        newEvaluation,
        checkpoint,
        newExecution,
        newSeed,
        newEqualCompute,
        sections);
  }
}
