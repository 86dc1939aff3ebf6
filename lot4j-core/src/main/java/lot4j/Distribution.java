package lot4j;

import org.bytedeco.pytorch.Tensor;

/** The distribution that a network's output stands for. */
public sealed interface Distribution {

  /** The same distribution as a constant: no gradient flows through it. */
  Distribution constant();

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
