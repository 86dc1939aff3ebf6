package lot4j.imitability;

import static org.bytedeco.pytorch.global.torch.empty_like;
import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.mul_out;
import static org.bytedeco.pytorch.global.torch.sub_out;

import java.util.Optional;
import lot4j.Distribution;
import lot4j.HandGradient;
import lot4j.Mask;
import lot4j.Output;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * The mean divergence of many logits from a constant reference, with its gradient worked out by
 * hand while each few rows are in the processor's cache; the engine's own derivative passes over
 * main memory two dozen times.
 *
 * <p>With p the free side's probabilities and q the reference's, at temperature T, the gradient in
 * a row of logits is p·(log p − log q − KL) / T for KL(p ‖ q), and (p − q) / T for KL(q ‖ p).
 */
final class KlByHand {
  /** From here on it is used; it decides rounding, so it is the same on every machine. */
  private static final long LEAST = 1L << 20;

  /** Logits that are worked on at a time. */
  private static final long BLOCK = 1L << 18;

  private final boolean freeFirst;
  private final Scalar inverseTemperature;
  private final Mask mask;

  private KlByHand(boolean freeFirst, double temperature, Mask mask) {
    this.freeFirst = freeFirst;
    this.inverseTemperature = new Scalar(1 / temperature);
    this.mask = mask;
  }

  /** The mean over counted positions, shape []; empty where the plain way has to be taken. */
  static Optional<Tensor> mean(KlDivergence measure, Output free, Output reference, Mask mask) {
    if (!(free.distribution() instanceof Distribution.Categorical own)
        || !(reference.distribution() instanceof Distribution.Categorical other)
        || own.logits().numel() < LEAST
        || other.logits().requires_grad()
        || own.logits().is_cuda()) {
      return Optional.empty();
    }
    boolean freeFirst = measure.direction() == KlDivergence.Direction.FREE_REFERENCE;
    return Optional.of(
        new KlByHand(freeFirst, measure.temperature(), mask).of(own.logits(), other.logits()));
  }

  private Tensor of(Tensor logits, Tensor reference) {
    Tensor rows = logits.reshape(-1, logits.size(-1));
    Tensor others = reference.reshape(-1, logits.size(-1));
    boolean learns = GradMode.is_enabled() && logits.requires_grad();
    HandGradient byHand = new HandGradient();
    Tensor value = rows.new_zeros(new long[0]);
    Tensor gradient = learns ? empty_like(rows) : rows.new_zeros(0);
    try (NoGradGuard constant = new NoGradGuard()) {
      Tensor weights = weights(rows);
      long most = Math.max(1, BLOCK / rows.size(1));
      for (long from = 0; from < rows.size(0); from += most) {
        try (PointerScope scope = new PointerScope()) {
          long length = Math.min(most, rows.size(0) - from);
          block(
              rows.narrow(0, from, length),
              others.narrow(0, from, length),
              weights.narrow(0, from, length),
              from,
              value,
              learns ? Optional.of(gradient.narrow(0, from, length)) : Optional.empty());
        }
      }
    }
    if (learns) {
      byHand.into(rows, gradient);
    }
    return byHand.attachedTo(value);
  }

  /** What each position counts for, [positions, 1]; together 1, unless none counts. */
  private Tensor weights(Tensor rows) {
    if (mask.positions().isEmpty()) {
      return rows.new_ones(rows.size(0), 1).div_(new Scalar((double) rows.size(0)));
    }
    Tensor counted = mask.positions().get().reshape(-1, 1).to(rows.scalar_type());
    return counted.div(counted.sum().clamp_min(new Scalar(1)));
  }

  private void block(
      Tensor free,
      Tensor reference,
      Tensor weights,
      long from,
      Tensor value,
      Optional<Tensor> gradient) {
    Tensor p = logProbabilities(free, from);
    Tensor q = logProbabilities(reference, from);
    Tensor first = freeFirst ? p : q;
    Tensor absent = first.eq(new Scalar(Double.NEGATIVE_INFINITY));
    Tensor ratio = (freeFirst ? p.sub(q) : q.sub(p)).masked_fill_(absent, new Scalar(0));
    Tensor probabilities = first.exp();
    Tensor terms =
        gradient
            .map(g -> mul_out(g, probabilities, ratio))
            .orElseGet(() -> probabilities.mul(ratio));
    Tensor each = terms.sum(new long[] {-1}, true, new ScalarTypeOptional());
    value.add_(each.mul(weights).sum());
    gradient.ifPresent(
        g -> {
          if (freeFirst) {
            g.addcmul_(probabilities, each, new Scalar(-1));
          } else {
            sub_out(g, p.exp_(), probabilities);
          }
          g.mul_(weights.mul(inverseTemperature));
        });
  }

  private Tensor logProbabilities(Tensor logits, long from) {
    Tensor clean = logits.detach();
    if (mask.positions().isPresent()) {
      Tensor part = mask.positions().get().reshape(-1).narrow(0, from, logits.size(0));
      clean = new Mask(Optional.of(part)).clean(clean);
    }
    return log_softmax(clean.mul(inverseTemperature), -1);
  }
}
