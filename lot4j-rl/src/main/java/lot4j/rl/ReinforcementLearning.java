package lot4j.rl;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import lot4j.Require;
import lot4j.config.Batching;
import lot4j.train.Prepared;
import lot4j.train.TaskSpec;

/**
 * The {@code task:} section for {@code kind: rl}: acting well in an environment, by PPO.
 *
 * @param environment a name, {@code name:argument}, or {@code {kind: name, keys}}
 * @param envs environments that the teacher acts in at once
 * @param rollout steps in each of them between the updates
 * @param evalEpisodes episodes of the final score
 * @param evalBy how a policy acts when it is scored
 * @param validation episodes played at every evaluation, by which the best checkpoint can be
 *     chosen; default none: the last one counts
 * @param splitSeed seed of the evaluation's episodes, the same for every run
 */
public record ReinforcementLearning(
    EnvironmentSpec environment,
    int envs,
    int rollout,
    int evalEpisodes,
    ActBy evalBy,
    Optional<Integer> validation,
    long splitSeed)
    implements TaskSpec {

  public ReinforcementLearning {
    Require.atLeast("task.envs", envs, 1);
    Require.atLeast("task.rollout", rollout, 1);
    Require.atLeast("task.eval-episodes", evalEpisodes, 1);
    validation.ifPresent(n -> Require.atLeast("task.validation", n, 1));
    Require.that((long) envs * rollout < Integer.MAX_VALUE, "task.rollout", rollout, "fewer steps");
  }

  /** 8 environments, 128 steps, 100 episodes. */
  public static ReinforcementLearning of(EnvironmentSpec environment) {
    return new ReinforcementLearning(environment, 8, 128, 100, ActBy.SAMPLE, Optional.empty(), 0);
  }

  /** Agent steps of one rollout. */
  int size() {
    return envs * rollout;
  }

  @Override
  public Set<String> sections() {
    return Set.of("ppo", "replay");
  }

  @Override
  public void check(
      Map<String, Record> sections, Batching batching, BiConsumer<String, String> refuse) {
    String most = "at most " + size() + ", the steps of a rollout, task.envs × task.rollout";
    if (batching.batchSize() > size()) {
      refuse.accept("batch-size", most);
    }
    if (batching.studentBatchSize() > size()) {
      refuse.accept("student-batch-size", most);
    }
    Replay replay = (Replay) sections.getOrDefault("replay", Replay.standard());
    if (replay.states() < batching.studentBatchSize()) {
      refuse.accept("replay.states", "at least student-batch-size, " + batching.studentBatchSize());
    }
  }

  @Override
  public TaskSpec with(Map<String, Record> sections) {
    return new Complete(
        this,
        (PpoConfig) sections.getOrDefault("ppo", PpoConfig.standard()),
        (Replay) sections.getOrDefault("replay", Replay.standard()));
  }

  @Override
  public Prepared<?> prepare(Path dataDirectory, int evalBatchSize) {
    return with(Map.of()).prepare(dataDirectory, evalBatchSize);
  }

  /** With the sections that belong to it. */
  private static final class Complete implements TaskSpec {
    private final ReinforcementLearning task;
    private final PpoConfig ppo;
    private final Replay replay;

    Complete(ReinforcementLearning task, PpoConfig ppo, Replay replay) {
      this.task = task;
      this.ppo = ppo;
      this.replay = replay;
    }

    @Override
    public Prepared<?> prepare(Path dataDirectory, int evalBatchSize) {
      return new PreparedRl(task, ppo, replay);
    }

    @Override
    public Prepared<?> sketch(Path dataDirectory, int evalBatchSize, Consumer<String> note) {
      return prepare(dataDirectory, evalBatchSize);
    }
  }
}
