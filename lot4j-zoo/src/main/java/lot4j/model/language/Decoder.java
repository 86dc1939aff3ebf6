package lot4j.model.language;

import java.util.Map;
import java.util.Optional;
import lot4j.Distribution;
import lot4j.LinearProjection;
import lot4j.Output;
import lot4j.Projection;
import org.bytedeco.pytorch.Tensor;

/** The last step of a language model: a distribution over the vocabulary from features. */
final class Decoder {
  /** Up to here the logits are made at once; of more words, a few positions at a time. */
  static final int LARGEST_AT_ONCE = 16_384;

  private Decoder() {}

  /**
   * The output of a linear last layer.
   *
   * @param features [time, batch, features]
   * @param weight [vocab, features], the model's parameter
   * @param bias [vocab], the model's parameter
   * @param vocabulary number of words
   */
  static Output of(Tensor features, Tensor weight, Optional<Tensor> bias, int vocabulary) {
    Projection projection = new LinearProjection(weight, bias);
    return vocabulary > LARGEST_AT_ONCE
        ? new Output(new Distribution.Projected(features, projection), Map.of())
        : new Output(
            new Distribution.Categorical(projection.logits(features)),
            Map.of(Output.FEATURES, features));
  }
}
