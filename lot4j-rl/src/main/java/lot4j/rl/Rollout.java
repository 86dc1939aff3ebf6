package lot4j.rl;

import static org.bytedeco.pytorch.global.torch.tensor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import lot4j.DataStream;
import lot4j.Learner;
import lot4j.Output;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.checkpoint.Stateful;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * The teacher acts in its environments for a while: what it saw, did and got. Environments that end
 * an episode begin the next at once. Arrays and tensors are [time · env], environments of one time
 * beside each other.
 *
 * <p>An episode's seed comes from its environment's own stream, {@code environment.i}; actions are
 * drawn from {@code action}. Of several processes each has rollouts of its own; what is reported is
 * of all. Owns the environments and what it recorded.
 */
final class Rollout implements Stateful, AutoCloseable {
  private final Learner teacher;
  private final Environments environments;
  private final String title;
  private final PpoConfig config;
  private final Players players;
  private final int time;
  private final int envs;
  private final Choices choices;
  private final RandomStream actionDraws;
  private final RandomStream[] seeds;
  private final Episodes episodes;
  private final RewardScale rewardScale;
  private final Observations observations;
  private final Observations cutOff;
  private final Tensor[] now; // what is seen at each time, views of the observations

  private final float[] actions;
  private final float[] logProbabilities;
  private final double[] rewards;
  private final double[] values;
  private final boolean[] terminated;
  private final boolean[] truncated;
  private final double[] finalValues;
  private double[] advantages;

  private boolean begun;
  private long steps;
  private double explainedSum;
  private long explainedCount;

  Rollout(
      Learner teacher,
      Environments environments,
      String title,
      int time,
      PpoConfig config,
      Streams streams,
      Players players) {
    this.teacher = teacher;
    this.environments = environments;
    this.title = title;
    this.config = config;
    this.players = players;
    this.time = time;
    this.envs = environments.count();
    Spaces spaces = environments.spaces();
    this.actionDraws = players.stream(streams, "action");
    this.choices = new Choices(spaces.action(), actionDraws, ActBy.SAMPLE);
    this.seeds = new RandomStream[envs];
    for (int i = 0; i < envs; i++) {
      seeds[i] = players.seeds(streams, i, envs);
    }
    this.episodes = new Episodes(envs);
    this.rewardScale = new RewardScale(config.gamma(), envs);
    this.observations = new Observations(spaces.observation(), (time + 1L) * envs);
    this.cutOff = new Observations(spaces.observation(), envs);
    this.now = new Tensor[time + 1];
    for (int t = 0; t <= time; t++) {
      now[t] = observations.stored().narrow(0, (long) t * envs, envs).retainReference();
    }
    int size = size();
    this.actions = new float[size * spaces.action().width()];
    this.logProbabilities = new float[size];
    this.rewards = new double[size];
    this.values = new double[size + envs];
    this.terminated = new boolean[size];
    this.truncated = new boolean[size];
    this.finalValues = new double[size];
    this.advantages = new double[size];
  }

  /** Agent steps of one rollout. */
  int size() {
    return Math.multiplyExact(time, envs);
  }

  /** Observation rows; the first {@link #size} are the rollout's. */
  Observations observations() {
    return observations;
  }

  /** Acts from where the last rollout ended, and works out the advantages. */
  void collect() {
    for (int i = 0; i < envs; i++) {
      if (begun) {
        observations.copy((long) time * envs + i, i);
      } else {
        environments.reset(i, nextSeed(i));
        observations.write(i, environments, i, this::fault);
      }
    }
    begun = true;
    Act act = new Act();
    for (int t = 0; t < time; t++) {
      act.at(t);
    }
    try (PointerScope scope = new PointerScope()) {
      Output last = teacher.answer(observations.seen(now[time]), DataStream.TASK);
      widen(Choices.floats(Ppo.value(last)), values, size());
    }
    advantages = config.gae().advantages(envs, rewards, values, terminated, truncated, finalValues);
    if (config.normalizeRewards()) {
      rewardScale.share(players);
    }
    explain();
  }

  private long nextSeed(int environment) {
    return seeds[environment].generator().nextLong();
  }

  private EnvironmentException fault(int environment, String what) {
    return new EnvironmentException(
        title + ": environment " + environment + ", step " + steps + ": " + what);
  }

  /** One rollout's steps, with the room that they need. */
  private final class Act {
    private final int width = environments.spaces().action().width();
    private final float[] drawn = new float[envs * width];
    private final float[] logs = new float[envs];
    private final boolean[] all = new boolean[envs];
    private final boolean[] ended = new boolean[terminated.length];

    Act() {
      java.util.Arrays.fill(all, true);
    }

    void at(int t) {
      int from = t * envs;
      try (PointerScope scope = new PointerScope()) {
        Output policy = teacher.answer(observations.seen(now[t]), DataStream.TASK);
        choices.choose(policy, drawn, logs);
        widen(Choices.floats(Ppo.value(policy)), values, from);
      }
      System.arraycopy(drawn, 0, actions, from * width, drawn.length);
      System.arraycopy(logs, 0, logProbabilities, from, envs);
      choices.bound(drawn);
      environments.step(drawn, all);
      int cut = 0;
      for (int i = 0; i < envs; i++) {
        steps++;
        cut += took(from + i, i, cut);
      }
      if (config.normalizeRewards()) {
        rewardScale.scale(rewards, from, ended);
      }
      if (cut > 0) {
        valueCutOff(from, cut);
      }
    }

