package lot4j.config;

import lot4j.ModelSpec;
import lot4j.optim.OptimizerSpec;
import lot4j.optim.ScheduleSpec;
import lot4j.train.TaskSpec;

/** What a name can stand for. */
public enum Category {
  /** A network, {@link ModelSpec}. */
  MODEL(ModelSpec.class, "models"),
  /** A measure of imitability, {@link MetricSpec}. */
  METRIC(MetricSpec.class, "metrics"),
  /** An optimizer, {@link OptimizerSpec}. */
  OPTIMIZER(OptimizerSpec.class, "optimizers"),
  /** A learning-rate schedule, {@link ScheduleSpec}. */
  SCHEDULE(ScheduleSpec.class, "schedules"),
  /** A schedule of α, {@link AlphaSchedule}. */
  ALPHA(AlphaSchedule.class, "alphas"),
  /** A kind of task, {@link TaskSpec}. */
  TASK(TaskSpec.class, "tasks"),
  /** A way to train, {@link MethodTraits}. */
  METHOD(MethodTraits.class, "methods"),
  /** A data set known by name; any record that describes it. */
  DATASET(Record.class, "datasets"),
  /** An environment of reinforcement learning, {@link NamedEnvironment}. */
  ENVIRONMENT(NamedEnvironment.class, "environments"),
  /** A further section of the configuration, such as {@code ppo}; any record of its keys. */
  SECTION(Record.class, "sections");

  private final Class<?> type;
  private final String plural;

  Category(Class<?> type, String plural) {
    this.type = type;
    this.plural = plural;
  }

  /** What every entry's specification is. */
  public Class<?> type() {
    return type;
  }

  /** The word for its entries on the command line, {@code lot zoo models}. */
  public String plural() {
    return plural;
  }
}
