package lot4j.rl;

import static org.bytedeco.pytorch.global.torch.maximum;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Distribution;
import lot4j.Exercise;
import lot4j.Mask;
import lot4j.Network;
import lot4j.Output;
import lot4j.rl.Policies.Judgement;
import lot4j.train.Pace;
import lot4j.train.Split;
import lot4j.train.Task;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoDispatchBelowADInplaceOrView;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * Proximal policy optimization: the loss of a minibatch.
 *
 * <pre>{@code
 * r   = π(a|s) / π_old(a|s)
 * L   = mean max(−Â r, −Â clip(r, 1−ε, 1+ε))                     the clipped objective
 *     + c_v · ½ mean max((V−R)², (V_old + clip(V−V_old, ±ε_v) − R)²)
 *     − c_e · mean H(π)
 * }</pre>
 *
 * <p>Source: J. Schulman et al., "Proximal policy optimization algorithms", arXiv 1707.06347, 2017,
 * equations 7 and 9; the clipped value loss is from the authors' code. Rollouts and advantages are
 * {@link RolloutStream}'s and {@link Gae}'s part.
 */
public final class Ppo implements Task<Minibatch> {
  /** What a deviation of advantages is kept above. */
  static final double EPSILON = 1e-8;

  private final PpoConfig config;
  private final Scorer scorer;
  private final Constants constants;

  /** Scores networks on a split by letting them act. */
  @FunctionalInterface
  public interface Scorer {
    /** As {@link Task#score} gives it. */
    List<Map<String, Double>> score(List<Network> networks, Split split);
  }

  /** PPO whose networks are scored by {@code scorer}. */
  public Ppo(PpoConfig config, Scorer scorer) {
    this.config = config;
    this.scorer = scorer;
    this.constants = Constants.of(config);
  }

  /**
   * The numbers of a configuration as the engine takes them: making one costs half a small step.
   */
  private record Constants(
      Scalar one,
      Scalar half,
      Scalar epsilon,
      Scalar valueCoefficient,
      Scalar entropy,
      Scalar clip,
      Range ratio,
      Optional<Range> value) {
    /** Made once, and nobody's scope takes them along. */
    static Constants of(PpoConfig config) {
      double clip = config.clip();
      try (PointerScope scope = new PointerScope()) {
        return new Constants(
            kept(1),
            kept(0.5),
            kept(EPSILON),
            kept(config.valueCoefficient()),
            kept(config.entropy()),
            kept(clip),
            Range.of(1 - clip, 1 + clip),
            config.valueClip().map(most -> Range.of(-most, most)));
      }
    }

    private static Scalar kept(double number) {
      return new Scalar(number).retainReference();
    }
  }

  /** What is cut to. */
  private record Range(ScalarOptional low, ScalarOptional high) {
    static Range of(double low, double high) {
      return new Range(
          new ScalarOptional(new Scalar(low)).retainReference(),
          new ScalarOptional(new Scalar(high)).retainReference());
    }

    Tensor cut(Tensor x) {
      return x.clamp(low, high);
    }
  }

  /**
   * The parts of the loss, each of shape [] but for the last.
   *
   * @param policy the clipped objective, negated
   * @param value half the mean squared error, clipped if so configured
   * @param entropy mean entropy of the policy, nats
   * @param total what is minimised
   * @param approximateKl mean of (r − 1) − log r, an estimate of KL(old ‖ new) that is never
   *     negative: J. Schulman, "Approximating KL divergence", 2020
   * @param clipFraction part of the samples whose ratio is outside 1 ± ε
   * @param logRatio log r of each sample, [batch], a constant
   * @param ratio r of each sample, [batch], a constant
   */
  public record Terms(
      Tensor policy,
      Tensor value,
      Tensor entropy,
      Tensor total,
      Tensor approximateKl,
      Tensor clipFraction,
      Tensor logRatio,
      Tensor ratio) {

    /** Mean of −log r, the simplest estimate of KL(old ‖ new), []. */
    public Tensor oldApproximateKl() {
      return logRatio.mean().neg();
    }
  }

  /**
   * All parts of the loss.
   *
   * @param output a policy with its {@code value}, [batch] or [batch, 1]
   */
  public Terms terms(Output output, Experience from) {
    Judgement now = Policies.judge(output.distribution(), from.actions());
    Tensor logRatio = now.logProbability().sub(from.logProbabilities());
    Tensor ratio = logRatio.exp();
    Tensor clipped = constants.ratio().cut(ratio);

    Tensor cost = cost(from);
    Tensor policy = maximum(cost.mul(ratio), cost.mul(clipped)).mean();
    Tensor value = valueLoss(value(output), from);
    Tensor entropy = now.entropy().mean();
    Tensor total =
        policy.add(value.mul(constants.valueCoefficient())).sub(entropy.mul(constants.entropy()));

    Shift shift = shift(logRatio, ratio);
    return new Terms(
        policy,
        value,
        entropy,
        total,
        shift.approximateKl(),
        shift.clipFraction(),
        shift.logRatio(),
        shift.ratio());
  }

