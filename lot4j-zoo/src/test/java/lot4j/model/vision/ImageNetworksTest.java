package lot4j.model.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Shape;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNetworksTest {
  private static final Shape CIFAR = Shape.of(3, 32, 32);

  static Stream<ModelSpec> specs() {
    return Stream.of(
        new PreResNet(20),
        new PreResNet(56),
        new CifarResNet(20),
        new ResNet(18),
        new MobileNetV2(0.35, 0),
        new Vit(4, 64, 2, 4, 4, 0, 0),
        new Swin(2, 16, List.of(2, 2), List.of(2, 4), 4, 4, 0, 0),
        new Cnn(List.of(8, 16), 16, 0),
        new Mlp(List.of(16), Activation.GELU, 0));
  }

  @ParameterizedTest
  @MethodSource("specs")
  void sameSeedGivesTheSameWeights(ModelSpec spec) {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(7);
      Map<String, Tensor> one = parameters(spec.build(CIFAR, 10));
      torch.manual_seed(7);
      Map<String, Tensor> two = parameters(spec.build(CIFAR, 10));
      Map<String, Tensor> other = parameters(spec.build(CIFAR, 10));
      one.forEach((name, tensor) -> assertThat(tensor.equal(two.get(name))).as(name).isTrue());
      assertThat(one.entrySet().stream().allMatch(e -> e.getValue().equal(other.get(e.getKey()))))
          .isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void layoutOfTheInputsDoesNotMatter(ModelSpec spec) {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory();
        NoGradGuard constant = new NoGradGuard()) {
      Model model = spec.build(CIFAR, 10);
      model.module().eval();
      Tensor images = torch.randn(4, 3, 32, 32);
      Tensor last = images.contiguous(torch.MemoryFormat.ChannelsLast);
      double[] expected = Weights.numbers(model.forward(images, memory).logits());
      assertThat(Weights.numbers(model.forward(last, memory).logits())).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void convolutionsRunWithChannelsLast(long channels) {
    try (PointerScope scope = new PointerScope()) {
      Tensor images = torch.randn(4, channels, 8, 8);
      Tensor last = Layers.channelsLast(images);
      assertThat(last.equal(images)).isTrue();
      Tensor maps = Layers.conv(channels, 16, 3, 1).forward(last);
      assertThat(maps.is_contiguous(torch.MemoryFormat.ChannelsLast)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void aForwardLeavesItsLogitsAndFeaturesAlone(ModelSpec spec) {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory();
        NoGradGuard constant = new NoGradGuard()) {
      Model model = spec.build(CIFAR, 10);
      Tensor images = torch.randn(2, 3, 32, 32);
      long before = Pointer.totalCount();
      model.forward(images, memory);
      assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before + 2);
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void worksWithoutAScope(ModelSpec spec) {
    Model model = spec.build(CIFAR, 10);
    try (Memory memory = new Memory()) {
      Tensor logits = model.forward(torch.randn(2, 3, 32, 32), memory).logits();
      logits.sum().backward();
      assertThat(Weights.numbers(logits)).hasSize(20);
      logits.close();
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void bfloat16StaysNearFloat32(ModelSpec spec) {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      torch.manual_seed(3);
      Model model = spec.build(CIFAR, 10);
      Tensor images = torch.randn(16, 3, 32, 32);
      Tensor logits = autocast(() -> model.forward(images, memory).logits());
      assertThat(logits.scalar_type().intern()).isEqualTo(ScalarType.BFloat16);
      logits.to(ScalarType.Float).sum().backward();
      parameters(model)
          .forEach(
              (name, parameter) ->
                  assertThat(parameter.grad().isfinite().all().item_bool()).as(name).isTrue());
      // Batch statistics of few numbers would magnify the rounding.
      model.module().eval();
      double[] exact = Weights.numbers(model.forward(images, memory).logits());
      double[] rounded = Weights.numbers(autocast(() -> model.forward(images, memory).logits()));
      double difference = 0;
      double scale = 0;
      for (int i = 0; i < exact.length; i++) {
        difference += Math.pow(exact[i] - rounded[i], 2);
        scale += exact[i] * exact[i];
      }
      assertThat(Math.sqrt(difference / scale)).isBetween(1e-6, 0.05);
    }
  }

  @Test
  void preResNetStartsAsPublished() {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(1);
      Map<String, Tensor> start = parameters(new PreResNet(20).build(CIFAR, 100));
      spread(start.get("layer3.1.conv2.weight"), Math.sqrt(2.0 / (9 * 64)));
      spread(start.get("layer2.0.downsample.0.weight"), Math.sqrt(2.0 / 32));
      spread(start.get("fc.weight"), 1 / Math.sqrt(3 * 64));
      assertThat(start.get("fc.bias").abs().max().item_double()).isLessThanOrEqualTo(1 / 8.0);
      assertThat(start.get("layer1.0.bn1.weight").eq(torch.ones(16)).all().item_bool()).isTrue();
    }
  }

  @Test
  void theOthersStartAsPublished() {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(1);
      Map<String, Tensor> he = parameters(new CifarResNet(20).build(CIFAR, 10));
      spread(he.get("layer3.0.conv1.weight"), Math.sqrt(2.0 / (9 * 32)));
      spread(he.get("linear.weight"), Math.sqrt(2.0 / 64));
      Map<String, Tensor> resnet = parameters(new ResNet(18).build(CIFAR, 10));
      spread(resnet.get("layer2.0.conv1.weight"), Math.sqrt(2.0 / (9 * 128)));
      Map<String, Tensor> mobile = parameters(new MobileNetV2().build(CIFAR, 10));
      spread(mobile.get("features.2.conv.0.0.weight"), Math.sqrt(2.0 / 96));
      spread(mobile.get("features.17.conv.1.0.weight"), Math.sqrt(2.0 / (9 * 960)));
      spread(mobile.get("classifier.1.weight"), 0.01);
      assertThat(mobile.get("classifier.1.bias").count_nonzero().item_long()).isZero();
      Map<String, Tensor> vit = parameters(new Vit(4, 64, 2, 4, 4, 0, 0).build(CIFAR, 10));
      spread(vit.get("blocks.1.attn.qkv.weight"), 0.02);
      spread(vit.get("pos_embed"), 0.02);
      assertThat(vit.get("head.bias").count_nonzero().item_long()).isZero();
      Map<String, Tensor> swin =
          parameters(new Swin(2, 16, List.of(2, 2), List.of(2, 4), 4, 4, 0, 0).build(CIFAR, 10));
      spread(swin.get("layers.1.downsample.reduction.weight"), 0.02);
    }
  }

  @Test
  void dropoutIsActiveInTrainingOnly() {
    for (ModelSpec spec :
        List.of(
            new MobileNetV2(0.35, 0.5),
            new Vit(4, 16, 2, 2, 2, 0.5, 0),
            new Vit(4, 16, 2, 2, 2, 0, 0.5),
            new Swin(4, 16, List.of(2), List.of(2), 4, 2, 0.5, 0),
            new Swin(4, 16, List.of(2), List.of(2), 4, 2, 0, 0.5),
            new Cnn(List.of(8), 32, 0.5),
            new Mlp(List.of(32), Activation.RELU, 0.5))) {
      try (PointerScope scope = new PointerScope();
          Memory memory = new Memory();
          NoGradGuard constant = new NoGradGuard()) {
        Model model = spec.build(CIFAR, 10);
        Tensor images = torch.randn(8, 3, 32, 32);
        assertThat(model.stochastic()).as(spec.toString()).isTrue();
        assertThat(twice(model, images, memory)).as(spec + " in training").isFalse();
        model.module().eval();
        assertThat(twice(model, images, memory)).as(spec + " in evaluation").isTrue();
      }
    }
  }

  @Test
  void withoutDropoutNothingIsDrawn() {
    specs()
        .forEach(
            spec -> {
              try (PointerScope scope = new PointerScope();
                  Memory memory = new Memory()) {
                Model model = spec.build(CIFAR, 10);
                Tensor images = torch.randn(4, 3, 32, 32);
                assertThat(model.stochastic()).as(spec.toString()).isFalse();
                assertThat(twice(model, images, memory)).as(spec.toString()).isTrue();
              }
            });
  }

  @Test
  void refusesImagesThatAreTooSmall() {
    refuses(
        () -> new PreResNet(20).build(Shape.of(3, 2, 9), 10),
        "input = 3x2x9 is not allowed; PreResNet takes images, channels x height x width, of at"
            + " least 3x3");
    refuses(() -> new CifarResNet(20).census(Shape.of(3, 32, 2), 10), "at least 3x3");
    refuses(() -> new ResNet(18).census(Shape.of(3, 16, 32), 10), "at least 17x17");
    refuses(() -> new MobileNetV2().build(Shape.of(3, 8, 8), 10), "at least 17x17");
    refuses(() -> new Vit().build(Shape.of(3, 8, 16), 10), "at least 16x16");
    refuses(
        () -> new Vit().census(Shape.of(3, 32, 40), 10),
        "input = 3x32x40 is not allowed; Vit takes images whose height and width are multiples of"
            + " patch, 16");
    refuses(() -> new Swin().census(Shape.of(3, 16, 16), 10), "32x32");
    refuses(() -> new Swin().census(Shape.of(3, 48, 64), 10), "multiples of patch · 2^3, 32");
    refuses(
        () -> new Swin().census(Shape.of(3, 64, 64), 10),
        "window = 7 is not allowed; with images of 3x64x64, at least the grid of stage 0, 16x16, or"
            + " a divisor of it");
    refuses(() -> new Cnn().build(Shape.of(3, 3, 8), 10), "at least 4x4");
    refuses(() -> new Cnn().build(Shape.of(64), 10), "input = 64 is not allowed; Cnn takes images");
    refuses(() -> new Mlp().build(Shape.of(0, 3), 10), "input = 0x3 is not allowed");
    refuses(() -> new Mlp().census(Shape.of(3), 0), "outputs = 0 is not allowed; 1 or more");
  }

  @Test
  void refusesImpossibleSizes() {
    refuses(() -> new PreResNet(21), "depth = 21 is not allowed; 8, 14, 20, 26, 32, 38 or");
    refuses(() -> new PreResNet(44), "depth = 44 is not allowed");
    refuses(() -> new PreResNet(2), "depth = 2 is not allowed");
    refuses(() -> new CifarResNet(-4), "depth = -4 is not allowed; 8, 14, 20, … (6n + 2)");
    refuses(() -> new ResNet(20), "depth = 20 is not allowed; 18, 34, 50, 101 or 152");
    refuses(() -> new MobileNetV2(0, 0.2), "width = 0 is not allowed");
    refuses(() -> new MobileNetV2(1, 1), "dropout = 1 is not allowed; 0 or more and below 1");
    refuses(
        () -> new Vit(4, 10, 1, 4, 4, 0, 0), "width = 10 is not allowed; a multiple of heads, 4");
    refuses(() -> new Vit(4, 8, 0, 4, 4, 0, 0), "depth = 0 is not allowed");
    refuses(() -> new Vit(4, 8, 1, 4, 0, 0, 0), "mlp-ratio = 0 is not allowed");
    refuses(() -> new Vit(4, 8, 1, 4, 4, 0, 1), "drop-path = 1 is not allowed");
    refuses(
        () -> new Swin(4, 8, List.of(1, 1), List.of(2), 4, 4, 0, 0),
        "heads = [2] is not allowed; 2 numbers, as depths");
    refuses(
        () -> new Swin(4, 8, List.of(1), List.of(3), 4, 4, 0, 0),
        "heads = [3] is not allowed; divisors of the stages' widths, 8");
    refuses(() -> new Cnn(List.of(), 8, 0), "channels = [] is not allowed");
    refuses(() -> new Cnn(List.of(8, 0), 8, 0), "channels = 0 is not allowed; 1 or more");
    refuses(() -> new Cnn(List.of(8), 0, 0), "hidden = 0 is not allowed");
    refuses(() -> new Mlp(List.of(-1), Activation.RELU, 0), "hidden = -1 is not allowed");
    refuses(() -> new Mlp(List.of(1), Activation.RELU, -0.1), "dropout = -0.1 is not allowed");
  }

  private static boolean twice(Model model, Tensor images, Memory memory) {
    Tensor one = model.forward(images, memory).logits();
    return one.equal(model.forward(images, memory).logits());
  }

  private static void spread(Tensor weight, double deviation) {
    assertThat(weight.std().item_double() / deviation)
        .isCloseTo(1, within(4 / Math.sqrt(2.0 * weight.numel())));
    assertThat(weight.mean().item_double() / deviation)
        .isCloseTo(0, within(4 / Math.sqrt(weight.numel())));
  }

  private static void refuses(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static Tensor autocast(Supplier<Tensor> body) {
    DeviceType cpu = DeviceType.CPU;
    torch.set_autocast_dtype(cpu, ScalarType.BFloat16);
    torch.set_autocast_enabled(cpu, true);
    torch.increment_nesting();
    try {
      return body.get();
    } finally {
      if (torch.decrement_nesting() == 0) {
        torch.clear_cache();
      }
      torch.set_autocast_enabled(cpu, false);
    }
  }

  private static Map<String, Tensor> parameters(Model model) {
    return Weights.named(model.module().named_parameters());
  }
}
