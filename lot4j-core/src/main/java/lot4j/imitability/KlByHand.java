package lot4j.imitability;

import static org.bytedeco.pytorch.global.torch.add_out;
import static org.bytedeco.pytorch.global.torch.amax;
import static org.bytedeco.pytorch.global.torch.empty_like;
import static org.bytedeco.pytorch.global.torch.exp_out;
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

  /** Logits that are worked on at a time; what is made of them fits a core's own cache. */
  private static final long BLOCK = 1L << 17;

  private final boolean freeFirst;
  private final double temperature;
  private final Scalar inverseTemperature;
  private final Mask mask;

  private KlByHand(boolean freeFirst, double temperature, Mask mask) {
    this.freeFirst = freeFirst;
    this.temperature = temperature;
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
    try (NoGradGuard constant = new NoGradGuard();
        PointerScope whole = new PointerScope()) {
      Tensor weights = weights(rows);
      long most = Math.max(1, Math.min(rows.size(0), BLOCK / rows.size(1)));
      Room room = Room.of(rows, most);
      for (long from = 0; from < rows.size(0); from += most) {
        try (PointerScope scope = new PointerScope()) {
          long length = Math.min(most, rows.size(0) - from);
          Tensor free = clean(rows.narrow(0, from, length), from);
          Tensor other = clean(others.narrow(0, from, length), from);
          Tensor weight = weights.narrow(0, from, length);
          Optional<Tensor> slope =
              learns ? Optional.of(gradient.narrow(0, from, length)) : Optional.empty();
          Tensor part = block(free, other, weight, room.first(length), slope);
          // An excluded class makes 0 · ∞ of it: once more, class by class.
          value.add_(
              Double.isNaN(part.item_double()) ? excluding(free, other, weight, slope) : part);
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

  /**
   * The weighted sum over some positions, and its gradient. Only sums of a row are divided: with z
   * the logits over T without the row's largest, e = exp z and S its sum, log p = z − log S.
   */
  private Tensor block(
      Tensor free, Tensor reference, Tensor weights, Room room, Optional<Tensor> gradient) {
    Tensor zFree = shifted(room.free(), free);
    Tensor zReference = shifted(room.reference(), reference);
    Tensor g = gradient.orElse(room.slope());
    // The exponentials of the second side leave but their sum, unless the gradient needs them.
    Tensor eFirst = exp_out(room.exponentials(), freeFirst ? zFree : zReference);
    Tensor eSecond = exp_out(g, freeFirst ? zReference : zFree);
    Tensor first = sumOfRows(eFirst);
    Tensor second = sumOfRows(eSecond);
    Tensor difference = freeFirst ? zFree.sub_(zReference) : zReference.sub_(zFree);
    Tensor step = weights.mul(inverseTemperature);
    Tensor mean;
    if (freeFirst) {
      mean = sumOfRows(mul_out(g, eFirst, difference)).div_(first);
      gradient.ifPresent(out -> out.addcmul_(eFirst, mean, new Scalar(-1)).mul_(step.div_(first)));
    } else {
      mean = sumOfRows(difference.mul_(eFirst)).div_(first);
      gradient.ifPresent(
          out -> out.mul_(step.div(second)).addcmul_(eFirst, step.div_(first), new Scalar(-1)));
    }
    return mean.add(second.log_()).sub_(first.log()).mul_(weights).sum();
  }

  private Tensor shifted(Tensor out, Tensor logits) {
    // A number times a large tensor is several times slower than as the factor of a sum.
    Tensor top = amax(logits, new long[] {-1}, true).div_(new Scalar(-temperature));
    return add_out(out, top, logits, inverseTemperature);
  }

  private static Tensor sumOfRows(Tensor rows) {
    return rows.sum(new long[] {-1}, true, new ScalarTypeOptional());
  }

  /** The same where one side or both exclude classes: they add nothing, or make it infinite. */
  private Tensor excluding(
      Tensor free, Tensor reference, Tensor weights, Optional<Tensor> gradient) {
    Tensor p = log_softmax(free.mul(inverseTemperature), -1);
    Tensor q = log_softmax(reference.mul(inverseTemperature), -1);
    Tensor first = freeFirst ? p : q;
    Tensor absent = first.eq(new Scalar(Double.NEGATIVE_INFINITY));
    Tensor ratio = (freeFirst ? p.sub(q) : q.sub(p)).masked_fill_(absent, new Scalar(0));
    Tensor probabilities = first.exp();
    Tensor each = sumOfRows(probabilities.mul(ratio));
    gradient.ifPresent(
        g -> {
          if (freeFirst) {
            mul_out(g, probabilities, ratio).addcmul_(probabilities, each, new Scalar(-1));
          } else {
            sub_out(g, p.exp_(), probabilities);
          }
          g.mul_(weights.mul(inverseTemperature));
        });
    return each.mul(weights).sum();
  }

  /** Some positions' logits without a graph, and without what does not count. */
  private Tensor clean(Tensor logits, long from) {
    Tensor constant = logits.detach();
    if (mask.positions().isEmpty()) {
      return constant;
    }
    Tensor part = mask.positions().get().reshape(-1).narrow(0, from, logits.size(0));
    return new Mask(Optional.of(part)).clean(constant);
  }

  /**
   * Memory that every block uses again, each [positions, classes]: fresh memory would have to be
   * fetched into the cache first, which takes longer than the arithmetic.
   */
  private record Room(Tensor free, Tensor reference, Tensor exponentials, Tensor slope) {
    static Room of(Tensor rows, long most) {
      Tensor like = rows.narrow(0, 0, most);
      return new Room(empty_like(like), empty_like(like), empty_like(like), empty_like(like));
    }

    Room first(long length) {
      return new Room(
          free.narrow(0, 0, length),
          reference.narrow(0, 0, length),
          exponentials.narrow(0, 0, length),
          slope.narrow(0, 0, length));
    }
  }
}
