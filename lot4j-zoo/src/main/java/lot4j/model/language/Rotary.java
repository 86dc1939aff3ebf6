package lot4j.model.language;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Rotary positions: pairs of numbers of a query or key are turned by an angle that grows with the
 * token's place, so that their product depends on the distance alone. A pair is a number of the
 * first half and the one at the same place of the second, as in the published weights of the
 * Hugging Face format. Angles are computed in float64.
 *
 * <p>Source: J. Su et al., "RoFormer: enhanced Transformer with rotary position embedding", 2021.
 *
 * @param cos [time, half], or [batch, 1, time, half] where places differ
 * @param sin the same
 */
record Rotary(Tensor cos, Tensor sin) {

  /**
   * The turns of some places.
   *
   * @param places [time] or [batch, time], int64
   * @param size of a head, an even number
   * @param like whose type and device are taken
   */
  static Rotary of(
      Tensor places, int size, double theta, Optional<RopeScaling> scaling, Tensor like) {
    double[] frequencies = new double[size / 2];
    for (int i = 0; i < frequencies.length; i++) {
      double frequency = Math.pow(theta, -2.0 * i / size);
      frequencies[i] = scaling.map(s -> s.stretched(frequency)).orElse(frequency);
    }
    Tensor turns = torch.tensor(frequencies).to(like.device(), ScalarType.Double);
    Tensor angles = places.to(like.device(), ScalarType.Double).unsqueeze(-1).mul(turns);
    if (places.dim() == 2) {
      angles = angles.unsqueeze(1);
    }
    ScalarType type =
        like.scalar_type().intern() == ScalarType.Double ? ScalarType.Double : ScalarType.Float;
    return new Rotary(angles.cos().to(type), angles.sin().to(type));
  }

  /** Queries or keys turned, [batch, heads, time, size]. */
  Tensor turn(Tensor x) {
    long half = x.size(3) / 2;
    Tensor first = x.narrow(3, 0, half);
    Tensor second = x.narrow(3, half, half);
    Tensor turned =
        torch.cat(
            new TensorVector(
                first.mul(cos).sub(second.mul(sin)), second.mul(cos).add(first.mul(sin))),
            -1);
    return turned.to(x.scalar_type());
  }
}
