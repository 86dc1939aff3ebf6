package lot4j;

import static org.bytedeco.pytorch.global.torch.grad;
import static org.bytedeco.pytorch.global.torch.zeros_like;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * The gradient of a sum of pieces in the features and in the projection's parameters, gathered
 * piece by piece: {@link Piecewise}'s arithmetic.
 */
final class PieceGradient {
  private final Projection projection;

  /** What may be differentiated: the features, [positions, features], then the parameters. */
  private final List<Tensor> variables = new ArrayList<>();

  /** The gradient of each so far, empty where none is wanted. */
  private final List<Optional<Tensor>> gathered = new ArrayList<>();

  private PieceGradient(Tensor rows, Projection projection) {
    this.projection = projection;
    variables.add(rows);
    variables.addAll(projection.parameters());
    for (Tensor variable : variables) {
      boolean wanted = GradMode.is_enabled() && variable.requires_grad();
      gathered.add(wanted ? Optional.of(zeros_like(variable)) : Optional.empty());
    }
  }

  static PieceGradient of(Tensor rows, Projection projection) {
    return new PieceGradient(rows, projection);
  }

  /** Adds a piece to {@code value}, and its gradient to what was gathered. */
  void add(Tensor value, Tensor piece, PieceLoss loss, long from, long to) {
    Tensor features = piece.detach();
    if (gathered.stream().allMatch(Optional::isEmpty)) {
      try (NoGradGuard constant = new NoGradGuard()) {
        value.add_(loss.of(projection.logits(features), from, to));
      }
    } else if (projection instanceof LinearProjection linear) {
      addLinear(linear, value, features, loss, from, to);
    } else {
      addAny(value, features, loss, from, to);
    }
  }

  /** By hand from the logits on: the matrix's gradient is gathered where it stands. */
  private void addLinear(
      LinearProjection linear, Tensor value, Tensor features, PieceLoss loss, long from, long to) {
    Tensor logits = linear.logits(features).detach().set_requires_grad(true);
    Tensor part = loss.of(logits, from, to);
    Tensor gradient = gradients(part, List.of(logits)).get(0);
    try (NoGradGuard constant = new NoGradGuard()) {
      value.add_(part);
      if (gradient.defined()) {
        gatherLinear(linear, features, gradient, from, to);
      }
    }
  }

  /** Adds what comes of the gradient of some positions' logits, [positions, classes]. */
  private void gatherLinear(
      LinearProjection linear, Tensor features, Tensor gradient, long from, long to) {
    gathered
        .get(0)
        .ifPresent(sum -> sum.narrow(0, from, to - from).copy_(gradient.mm(linear.weight())));
    gathered.get(1).ifPresent(sum -> sum.addmm_(gradient.t(), features));
    if (linear.bias().isPresent()) {
      gathered.get(2).ifPresent(sum -> sum.add_(gradient.sum(0)));
    }
  }

  /**
   * Adds a piece whose gradient in the logits is known.
   *
   * @param gradient [to - from, classes]
   * @throws IllegalStateException unless the projection is linear
   */
  void add(Tensor gradient, long from, long to) {
    if (!(projection instanceof LinearProjection linear)) {
      throw new IllegalStateException("projection: a " + projection + " is not linear");
    }
    try (NoGradGuard constant = new NoGradGuard()) {
      gatherLinear(
          linear, variables.get(0).detach().narrow(0, from, to - from), gradient, from, to);
    }
  }

  /** Passes every variable with what was gathered for it. */
  void forEach(BiConsumer<Tensor, Tensor> action) {
    for (int i = 0; i < variables.size(); i++) {
      Tensor variable = variables.get(i);
      gathered.get(i).ifPresent(gradient -> action.accept(variable, gradient));
    }
  }

  private void addAny(Tensor value, Tensor features, PieceLoss loss, long from, long to) {
    boolean featuresToo = gathered.get(0).isPresent();
    Tensor leaf = featuresToo ? features.set_requires_grad(true) : features;
    Tensor part = loss.of(projection.logits(leaf), from, to);
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> sums = new ArrayList<>();
    for (int i = 0; i < variables.size(); i++) {
      if (gathered.get(i).isPresent()) {
        inputs.add(i == 0 ? leaf : variables.get(i));
        Tensor sum = gathered.get(i).get();
        sums.add(i == 0 ? sum.narrow(0, from, to - from) : sum);
      }
    }
    List<Tensor> gradients = gradients(part, inputs);
    try (NoGradGuard constant = new NoGradGuard()) {
      value.add_(part);
      for (int i = 0; i < sums.size(); i++) {
        if (gradients.get(i).defined()) {
          sums.get(i).add_(gradients.get(i));
        }
      }
    }
  }

  /**
   * {@code value} with a graph: going backward, every variable gets what was gathered for it times
   * the incoming gradient.
   */
  Tensor attachTo(Tensor value) {
    HandGradient byHand = new HandGradient();
    forEach(byHand::into);
    return byHand.attachedTo(value);
  }

  /** The gradient of {@code of}, shape [], in each tensor; undefined where none flows. */
  static List<Tensor> gradients(Tensor of, List<Tensor> in) {
    TensorVector gradients =
        grad(
            new TensorVector(of),
            new TensorVector(in.toArray(new Tensor[0])),
            new TensorVector(),
            new BoolOptional(),
            false,
            true);
    List<Tensor> each = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      each.add(gradients.get(i));
    }
    return each;
  }
}
