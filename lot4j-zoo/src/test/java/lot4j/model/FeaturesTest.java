package lot4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lot4j.Distribution.Projected;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Output;
import lot4j.Shape;
import lot4j.model.language.AwdLstm;
import lot4j.model.language.Gpt;
import lot4j.model.language.Llama;
import lot4j.model.language.Lstm;
import lot4j.model.language.TransformerXl;
import lot4j.model.vision.CifarResNet;
import lot4j.model.vision.Cnn;
import lot4j.model.vision.Mlp;
import lot4j.model.vision.MobileNetV2;
import lot4j.model.vision.PreResNet;
import lot4j.model.vision.ResNet;
import lot4j.model.vision.Swin;
import lot4j.model.vision.Vit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every network shows what its last layer takes, as wide as its specification says. */
class FeaturesTest {

  private static final Llama SMALL_LLAMA =
      new Llama(1, 16, 2, 1, 24, 10_000, Optional.empty(), 1e-5, 64, false, 0);

  static Stream<ModelSpec> vision() {
    return Stream.of(
        new Mlp(),
        new Cnn(),
        new PreResNet(20),
        new PreResNet(56),
        new CifarResNet(20),
        new ResNet(18),
        new ResNet(50),
        new MobileNetV2(),
        new Vit(4, 64, 2, 4, 4, 0, 0),
        new Swin(2, 16, List.of(2, 2), List.of(2, 4), 4, 4, 0, 0));
  }

  static Stream<ModelSpec> language() {
    return Stream.of(new Lstm(), new AwdLstm(), new Gpt(), SMALL_LLAMA, new TransformerXl());
  }

  @ParameterizedTest
  @MethodSource("vision")
  void ofImages(ModelSpec spec) {
    Shape input = Shape.of(3, 32, 32);
    try (PointerScope scope = new PointerScope()) {
      Tensor features =
          forward(spec, input, 7, torch.randn(2, 3, 32, 32)).extras().get(Output.FEATURES);
      assertThat(features.size(0)).isEqualTo(2);
      assertThat(features.dim()).isEqualTo(2);
      assertThat(features.size(1)).isEqualTo(spec.features(input, 7).getAsLong());
      assertThat(features.requires_grad()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("language")
  void ofTexts(ModelSpec spec) {
    Shape input = Shape.ofTokens(5);
    for (int words : List.of(9, 17_000)) {
      try (PointerScope scope = new PointerScope()) {
        Tensor tokens = torch.randint(9, new long[] {5, 2});
        Output output = forward(spec, input, words, tokens);
        Tensor features =
            output.distribution() instanceof Projected projected
                ? projected.features()
                : output.extras().get(Output.FEATURES);
        assertThat(output.distribution() instanceof Projected).isEqualTo(words > 9);
        assertThat(features.size(0)).isEqualTo(5);
        assertThat(features.size(-1)).isEqualTo(spec.features(input, words).getAsLong());
      }
    }
  }

  private static Output forward(ModelSpec spec, Shape input, int outputs, Tensor inputs) {
    Model model = spec.build(input, outputs);
    model.module().train(true);
    try (Memory memory = new Memory()) {
      return model.forward(inputs, memory);
    }
  }
}
