package lot4j;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** The distribution that a network's output stands for. */
public sealed interface Distribution {

  /** The same distribution as a constant: no gradient flows through it. */
  Distribution constant();

  /** A constant that stays what it is when the network's parameters move. */
  default Distribution kept() {
    return constant();
  }

  /**
   * One of a finite set, by unnormalised log-probabilities.
   *
   * @param logits [*, classes]
   */
  record Categorical(Tensor logits) implements Distribution {
    @Override
    public Categorical constant() {
      return new Categorical(logits.detach());
    }
  }

  /**
   * One of many, by features and the layer that makes logits of them: the logits themselves are
   * made and forgotten a few positions at a time, so that those of a large vocabulary are never all
   * in memory.
   *
   * @param features [*, features]
   * @param projection from features to logits
   */
  record Projected(Tensor features, Projection projection) implements Distribution {
    @Override
    public Projected constant() {
      return new Projected(features.detach(), new Constant(projection));
    }

    @Override
    public Distribution kept() {
      return projection
          .copy()
          .<Distribution>map(copy -> new Projected(features.detach(), new Constant(copy)))
          .orElseGet(() -> new Categorical(constant().logits()));
    }

    /** The logits of all positions at once, [*, classes]; what this form is there to avoid. */
    public Tensor logits() {
      return projection.logits(features);
    }

    /** A projection whose parameters get no gradient. */
    private record Constant(Projection of) implements Projection {
      @Override
      public Tensor logits(Tensor features) {
        try (NoGradGuard constant = new NoGradGuard()) {
          return of.logits(features);
        }
      }

      @Override
      public List<Tensor> parameters() {
        return List.of();
      }

      @Override
      public Optional<Projection> copy() {
        return of.copy();
      }
    }
  }

  /**
   * Independent normals, as continuous policies have them.
   *
   * @param mean [batch, action]
   * @param logStd [batch, action] or [action], natural logarithm of the standard deviation
   */
  record DiagonalNormal(Tensor mean, Tensor logStd) implements Distribution {
    @Override
    public DiagonalNormal constant() {
      return new DiagonalNormal(mean.detach(), logStd.detach());
    }
  }
}