  /** How far the policy has moved: what is shown, and nobody differentiates. */
  private record Shift(Tensor approximateKl, Tensor clipFraction, Tensor logRatio, Tensor ratio) {}

  private Shift shift(Tensor logRatio, Tensor ratio) {
    try (AutoDispatchBelowADInplaceOrView plain = new AutoDispatchBelowADInplaceOrView()) {
      Tensor log = logRatio.detach();
      Tensor constant = ratio.detach();
      Tensor moved = constant.sub(constants.one());
      Tensor kl = moved.sub(log).mean();
      Tensor outside = moved.abs_().gt(constants.clip());
      return new Shift(kl, outside.mean(new ScalarTypeOptional(log.scalar_type())), log, constant);
    }
  }

  /** −Â, a constant. */
  private Tensor cost(Experience from) {
    Tensor advantages = from.advantages();
    try (AutoDispatchBelowADInplaceOrView plain = new AutoDispatchBelowADInplaceOrView()) {
      if (!config.normalizeAdvantages() || advantages.numel() < 2) {
        return advantages.neg();
      }
      Tensor size = advantages.std().add_(constants.epsilon());
      return advantages.sub(advantages.mean()).div_(size).neg_();
    }
  }

  private Tensor valueLoss(Tensor value, Experience from) {
    Tensor free = value.sub(from.returns()).square();
    Tensor counted = free;
    if (constants.value().isPresent()) {
      Range around = constants.value().get();
      Tensor near = from.values().add(around.cut(value.sub(from.values())));
      counted = maximum(free, near.sub(from.returns()).square());
    }
    return counted.mean().mul(constants.half());
  }

  /** A policy's estimate of what is to come, [batch]. */
  static Tensor value(Output output) {
    Tensor value = output.extras().get("value");
    if (value == null) {
      throw new IllegalArgumentException("policy: no value is not allowed; an actor and a critic");
    }
    return value.dim() == 2 ? value.squeeze(-1) : value;
  }

  @Override
  public Exercise exercise(Minibatch batch) {
    return new Exercise(batch.observations(), Mask.none(), Optional.empty());
  }

  @Override
  public Tensor loss(Output output, Minibatch batch) {
    Terms terms = terms(output, experience(batch));
    batch.keep(terms);
    if (config.targetKl().isPresent()) {
      batch.drift(terms.approximateKl().item_double());
    }
    return terms.total();
  }

  private static Experience experience(Minibatch batch) {
    return batch
        .experience()
        .orElseThrow(() -> new IllegalArgumentException("ppo: states alone have no loss"));
  }

  @Override
  public long samples(Minibatch batch) {
    return batch.observations().size(0);
  }

  @Override
  public long taken(Minibatch batch) {
    return batch.taken();
  }

  @Override
  public Map<String, Tensor> observe(Output output, Minibatch batch) {
    Terms terms = batch.terms().orElseGet(() -> terms(output, experience(batch)));
    Map<String, Tensor> seen = new LinkedHashMap<>();
    try (AutoDispatchBelowADInplaceOrView plain = new AutoDispatchBelowADInplaceOrView()) {
      seen.put("policy_loss", terms.policy().detach());
      seen.put("value_loss", terms.value().detach());
      seen.put("entropy", terms.entropy().detach());
    }
    seen.put("approximate_kl", terms.approximateKl());
    seen.put("clip_fraction", terms.clipFraction());
    return seen;
  }

  @Override
  public Exercise part(Exercise exercise, double fraction) {
    return new Exercise(first(exercise.inputs(), fraction), exercise.mask(), exercise.task());
  }

  @Override
  public Output part(Output output, double fraction) {
    Map<String, Tensor> extras = new LinkedHashMap<>();
    output.extras().forEach((name, tensor) -> extras.put(name, first(tensor, fraction)));
    return new Output(part(output.distribution(), fraction), extras);
  }

  private static Distribution part(Distribution whole, double fraction) {
    if (whole instanceof Distribution.DiagonalNormal normal) {
      Tensor logStd = normal.logStd();
      return new Distribution.DiagonalNormal(
          first(normal.mean(), fraction), logStd.dim() == 2 ? first(logStd, fraction) : logStd);
    }
    return new Distribution.Categorical(
        first(((Distribution.Categorical) whole).logits(), fraction));
  }

  private static Tensor first(Tensor rows, double fraction) {
    return rows.narrow(0, 0, Pace.part(rows.size(0), fraction));
  }

  @Override
  public List<Map<String, Double>> score(List<Network> networks, Split split) {
    return scorer.score(networks, split);
  }
}
