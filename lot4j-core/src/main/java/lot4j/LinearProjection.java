package lot4j;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A last layer that is one matrix, perhaps the embedding's.
 *
 * @param weight [classes, features], a network's parameter; borrowed
 * @param bias [classes], a network's parameter; borrowed
 */
public record LinearProjection(Tensor weight, Optional<Tensor> bias) implements Projection {
  @Override
  public Tensor logits(Tensor features) {
    return bias.isPresent()
        ? torch.linear(features, weight, new TensorOptional(bias.get()))
        : torch.linear(features, weight);
  }

  @Override
  public List<Tensor> parameters() {
    return bias.map(own -> List.of(weight, own)).orElse(List.of(weight));
  }

  @Override
  public Optional<Projection> copy() {
    try (NoGradGuard constant = new NoGradGuard()) {
      return Optional.of(new LinearProjection(weight.clone(), bias.map(Tensor::clone)));
    }
  }
}
