package lot4j.model.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import lot4j.Census;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Shape;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Published counts, and counted equal to allocated. */
class CensusTest {
  private static final Shape CIFAR = Shape.of(3, 32, 32);
  private static final Shape IMAGENET = Shape.of(3, 224, 224);

  @ParameterizedTest
  @CsvSource({
    "20, 10, 272282",
    "32, 10, 466714",
    "56, 10, 590426",
    "110, 10, 1146842",
    "20, 100, 278132",
    "32, 100, 472564",
    "56, 100, 613556",
    "110, 100, 1169972"
  })
  void preResNetHasThePublishedParameters(int depth, int classes, long parameters) {
    assertThat(new PreResNet(depth).census(CIFAR, classes).parameters()).isEqualTo(parameters);
  }

  @ParameterizedTest
  @CsvSource({"20, 40818944", "56, 87237632", "110, 167453696"})
  void preResNetHasThePublishedMacs(int depth, long macs) {
    assertThat(new PreResNet(depth).census(CIFAR, 100).macs()).isEqualTo(macs);
  }

  @ParameterizedTest
  @CsvSource({"20, 269722", "32, 464154", "44, 658586", "56, 853018", "110, 1727962"})
  void cifarResNetHasThePublishedParameters(int depth, long parameters) {
    assertThat(new CifarResNet(depth).census(CIFAR, 10).parameters()).isEqualTo(parameters);
  }

  @ParameterizedTest
  @CsvSource({
    "18, 11689512, 1814073344",
    "34, 21797672, 3663761408",
    "50, 25557032, 4089184256",
    "101, 44549160, 7801405440",
    "152, 60192808, 11513626624"
  })
  void resNetHasTorchvisionsCounts(int depth, long parameters, long macs) {
    assertThat(new ResNet(depth).census(IMAGENET, 1000)).isEqualTo(new Census(parameters, macs));
  }

  @Test
  void mobileNetV2HasTorchvisionsCounts() {
    assertThat(new MobileNetV2().census(IMAGENET, 1000))
        .isEqualTo(new Census(3_504_872, 300_774_272));
  }

  private static Shape square(long size) {
    return Shape.of(3, size, size);
  }

  /** The papers' and timm's parameters; multiply-accumulates by hand, attention's included. */
  @ParameterizedTest
  @CsvSource({"224, 86567656, 304326632", "384, 86859496, 304715752"})
  void vitHasThePublishedParameters(long size, long base, long large) {
    assertThat(new Vit().census(square(size), 1000).parameters()).isEqualTo(base);
    assertThat(Vit.large().census(square(size), 1000).parameters()).isEqualTo(large);
    long tokens = size / 16 * size / 16 + 1;
    long block = 12L * 768 * 768 * tokens + 2 * tokens * tokens * 768;
    assertThat(new Vit().census(square(size), 1000).macs())
        .isEqualTo(12 * block + (tokens - 1) * 768 * 768 + 768 * 1000);
  }

  @Test
  void swinHasThePublishedParameters() {
    Swin base = new Swin();
    Swin large = Swin.large();
    assertThat(base.census(square(224), 1000).parameters()).isEqualTo(87_768_224);
    assertThat(large.census(square(224), 1000).parameters()).isEqualTo(196_532_476);
    assertThat(wide(base).census(square(384), 1000).parameters()).isEqualTo(87_903_584);
    assertThat(wide(large).census(square(384), 1000).parameters()).isEqualTo(196_735_516);
  }

  /** The paper's 15.4 and 47.0 billion for Swin-B, 34.5 and 103.9 for Swin-L. */
  @Test
  void swinHasThePublishedMacs() {
    assertThat(billions(new Swin().census(square(224), 1000))).isCloseTo(15.4, within(0.1));
    assertThat(billions(wide(new Swin()).census(square(384), 1000))).isCloseTo(47.0, within(0.2));
    assertThat(billions(Swin.large().census(square(224), 1000))).isCloseTo(34.5, within(0.2));
    assertThat(billions(wide(Swin.large()).census(square(384), 1000)))
        .isCloseTo(103.9, within(0.3));
  }

  /** Two stages on 8×8: grids of 4×4 in windows of 2, then 2×2 in one window, by hand. */
  @Test
  void swinCountsItsMatrices() {
    Swin swin = new Swin(2, 4, List.of(1, 1), List.of(1, 2), 2, 2, 0, 0);
    long first = 16 * (8 * 16 + 2 * 4 * 4);
    long second = 4 * (8 * 64 + 2 * 4 * 8);
    assertThat(swin.census(Shape.of(3, 8, 8), 5).macs())
        .isEqualTo(16 * 4 * 3 * 4 + first + 4 * 16 * 8 + second + 8 * 5);
  }

