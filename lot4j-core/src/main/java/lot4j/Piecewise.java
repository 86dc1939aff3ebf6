package lot4j;

import static org.bytedeco.pytorch.global.torch.cross_entropy;
import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.log_softmax;

import java.util.List;
import java.util.function.Supplier;
import lot4j.Distribution.Projected;
import org.bytedeco.javacpp.PointerScope;
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
    return keepingResult(
        () -> {
          Tensor rows = rows(free.features());
          PieceGradient gradient = PieceGradient.of(rows, free.projection());
          Tensor value = rows.new_zeros(new long[0]);
          forEachPiece(
              rows,
              free.projection(),
              (piece, from, to) -> gradient.add(value, piece, loss, from, to));
          return gradient.attachTo(value);
        });
  }

  /**
   * The mean cross-entropy over all positions, shape [].
   *
   * @param targets [*] int64, the right classes
   */
  public static Tensor crossEntropy(Output output, Tensor targets) {
    Tensor all = targets.reshape(-1);
    if (!(output.distribution() instanceof Projected projected)) {
      return cross_entropy(rows(output.logits()), all);
    }
    Scalar count = new Scalar((double) all.size(0));
    return sum(
        projected,
        (logits, from, to) ->
            cross_entropy_loss(
                    logits, all.narrow(0, from, to - from), new TensorOptional(), SUM, NO_INDEX, 0)
                .div(count));
  }

  /**
   * The log-probability of the right class at every position, a constant.
   *
   * @param targets [*] int64, the right classes
   * @return [*] float64
   */
  public static Tensor logProbabilities(Output output, Tensor targets) {
    return keepingResult(
        () -> {
          Tensor all = targets.reshape(-1);
          Tensor right = all.new_zeros(all.size(0)).to(ScalarType.Double);
          try (NoGradGuard constant = new NoGradGuard()) {
            Projected projected = projected(output);
            forEachPiece(
                rows(projected.features()),
                projected.projection(),
                (piece, from, to) -> {
                  Tensor logits = projected.projection().logits(piece);
                  Tensor each =
                      log_softmax(logits, 1, new ScalarTypeOptional(ScalarType.Double))
                          .gather(1, all.narrow(0, from, to - from).unsqueeze(1));
                  right.narrow(0, from, to - from).copy_(each.squeeze(1));
                });
          }
          return right.view_as(targets);
        });
  }

  /** What happens to the features of some positions. */
  private interface Piece {
    void take(Tensor features, long from, long to);
  }

  /** Passes the features of a few positions at a time, releasing what each piece made. */
  private static void forEachPiece(Tensor rows, Projection projection, Piece action) {
    long positions = rows.size(0);
    if (positions == 0) {
      return;
    }
    long most = Math.max(1, LOGITS / classes(rows, projection));
    for (long from = 0; from < positions; from += most) {
      try (PointerScope scope = new PointerScope()) {
        long to = Math.min(positions, from + most);
        action.take(rows.narrow(0, from, to - from), from, to);
      }
    }
  }

  private static long classes(Tensor rows, Projection projection) {
    if (projection instanceof LinearProjection linear) {
      return linear.weight().size(0);
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      return projection.logits(rows.narrow(0, 0, 1)).size(1);
    }
  }

  /** Plain logits as features that need no projection. */
  private static Projected projected(Output output) {
    return output.distribution() instanceof Projected projected
        ? projected
        : new Projected(output.logits(), new Unchanged());
  }

  /** The leading axes as one. */
  private static Tensor rows(Tensor tensor) {
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
