package lot4j.model.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Shape;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.export.Graphs;
import lot4j.onnx.OnnxGraph;
import lot4j.onnx.OnnxModel;
import lot4j.onnx.OnnxOutput;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every image network's graph, run by ONNX Runtime, against the network itself. */
class OnnxTest {
  private static final int CLASSES = 7;

  static Stream<Arguments> networks() {
    Shape colour = Shape.of(3, 32, 32);
    Shape uneven = Shape.of(1, 19, 22);
    return Stream.of(
        Arguments.of(new Mlp(List.of(12, 9), Activation.RELU, 0.3), uneven),
        Arguments.of(new Mlp(List.of(12), Activation.TANH, 0), Shape.of(6)),
        Arguments.of(new Mlp(List.of(12), Activation.GELU, 0), colour),
        Arguments.of(new Mlp(List.of(), Activation.RELU, 0), Shape.of(6)),
        Arguments.of(new Cnn(List.of(4, 8), 16, 0.2), uneven),
        Arguments.of(new PreResNet(20), colour),
        Arguments.of(new PreResNet(47), uneven),
        Arguments.of(new CifarResNet(20), colour),
        Arguments.of(new CifarResNet(8), uneven),
        Arguments.of(new ResNet(18), colour),
        Arguments.of(new ResNet(50), uneven),
        Arguments.of(new MobileNetV2(0.35, 0.2), colour),
        Arguments.of(new MobileNetV2(1, 0), uneven),
        Arguments.of(new Vit(4, 12, 2, 3, 2, 0.1, 0.2), colour),
        Arguments.of(new Vit(5, 8, 1, 1, 1.5, 0, 0), Shape.of(1, 10, 15)),
        Arguments.of(swin(2, 4), colour), // four stages; the last two grids are no larger
        Arguments.of(swin(4, 2), Shape.of(1, 32, 64)), // moved along both axes, uneven grids
        Arguments.of(
            new Swin(2, 6, List.of(2), List.of(2), 4, 2, 0, 0),
            Shape.of(2, 8, 16)), // moved along one
        Arguments.of(
            new Swin(2, 6, List.of(1, 2), List.of(1, 3), 3, 2, 0, 0.1), Shape.of(3, 12, 12)));
  }

  private static Swin swin(int patch, int window) {
    return new Swin(patch, 8, List.of(2, 1, 2, 1), List.of(2, 4, 2, 1), window, 2, 0.1, 0.1);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void answersAsTheNetworkDoes(ModelSpec spec, Shape input) throws IOException {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      torch.manual_seed(5);
      Model model = spec.build(input, CLASSES);
      Weights.put(model.module()); // no statistic, scale or shift is 0 or 1
      model.module().eval();
      byte[] file = file(spec, model, input);
      for (int batch : new int[] {1, 5}) {
        Tensor images = images(batch, input);
        try (NoGradGuard constant = new NoGradGuard()) {
          Tensor logits = model.forward(images, memory).logits();
          double largest = logits.abs().max().item_double();
          assertThat(largest).isGreaterThan(0.1);
          assertThat(Graphs.distance(Graphs.run(file, images, "logits"), logits))
              .isLessThan(1e-4 * Math.max(1, largest));
        }
      }
    }
  }

  private static Tensor images(int batch, Shape input) {
    long[] sizes =
        Stream.concat(Stream.of((long) batch), input.sizes().stream())
            .mapToLong(Long::longValue)
            .toArray();
    return torch.randn(sizes).mul(new Scalar(1.5)).add(new Scalar(0.4));
  }

  private static byte[] file(ModelSpec spec, Model model, Shape input) throws IOException {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    weights.putAll(Weights.named(model.module().named_parameters()));
    weights.putAll(Weights.named(model.module().named_buffers()));
    OnnxGraph graph = new OnnxGraph(weights, input);
    OnnxOutput.classes(((OnnxModel) spec).onnx(graph), CLASSES, 1).forEach(graph::add);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    graph.write(bytes, "test", "0", Map.of());
    return bytes.toByteArray();
  }

  /** A network for images that is added here has to bring its graph. */
  @Test
  void everyImageNetworkHasAGraph() {
    assertThat(Catalog.load().entries(Category.MODEL))
        .filteredOn(entry -> entry.defaults().getClass().getPackageName().endsWith(".vision"))
        .hasSizeGreaterThan(6)
        .allSatisfy(entry -> assertThat(entry.defaults()).isInstanceOf(OnnxModel.class));
  }

  @Test
  void aWeightThatIsNotThereIsNamed() {
    OnnxGraph graph = new OnnxGraph(Map.of(), Shape.of(6));
    assertThatThrownBy(() -> new Mlp(List.of(), Activation.RELU, 0).onnx(graph))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fc1.weight");
  }
}
