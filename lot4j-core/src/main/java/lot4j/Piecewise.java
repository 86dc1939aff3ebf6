package lot4j;

import static org.bytedeco.pytorch.global.torch.cross_entropy;
import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.log_softmax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import lot4j.Distribution.Projected;
import lot4j.imitability.FeatureError;
import lot4j.imitability.Shuffled;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Losses of outputs with very many classes: a few positions at a time are projected to logits,
 * measured, differentiated and forgotten, so that [*, classes] never stands in memory as a whole.
 *
 * <p>Values and gradients are those of the plain form to rounding. The gradient of a piece is taken
 * at once, while its logits are there; {@code backward} only scales what was gathered. Without
 * gradient nothing is gathered. What is returned can be scaled and added like any loss; it has no
 * second derivative.
 */
public final class Piecewise {
  /** Logits in one piece. It decides rounding, so it is the same on every machine. */
  private static final long LOGITS = 1L << 23;

  /** Fewer positions in a piece would be no matrix products any more, but reading of a matrix. */
  private static final long LEAST = 128;

  /**
   * Log-probabilities in one block, 512 KiB in float64: several networks' blocks fit a core's own
   * cache, without which every pass over them is three times slower. It decides no rounding.
   */
  private static final long BLOCK = 1L << 16;

  private static final long SUM = 2;
  private static final long NO_INDEX = -100;

  private Piecewise() {}

  /**
   * The sum of {@code loss} over all positions.
   *
   * @param free the output that is differentiated, in its features and its projection's parameters
   * @param loss may use other tensors, but as constants
   * @return shape []
   */
  public static Tensor sum(Projected free, PieceLoss loss) {
    return sum(free, loss, most(free));
  }

  /** The same with at most {@code most} positions a piece. */
  static Tensor sum(Projected free, PieceLoss loss, long most) {
    return keepingResult(
        () -> {
          Tensor rows = rows(free.features());
          PieceGradient gradient = PieceGradient.of(rows, free.projection());
          Tensor value = rows.new_zeros(new long[0]);
          forEachPiece(rows, most, (piece, from, to) -> gradient.add(value, piece, loss, from, to));
          return gradient.attachTo(value);
        });
  }

  /**
   * The mean cross-entropy over all positions, shape [].
   *
   * @param targets [*] int64, the right classes
   */
  public static Tensor crossEntropy(Output output, Tensor targets) {
    return output.distribution() instanceof Projected projected
        ? crossEntropy(projected, targets, most(projected))
        : cross_entropy(rows(output.logits()), targets.reshape(-1));
  }

  /** The same with at most {@code most} positions a piece. */
  static Tensor crossEntropy(Projected output, Tensor targets, long most) {
    Tensor all = targets.reshape(-1);
    Scalar count = new Scalar((double) all.size(0));
    return sum(
        output,
        (logits, from, to) ->
            cross_entropy_loss(
                    logits, all.narrow(0, from, to - from), new TensorOptional(), SUM, NO_INDEX, 0)
                .div(count),
        most);
  }

  /**
   * A measure of imitability, shape []. Where {@code free} is projected, it is taken piece by piece
   * and put together by the positions that count in each; a piece's outputs are [positions,
   * classes] and have no extras. A reference that is no constant is measured in the plain form.
   */
  public static Tensor measure(Imitability metric, Output free, Output reference, Mask mask) {
    if (metric instanceof Shuffled shuffled) { // over all positions, not within each piece
      return measure(shuffled.measure(), free, Shuffled.shuffled(reference, mask), mask);
    }
    boolean ofLogits = !(metric instanceof FeatureError); // else the features are there as a whole
    return ofLogits && free.distribution() instanceof Projected projected
        ? measure(metric, projected, projected(reference), mask, most(projected))
        : metric.measure(free, reference, mask);
  }

  /** The same with at most {@code most} positions a piece. */
  static Tensor measure(
      Imitability metric, Projected free, Projected reference, Mask mask, long most) {
    if (learns(reference)) {
      return metric.measure(Output.logits(free.logits()), Output.logits(reference.logits()), mask);
    }
    Tensor targets = rows(reference.features());
    Optional<Tensor> counted = mask.positions().map(positions -> positions.reshape(-1));
    Optional<Tensor> count = counted.map(all -> all.sum().clamp_min(new Scalar(1)));
    double positions = targets.size(0);
    return sum(
        free,
        (logits, from, to) -> {
          long length = to - from;
          Tensor target = reference.projection().logits(targets.narrow(0, from, length));
          Optional<Tensor> part = counted.map(all -> all.narrow(0, from, length));
          Tensor mu = metric.measure(Output.logits(logits), Output.logits(target), new Mask(part));
          return part.map(piece -> mu.mul(piece.sum().to(mu.scalar_type())).div(count.get()))
              .orElseGet(() -> mu.mul(new Scalar(length / positions)));
        },
        most);
  }