  private static Swin wide(Swin swin) {
    return new Swin(
        swin.patch(), swin.width(), swin.depths(), swin.heads(), 12, swin.mlpRatio(), 0, 0);
  }

  private static double billions(Census census) {
    return census.macs() / 1e9;
  }

  @Test
  void mlpCountsItsMatrices() {
    assertThat(new Mlp().census(Shape.of(1, 8, 8), 10))
        .isEqualTo(
            new Census(64 * 128 + 128 + 128 * 128 + 128 + 1290, 64 * 128 + 128 * 128 + 1280));
  }

  @Test
  void cnnCountsItsConvolutionsAndMatrices() {
    long convs = 9 * 32 + 9 * 32 * 64;
    assertThat(new Cnn().census(Shape.of(1, 8, 8), 10))
        .isEqualTo(
            new Census(
                convs + 2 * (32 + 64) + (256 * 128 + 128) + 1290,
                9 * 32 * 64 + 9 * 32 * 64 * 16 + 256 * 128 + 1280));
  }

  private static Swin swin(int window) {
    return new Swin(2, 16, List.of(2, 2), List.of(2, 4), window, 4, 0, 0);
  }

  private static Shape grey(long height, long width) {
    return Shape.of(1, height, width);
  }

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of(new PreResNet(20), CIFAR, 100),
        Arguments.of(new PreResNet(20), Shape.of(3, 8, 8), 10),
        Arguments.of(new PreResNet(32), Shape.of(1, 28, 28), 10),
        Arguments.of(new PreResNet(56), Shape.of(3, 11, 7), 10),
        Arguments.of(new PreResNet(110), Shape.of(1, 3, 3), 2),
        Arguments.of(new CifarResNet(20), Shape.of(1, 28, 28), 10),
        Arguments.of(new CifarResNet(56), Shape.of(3, 3, 5), 10),
        Arguments.of(new ResNet(18), Shape.of(1, 28, 28), 10),
        Arguments.of(new ResNet(34), Shape.of(3, 17, 17), 10),
        Arguments.of(new ResNet(50), Shape.of(3, 32, 32), 10),
        Arguments.of(new MobileNetV2(), Shape.of(3, 17, 17), 10),
        Arguments.of(new MobileNetV2(0.35, 0), Shape.of(1, 28, 28), 10),
        Arguments.of(new MobileNetV2(1.4, 0.2), Shape.of(3, 32, 32), 5),
        Arguments.of(new Vit(4, 64, 2, 4, 4, 0, 0), CIFAR, 10),
        Arguments.of(new Vit(7, 12, 1, 3, 1.5, 0.1, 0.1), Shape.of(1, 28, 14), 3),
        Arguments.of(swin(4), CIFAR, 10),
        Arguments.of(new Swin(1, 6, List.of(2, 2), List.of(3, 2), 2, 2, 0, 0.5), grey(4, 8), 3),
        Arguments.of(new Cnn(), Shape.of(1, 8, 8), 10),
        Arguments.of(new Cnn(List.of(3, 5, 7), 11, 0.5), Shape.of(2, 9, 15), 4),
        Arguments.of(new Mlp(), Shape.of(1, 8, 8), 10),
        Arguments.of(new Mlp(List.of(), Activation.TANH, 0), Shape.of(13), 3));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void countsWhatBuildAllocates(ModelSpec spec, Shape input, int outputs) {
    try (PointerScope scope = new PointerScope()) {
      long allocated =
          Weights.named(spec.build(input, outputs).module().named_parameters()).values().stream()
              .mapToLong(Tensor::numel)
              .sum();
      assertThat(spec.census(input, outputs).parameters()).isEqualTo(allocated);
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void givesOneLogitAClass(ModelSpec spec, Shape input, int outputs) {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory();
        NoGradGuard constant = new NoGradGuard()) {
      Model model = spec.build(input, outputs);
      long[] batch =
          Stream.concat(Stream.of(2L), input.sizes().stream()).mapToLong(size -> size).toArray();
      Tensor logits = model.forward(torch.randn(batch), memory).logits();
      assertThat(Weights.shape(logits)).containsExactly(2L, (long) outputs);
      assertThat(Weights.numbers(logits)).doesNotContain(Double.NaN);
    }
  }
}