    /** Notes what came of a step; 1 if its episode was cut off. */
    private int took(int at, int i, int cut) {
      float reward = environments.reward(i);
      if (!Float.isFinite(reward)) {
        throw fault(i, "reward is " + reward);
      }
      rewards[at] = reward;
      terminated[at] = environments.terminated(i);
      truncated[at] = environments.truncated(i) && !terminated[at];
      ended[at] = terminated[at] || truncated[at];
      episodes.step(i, environments.score(i), environments.over(i));
      if (truncated[at]) {
        cutOff.write(cut, environments, i, Rollout.this::fault);
      }
      if (ended[at]) {
        environments.reset(i, nextSeed(i));
      }
      observations.write((long) at + envs, environments, i, Rollout.this::fault);
      return truncated[at] ? 1 : 0;
    }

    private void valueCutOff(int from, int cut) {
      try (PointerScope scope = new PointerScope()) {
        float[] last =
            Choices.floats(Ppo.value(teacher.peek(cutOff.seen(0, cut), DataStream.TASK)));
        for (int i = 0, k = 0; i < envs; i++) {
          if (truncated[from + i]) {
            finalValues[from + i] = last[k++];
          }
        }
      }
    }
  }

  private static void widen(float[] from, double[] to, int offset) {
    for (int i = 0; i < from.length; i++) {
      to[offset + i] = from[i];
    }
  }

  /** How much of the returns' variance the values foresaw, over the rollouts of all processes. */
  private void explain() {
    IntToDoubleFunction gap = i -> advantages[i];
    IntToDoubleFunction reached = i -> advantages[i] + values[i];
    double[] means = players.sums(share(gap), share(reached));
    double[] variances =
        players.sums(share(square(gap, means[0])), share(square(reached, means[1])));
    if (variances[1] > 0) {
      explainedSum += 1 - variances[0] / variances[1];
      explainedCount++;
    }
  }

  private static IntToDoubleFunction square(IntToDoubleFunction of, double mean) {
    return i -> (of.applyAsDouble(i) - mean) * (of.applyAsDouble(i) - mean);
  }

  /** This process's share of a mean over all processes' steps. */
  private double share(IntToDoubleFunction of) {
    double all = (double) size() * players.size();
    double sum = 0;
    for (int i = 0; i < size(); i++) {
      sum += of.applyAsDouble(i) / all;
    }
    return sum;
  }

  /** Everything recorded but the observations, in its order of time; in the caller's scope. */
  Experience experience() {
    int size = size();
    float[] returns = new float[size];
    float[] own = new float[size];
    float[] gains = new float[size];
    for (int i = 0; i < size; i++) {
      gains[i] = (float) advantages[i];
      own[i] = (float) values[i];
      returns[i] = (float) (advantages[i] + values[i]);
    }
    return new Experience(
        taken(), tensor(logProbabilities), tensor(gains), tensor(returns), tensor(own));
  }

  private Tensor taken() {
    int width = environments.spaces().action().width();
    if (environments.spaces().action() instanceof ActionSpace.Box) {
      return tensor(actions).view(size(), width);
    }
    long[] whole = new long[size()];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (long) actions[i];
    }
    return tensor(whole);
  }

  /** What happened since the last call, to all processes; all of them ask. */
  Map<String, Double> report() {
    Map<String, Double> report = new LinkedHashMap<>(episodes.report(players));
    if (explainedCount > 0) {
      report.put("teacher/explained_variance", explainedSum / explainedCount);
    }
    explainedSum = 0;
    explainedCount = 0;
    return report;
  }

  @Override
  public void save(StateWriter out) {
    out.number("begun", begun ? 1 : 0);
    out.number("steps", steps);
    out.real("explained-sum", explainedSum);
    out.number("explained-count", explainedCount);
    actionDraws.save(out.section("action"));
    for (int i = 0; i < envs; i++) {
      seeds[i].save(out.section("seed" + i));
    }
    episodes.save(out.section("episodes"));
    rewardScale.save(out.section("reward-scale"));
    environments.save(out.section("environments"));
    if (begun) {
      observations.save(out, (time + 1L) * envs);
      out.tensor("actions", tensor(actions));
      out.tensor("log-probabilities", tensor(logProbabilities));
      out.tensor("values", tensor(values));
      out.tensor("advantages", tensor(advantages));
    }
  }

  @Override
  public void restore(StateReader in) {
    begun = in.number("begun") == 1;
    steps = in.number("steps");
    explainedSum = in.real("explained-sum");
    explainedCount = in.number("explained-count");
    actionDraws.restore(in.section("action"));
    for (int i = 0; i < envs; i++) {
      seeds[i].restore(in.section("seed" + i));
    }
    episodes.restore(in.section("episodes"));
    rewardScale.restore(in.section("reward-scale"));
    environments.restore(in.section("environments"));
    if (begun) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        observations.restore(in, (time + 1L) * envs);
        read(in, "actions", actions);
        read(in, "log-probabilities", logProbabilities);
        read(in, "values", values);
        read(in, "advantages", advantages);
      }
    }
  }

  private static void read(StateReader in, String name, float[] to) {
    float[] from = Choices.floats(in.tensor(name));
    System.arraycopy(from, 0, to, 0, to.length);
  }

  private static void read(StateReader in, String name, double[] to) {
    in.tensor(name).data_ptr_double().get(to);
  }

  @Override
  public void close() {
    environments.close();
    for (Tensor rows : now) {
      rows.close();
    }
    observations.close();
    cutOff.close();
  }
}
