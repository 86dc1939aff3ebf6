package lot4j.model.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Shape;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * With the same weights, names, logits, gradients and running statistics are PyTorch's. The files
 * come from {@code src/test/golden/make_golden.py}.
 */
class GoldenTest {
  /** PyTorch computed in float64; another order of summation is all that may differ. */
  private static final double EXACT = 1e-9;

  private static final double ROUNDED = 1e-4;

  /**
   * In float32, where an input of a ReLU lies so near 0 that rounding may carry it across: then the
   * gradient jumps, and only its rough size can be compared. The deepest networks alone.
   */
  private static final double ACROSS_A_KINK = 1e-2;

  private static final double SAFE_MARGIN = 1e-5;

  static Stream<Arguments> cases() {
    List<Integer> blocks = List.of(8, 16);
    Map<String, ModelSpec> specs = new LinkedHashMap<>();
    specs.put("preresnet20", new PreResNet(20));
    specs.put("preresnet20-grey", new PreResNet(20));
    specs.put("preresnet56", new PreResNet(56));
    specs.put("cifar-resnet20", new CifarResNet(20));
    specs.put("cifar-resnet20-odd", new CifarResNet(20));
    specs.put("resnet18", new ResNet(18));
    specs.put("resnet50", new ResNet(50));
    specs.put("mobilenetv2", new MobileNetV2(1, 0));
    specs.put("mobilenetv2-half", new MobileNetV2(0.5, 0));
    specs.put("cnn", new Cnn(blocks, 24, 0));
    specs.put("mlp-relu", new Mlp(List.of(32, 16), Activation.RELU, 0));
    specs.put("mlp-tanh", new Mlp(List.of(32), Activation.TANH, 0));
    specs.put("mlp-gelu", new Mlp(List.of(32, 16), Activation.GELU, 0));
    return specs.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void namesAndShapesArePyTorchs(String file, ModelSpec spec) throws IOException {
    JsonNode golden = read(file);
    try (PointerScope scope = new PointerScope()) {
      Module module = build(spec, golden).module();
      assertThat(shapes(Weights.named(module.named_parameters())))
          .isEqualTo(shapes(golden.get("parameters")));
      assertThat(shapes(Weights.named(module.named_buffers())))
          .isEqualTo(shapes(golden.get("buffers")));
      assertThat(List.copyOf(Weights.named(module.named_parameters()).keySet()))
          .as("order of parameters")
          .isEqualTo(List.copyOf(shapes(golden.get("parameters")).keySet()));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void computesWhatPyTorchComputesInFloat64(String file, ModelSpec spec) throws IOException {
    compare(read(file), spec, ScalarType.Double, EXACT);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void computesWhatPyTorchComputesInFloat32(String file, ModelSpec spec) throws IOException {
    compare(read(file), spec, ScalarType.Float, ROUNDED);
  }

  private static void compare(JsonNode golden, ModelSpec spec, ScalarType type, double tolerance) {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      Model model = build(spec, golden);
      Module module = model.module();
      module.to(type, false);
      Weights.put(module);
      List<Long> shape = longs(golden.get("input"));
      Tensor inputs = Weights.inputs(golden.get("input_name").asText(), shape).to(type);

      module.eval();
      try (NoGradGuard constant = new NoGradGuard()) {
        Tensor logits = model.forward(inputs, memory).logits();
        close("eval logits", Weights.numbers(logits), matrix(golden.get("eval_logits")), tolerance);
      }
      module.train(true);
      Tensor logits = model.forward(inputs, memory).logits();
      assertThat(logits.scalar_type().intern()).isEqualTo(type);
      close("train logits", Weights.numbers(logits), matrix(golden.get("train_logits")), tolerance);

      long classes = golden.get("classes").asLong();
      long[] labels = LongStream.range(0, shape.get(0)).map(i -> (3 + 7 * i) % classes).toArray();
      Tensor loss = torch.cross_entropy(logits, torch.tensor(labels));
      close("loss", Weights.numbers(loss), new double[] {golden.get("loss").asDouble()}, tolerance);
      loss.backward();
      boolean safe = type == ScalarType.Double || golden.get("margin").asDouble() >= SAFE_MARGIN;
      gradients(module, golden.get("gradients"), safe ? tolerance : ACROSS_A_KINK);
      statistics(module, golden.get("buffer_sums"), tolerance);
    }
  }

  private static void gradients(Module module, JsonNode golden, double tolerance) {
    Map<String, double[]> actual = new LinkedHashMap<>();
    Weights.named(module.named_parameters())
        .forEach((name, parameter) -> actual.put(name, picked(Weights.numbers(parameter.grad()))));
    double largest = actual.values().stream().mapToDouble(picks -> picks[0]).max().orElseThrow();
    // A shift in front of a norm has gradient 0; its rounding is measured by the others.
    actual.forEach(
        (name, picks) ->
            close("gradient of " + name, picks, row(golden.get(name)), tolerance, 1e-2 * largest));
  }

  /** Norm, first, middle and last element. */
  private static double[] picked(double[] all) {
    double norm = Math.sqrt(IntStream.range(0, all.length).mapToDouble(i -> all[i] * all[i]).sum());
    return new double[] {norm, all[0], all[all.length / 2], all[all.length - 1]};
  }

  private static void statistics(Module module, JsonNode golden, double tolerance) {
    Weights.named(module.named_buffers())
        .forEach(
            (name, buffer) -> {
              double sum = sum(Weights.numbers(buffer));
              double scale = Math.max(1, Math.sqrt(buffer.numel()));
              assertThat(sum)
                  .as("sum of " + name)
                  .isCloseTo(
                      golden.get(name).asDouble(),
                      within(tolerance * Math.max(scale, Math.abs(sum))));
            });
  }

  private static void close(String what, double[] actual, double[] expected, double tolerance) {
    close(what, actual, expected, tolerance, 0);
  }

  /** Equal within {@code tolerance} times the largest expected number, or {@code floor}. */
  private static void close(
      String what, double[] actual, double[] expected, double tolerance, double floor) {
    double scale = floor;
    for (double value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    assertThat(actual).as(what).containsExactly(expected, within(tolerance * scale));
  }

  private static Model build(ModelSpec spec, JsonNode golden) {
    List<Long> batch = longs(golden.get("input"));
    return spec.build(new Shape(batch.subList(1, batch.size())), golden.get("classes").asInt());
  }

  private static JsonNode read(String file) throws IOException {
    try (InputStream in = GoldenTest.class.getResourceAsStream("/golden/" + file + ".json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  private static double[] matrix(JsonNode rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .flatMap(row -> StreamSupport.stream(row.spliterator(), false))
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static double[] row(JsonNode numbers) {
    return StreamSupport.stream(numbers.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static List<Long> longs(JsonNode numbers) {
    List<Long> values = new ArrayList<>();
    numbers.forEach(number -> values.add(number.asLong()));
    return values;
  }

  private static Map<String, List<Long>> shapes(Map<String, Tensor> tensors) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> shapes.put(name, Weights.shape(tensor)));
    return shapes;
  }

  private static Map<String, List<Long>> shapes(JsonNode tensors) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    tensors.fields().forEachRemaining(e -> shapes.put(e.getKey(), longs(e.getValue())));
    return shapes;
  }
}
