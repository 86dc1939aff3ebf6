package lot4j.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration while it may still lack something; empty components have been reported.
 *
 * @param taskKeys the keys of the task's section, none if it is lacking
 * @param lotIsSound whether nothing under {@code lot} was refused, so that its keys can be judged
 *     together
 */
record Draft(
    String name,
    Optional<TaskConfig> task,
    Map<String, Object> taskKeys,
    String method,
    Optional<LearnerConfig> teacher,
    Optional<List<StudentConfig>> students,
    LotConfig lot,
    boolean lotIsSound,
    Optional<Optimization> optimization,
    Optional<Budget> budget,
    Batching batching,
    Evaluation evaluation,
    CheckpointConfig checkpoint,
    Execution execution,
    long seed,
    Optional<EqualCompute> equalCompute,
    Map<String, Record> sections) {

  /** The configuration, if nothing is lacking. */
  Optional<RunConfig> finished() {
    if (task.isEmpty()
        || teacher.isEmpty()
        || students.isEmpty()
        || optimization.isEmpty()
        || budget.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new RunConfig(
            name,
            task.get(),
            method,
            teacher.get(),
            students.get(),
            lot,
            optimization.get(),
            budget.get(),
            batching,
            evaluation,
            checkpoint,
            execution,
            seed,
            equalCompute,
            sections));
  }

  boolean isReinforcement() {
    return task.filter(t -> t.kind().equals("rl")).isPresent();
  }

  /** A value of the task's section; empty if it has no such key. */
  Optional<Object> taskKey(String key) {
    return Optional.ofNullable(taskKeys.get(key));
  }
}