  /**
   * The log-probability of the right class at every position, a constant.
   *
   * @param targets [*] int64, the right classes
   * @return [*] float64
   */
  public static Tensor logProbabilities(Output output, Tensor targets) {
    Projected projected = projected(output);
    return logProbabilities(projected, targets, most(projected));
  }

  /** The same with at most {@code most} positions a piece. */
  static Tensor logProbabilities(Projected output, Tensor targets, long most) {
    return keepingResult(
        () -> {
          Tensor all = targets.reshape(-1);
          Tensor right = all.new_zeros(all.size(0)).to(ScalarType.Double);
          forEach(
              List.of(output),
              most,
              (answers, from, to) ->
                  right
                      .narrow(0, from, to - from)
                      .copy_(
                          answers
                              .get(0)
                              .gather(1, all.narrow(0, from, to - from).unsqueeze(1))
                              .squeeze(1)));
          return right.view_as(targets);
        });
  }

  /** What several networks say of the same few positions. */
  @FunctionalInterface
  public interface Answers {
    /**
     * Takes the positions {@code from} to {@code to}, counted over all leading axes.
     *
     * @param logProbabilities of each output, [to - from, classes] float64, constants that are gone
     *     when this returns
     * @param from the first position
     * @param to the position after the last
     */
    void take(List<Tensor> logProbabilities, long from, long to);
  }

  /**
   * Passes what several outputs say of the same positions, all positions in order, a few at a time.
   *
   * @param outputs one or more, of the same positions and classes
   */
  public static void forEach(List<Output> outputs, Answers answers) {
    List<Projected> all = outputs.stream().map(Piecewise::projected).toList();
    try (PointerScope scope = new PointerScope()) {
      forEach(all, most(all.get(0)), answers);
    }
  }

  private static void forEach(List<Projected> outputs, long most, Answers answers) {
    List<Tensor> rows = outputs.stream().map(output -> rows(output.features())).toList();
    ScalarTypeOptional inDouble = new ScalarTypeOptional(ScalarType.Double);
    try (NoGradGuard constant = new NoGradGuard()) {
      forEachPiece(
          rows.get(0),
          most,
          (first, from, to) -> {
            List<Tensor> logits = new ArrayList<>();
            for (int i = 0; i < outputs.size(); i++) {
              Tensor piece = rows.get(i).narrow(0, from, to - from);
              logits.add(outputs.get(i).projection().logits(piece));
            }
            forEachPiece(
                logits.get(0),
                block(logits.get(0)),
                (part, start, end) ->
                    answers.take(
                        logits.stream()
                            .map(all -> log_softmax(all.narrow(0, start, end - start), 1, inDouble))
                            .toList(),
                        from + start,
                        from + end));
          });
    }
  }

  /** Positions in a block; a graphics processor has no use for small ones. */
  private static long block(Tensor logits) {
    return logits.is_cuda() ? logits.size(0) : Math.max(1, BLOCK / logits.size(1));
  }

  /** What happens to the features of some positions. */
  private interface Piece {
    void take(Tensor features, long from, long to);
  }

  /** Passes the features of a few positions at a time, releasing what each piece made. */
  private static void forEachPiece(Tensor rows, long most, Piece action) {
    long positions = rows.size(0);
    for (long from = 0; from < positions; from += most) {
      try (PointerScope scope = new PointerScope()) {
        long to = Math.min(positions, from + most);
        action.take(rows.narrow(0, from, to - from), from, to);
      }
    }
  }

  /** How many positions make a piece. */
  static long most(Projected output) {
    return Math.max(LEAST, LOGITS / Math.max(1, classes(output)));
  }

  static long classes(Projected output) {
    if (output.projection() instanceof LinearProjection linear) {
      return linear.weight().size(0);
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Tensor rows = rows(output.features());
      return output.projection().logits(rows.narrow(0, 0, Math.min(1, rows.size(0)))).size(1);
    }
  }

  /** Whether a gradient would flow into it. */
  static boolean learns(Projected output) {
    return GradMode.is_enabled()
        && (output.features().requires_grad()
            || output.projection().parameters().stream().anyMatch(Tensor::requires_grad));
  }

  /** Plain logits as features that need no projection. */
  static Projected projected(Output output) {
    return output.distribution() instanceof Projected projected
        ? projected
        : new Projected(output.logits(), new Unchanged());
  }

  /** The leading axes as one. */
  static Tensor rows(Tensor tensor) {
    return tensor.reshape(-1, tensor.size(-1));
  }

  private static Tensor keepingResult(Supplier<Tensor> body) {
    PointerScope outer = PointerScope.getInnerScope();
    try (PointerScope inner = new PointerScope()) {
      Tensor result = body.get();
      if (outer == null) {
        result.retainReference();
      } else {
        outer.attach(result);
      }
      return result;
    }
  }

  private record Unchanged() implements Projection {
    @Override
    public Tensor logits(Tensor features) {
      return features;
    }

    @Override
    public List<Tensor> parameters() {
      return List.of();
    }
  }
}
