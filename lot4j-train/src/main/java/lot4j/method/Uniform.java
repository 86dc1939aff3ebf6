package lot4j.method;

import java.util.List;
import java.util.Map;
import lot4j.Distribution.Categorical;
import lot4j.Distribution.Projected;
import lot4j.Output;
import lot4j.Projection;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A student that finds everything equally likely: the reference of label smoothing. */
final class Uniform {
  private Uniform() {}

  /**
   * The uniform distribution over the classes of {@code output}, a constant; where those are made
   * of features a few positions at a time, so are the zeros.
   *
   * @throws IllegalArgumentException if the output has no classes
   */
  static Output like(Output output) {
    if (output.distribution() instanceof Projected projected) {
      Flat flat = new Flat(classes(output));
      return new Output(new Projected(projected.features().detach(), flat), Map.of());
    }
    return Output.logits(torch.zeros_like(categorical(output).logits().detach()));
  }

  /** Number of classes. */
  static long classes(Output output) {
    if (output.distribution() instanceof Projected projected) {
      try (NoGradGuard constant = new NoGradGuard()) {
        Tensor features = projected.features();
        Tensor one = features.reshape(-1, features.size(-1)).narrow(0, 0, 1);
        return projected.projection().logits(one).size(-1);
      }
    }
    return categorical(output).logits().size(-1);
  }

  private static Categorical categorical(Output output) {
    if (output.distribution() instanceof Categorical categorical) {
      return categorical;
    }
    throw new IllegalArgumentException(
        "output: a "
            + output.distribution().getClass().getSimpleName()
            + " has no classes to be uniform over");
  }

  /** A last layer that says zero of every class. */
  private record Flat(long classes) implements Projection {
    @Override
    public Tensor logits(Tensor features) {
      return features.new_zeros(features.size(0), classes);
    }

    @Override
    public List<Tensor> parameters() {
      return List.of();
    }
  }
}
