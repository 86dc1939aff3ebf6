package lot4j.imitability;

import java.util.Optional;
import lot4j.Distribution.Projected;
import lot4j.Imitability;
import lot4j.Mask;
import lot4j.Output;
import org.bytedeco.pytorch.Tensor;

/**
 * The squared distance of hidden representations: what goes into the last layer of each network,
 * the mean over its features. The paper names it as a measure besides the divergence (section 3);
 * as a way to teach it is A. Romero et al., "FitNets: hints for thin deep nets", 2015, without a
 * learnt regressor. The networks must be equally wide there. It says nothing of the answers: a
 * student that is to have a use for its features needs another measure, or labels, for its last
 * layer.
 */
public record FeatureError() implements Imitability {

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if an output carries no features, or both differ in width
   */
  @Override
  public Tensor measure(Output free, Output reference, Mask mask) {
    Tensor own = features(free);
    Tensor other = features(reference);
    if (own.size(-1) != other.size(-1)) {
      throw new IllegalArgumentException(
          "imitability: features of "
              + own.size(-1)
              + " and of "
              + other.size(-1)
              + " are not comparable; l2-features needs equally wide ones");
    }
    return mask.mean(mask.clean(own).sub(mask.clean(other)).square().mean(-1));
  }

  private static Tensor features(Output output) {
    if (output.distribution() instanceof Projected projected) {
      return projected.features();
    }
    return Optional.ofNullable(output.extras().get(Output.FEATURES))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "imitability: l2-features needs networks whose outputs carry features"));
  }
}
