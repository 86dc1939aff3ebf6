package lot4j.rl;

import static org.bytedeco.pytorch.global.torch.log_softmax;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import lot4j.Census;
import lot4j.Distribution;
import lot4j.Learner;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Network;
import lot4j.Output;
import lot4j.Shape;
import lot4j.config.ConfigError;
import lot4j.distributed.Company;
import lot4j.random.Streams;
import lot4j.rl.policy.TwoNetworks;
import lot4j.train.BatchSource;
import lot4j.train.DataException;
import lot4j.train.Pace;
import lot4j.train.Prepared;
import lot4j.train.Primary;
import lot4j.train.Split;
import lot4j.train.Task;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * An environment, ready to learn to act in. An epoch is one rollout, a sample an agent step. Where
 * there are training and test levels, {@code train} and {@code valid} are played on the former.
 *
 * <p>Several processes do what one would with as many times the environments, the minibatch and the
 * students' states and batch: each acts in its own environments and learns from what it met there.
 */
public final class PreparedRl implements Prepared<Minibatch> {
  private static final long MOST_BYTES = 1_000_000_000;

  private final ReinforcementLearning spec;
  private final PpoConfig ppo;
  private final Replay replay;
  private final Spaces spaces;
  private final Players players;
  private final Task<Minibatch> task;

  PreparedRl(ReinforcementLearning spec, PpoConfig ppo, Replay replay) {
    this(spec, ppo, replay, spaces(spec.environment()), Players.alone());
  }

  private PreparedRl(
      ReinforcementLearning spec, PpoConfig ppo, Replay replay, Spaces spaces, Players players) {
    this.spec = spec;
    this.ppo = ppo;
    this.replay = replay;
    this.spaces = spaces;
    this.players = players;
    this.task =
        new Ppo(
            players.size() == 1 ? ppo : ppo.normalised(),
            (networks, split) -> score(networks, split, episodes(split), spec.evalBy()));
  }

  private static Spaces spaces(EnvironmentSpec environment) {
    try (Environment one = environment.make(Split.TRAIN)) {
      return one.spaces();
    }
  }

  @Override
  public Task<Minibatch> task() {
    return task;
  }

  /** What is played. */
  public ReinforcementLearning spec() {
    return spec;
  }

  @Override
  public Shape input() {
    return spaces.observation().shape();
  }

  @Override
  public boolean normals() {
    return spaces.action() instanceof ActionSpace.Box;
  }

  @Override
  public int outputs() {
    return spaces.action().outputs();
  }

  @Override
  public Model build(ModelSpec model) {
    try {
      return policy(model).build(input(), spaces.action());
    } catch (IllegalArgumentException e) {
      throw new DataException(dataName() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Census census(ModelSpec model) {
    try {
      return policy(model).census(input(), spaces.action());
    } catch (IllegalArgumentException e) {
      throw new DataException(dataName() + ": " + e.getMessage(), e);
    }
  }

  private static PolicySpec policy(ModelSpec model) {
    return model instanceof PolicySpec policy ? policy : new TwoNetworks(model);
  }

  @Override
  public List<String> notes() {
    return spec.environment().notes();
  }

  @Override
  public String dataName() {
    return spec.environment().title();
  }

  @Override
  public List<Source> sources() {
    return spec.environment().sources();
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    spec.validation().ifPresent(n -> counts.put(Split.VALID.key(), (long) n));
    counts.put(Split.TEST.key(), (long) spec.evalEpisodes());
    return counts;
  }

  @Override
  public Set<Split> splits() {
    Set<Split> splits = new TreeSet<>(Set.of(Split.TRAIN, Split.TEST));
    spec.validation().ifPresent(n -> splits.add(Split.VALID));
    return splits;
  }

  @Override
  public Set<Split> finale() {
    return spec.environment().levels() ? Set.of(Split.TRAIN, Split.TEST) : Set.of(Split.TEST);
  }

  @Override
  public Primary primary() {
    return new Primary("return", true);
  }

  /**
   * {@inheritDoc}
   *
   * @throws ConfigError if a process's states are too many to be sent to the one that writes them
   */
  @Override
  public PreparedRl among(Company company) {
    if (company.size() == 1) {
      return this;
    }
    long rows = replay.states() + (spec.rollout() + 1L) * spec.envs();
    long most = MOST_BYTES / spaces.observation().bytes();
    if (rows > most) {
      throw new ConfigError(
          "replay.states",
          replay.states()
              + " is not allowed with "
              + company.size()
              + " processes; at most "
              + Math.max(0, most - (rows - replay.states()))
              + ", for each sends its states to the one that writes checkpoints");
    }
    return new PreparedRl(spec, ppo, replay, spaces, Players.of(company));
  }

  @Override
  public int memories() {
    return players.size();
  }

  @Override
  public Pace taskPace(int batchSize, int accumulate) {
    long all = players.size();
    long step = all * batchSize * accumulate;
    long acting = all * ((long) spec.size() + spec.envs());
    return new Pace(all * spec.size(), step, batchSize, 0, ppo.epochs(), acting);
  }

  @Override
  public Pace studentPace(int batchSize, int accumulate) {
    long step = (long) players.size() * batchSize * accumulate;
    return new Pace(step, step, batchSize);
  }

  @Override
  public RolloutStream taskStream(Learner teacher, int batchSize, int accumulate, Streams streams) {
    Environments environments =
        spec.environment().make(Split.TRAIN, spec.envs(), torch.get_num_threads());
    Rollout rollout =
        new Rollout(teacher, environments, dataName(), spec.rollout(), ppo, streams, players);
    return new RolloutStream(
        rollout, ppo, batchSize, accumulate, players.stream(streams, "order.task"), players);
  }

  @Override
  public BatchSource<Minibatch> studentStream(
      Learner teacher,
      BatchSource<Minibatch> taskStream,
      int batchSize,
      int accumulate,
      Streams streams) {
    StateMemory memory = new StateMemory(spaces.observation(), replay.states());
    ((RolloutStream) taskStream).remember(memory);
    return new ReplayStream(
        memory, batchSize, accumulate, players.stream(streams, "order.student"), players);
  }

  /**
   * Lets networks play.
   *
   * @return results by network, and one of all together if there are several
   */
  public List<Evaluation.Result> play(List<Network> networks, Split split, int episodes, ActBy by) {
    Evaluation evaluation = new Evaluation(spec.environment(), episodes, by, spec.splitSeed());
    List<Evaluation.Result> results = new ArrayList<>();
    networks.forEach(network -> results.add(evaluation.of(network, split)));
    if (networks.size() > 1) {
      results.add(evaluation.of(together(networks), split));
    }
    return results;
  }

  private int episodes(Split split) {
    return split == Split.VALID
        ? spec.validation().orElse(spec.evalEpisodes())
        : spec.evalEpisodes();
  }

  private List<Map<String, Double>> score(
      List<Network> networks, Split split, int episodes, ActBy by) {
    List<Map<String, Double>> scores = new ArrayList<>();
    for (Evaluation.Result result : play(networks, split, episodes, by)) {
      Map<String, Double> score = new LinkedHashMap<>();
      score.put("return", result.mean());
      score.put("return_sd", result.deviation());
      score.put("episode_length", result.length());
      scores.add(score);
    }
    return scores;
  }

  /** One policy of several: the mean of their probabilities, or of their normals' parameters. */
  private static Network together(List<Network> networks) {
    return (inputs, memory) -> {
      List<Output> outputs = networks.stream().map(n -> n.forward(inputs, memory)).toList();
      if (outputs.get(0).distribution() instanceof Distribution.DiagonalNormal) {
        List<Distribution.DiagonalNormal> normals =
            outputs.stream().map(o -> (Distribution.DiagonalNormal) o.distribution()).toList();
        return new Output(
            new Distribution.DiagonalNormal(
                mean(normals.stream().map(Distribution.DiagonalNormal::mean).toList()),
                mean(normals.stream().map(Distribution.DiagonalNormal::logStd).toList())),
            Map.of());
      }
      return Output.logits(
          mean(outputs.stream().map(o -> log_softmax(o.logits(), -1).exp()).toList()).log());
    };
  }

  private static Tensor mean(List<Tensor> each) {
    Tensor sum = each.get(0);
    for (Tensor next : each.subList(1, each.size())) {
      sum = sum.add(next);
    }
    return sum.mul(new Scalar(1.0 / each.size()));
  }

  @Override
  public List<Map<String, Double>> scoreOn(
      List<Network> networks, Path dataDirectory, String data) {
    throw new DataException(
        data + ": other data is not for reinforcement learning; --split or --episodes");
  }

  @Override
  public void close() {}
}
