package lot4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * PyTorch's own optimizers on the same gradients; src/test/golden/optimizers.py writes the file.
 */
class OptimizerGoldenTest {
  private static final double TOLERANCE = 1e-13;

  static Stream<Named<JsonNode>> cases() throws IOException {
    try (InputStream in = OptimizerGoldenTest.class.getResourceAsStream("optimizers.json")) {
      return StreamSupport.stream(new ObjectMapper().readTree(in).spliterator(), false)
          .map(c -> Named.of(spec(c).toString(), c))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyStepEqualsPytorch(JsonNode golden) {
    try (PointerScope scope = new PointerScope()) {
      LinearImpl net = network(golden);
      Weights weights = Weights.of(net);
      Descender descent = Descender.of("teacher", weights, spec(golden));
      for (int step = 0; step < golden.get("gradients").size(); step++) {
        gradient(weights, golden, step);
        descent.step();
        assertThat(numbers(weights))
            .usingElementComparator(OptimizerGoldenTest::compare)
            .as("step %d", step)
            .containsExactlyElementsOf(numbers(golden.get("weights").get(step)));
      }
      descent.optimizer().averaging().ifPresent(average -> checkAverage(golden, weights, average));
      weights.close();
      descent.close();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aRestoredOneContinuesToTheBit(JsonNode golden) {
    try (PointerScope scope = new PointerScope()) {
      Weights weights = Weights.of(network(golden));
      Descender descent = Descender.of("teacher", weights, spec(golden));
      MemoryState state = new MemoryState();
      for (int step = 0; step < 3; step++) {
        gradient(weights, golden, step);
        descent.step();
      }
      descent.save(state);
      Weights restored = Weights.of(network(golden));
      try (NoGradGuard constant = new NoGradGuard()) {
        restored.values().copy_(weights.values());
      }
      Descender other = Descender.of("teacher", restored, spec(golden));
      other.restore(state);
      for (int step = 3; step < 7; step++) {
        gradient(weights, golden, step);
        descent.step();
        gradient(restored, golden, step);
        other.step();
      }
      assertThat(restored.values().equal(weights.values())).isTrue();
      assertThat(other.optimizer().averaging().isPresent())
          .isEqualTo(descent.optimizer().averaging().isPresent());
      if (other.optimizer().averaging().isPresent()) {
        assertThat(other.optimizer().averaging().get().equal(descent.optimizer().averaging().get()))
            .isTrue();
      }
    }
  }

  private static void checkAverage(JsonNode golden, Weights weights, Tensor average) {
    try (NoGradGuard constant = new NoGradGuard()) {
      weights.values().copy_(average);
    }
    List<Double> expected = numbers(golden.get("average"));
    List<Double> actual = numbers(weights);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i)).isCloseTo(expected.get(i), within(TOLERANCE));
    }
  }

  private static OptimizerSpec spec(JsonNode golden) {
    JsonNode o = golden.get("options");
    JsonNode clipped = golden.get("clip");
    Clip clip = clipped.isNull() ? Clip.none() : Clip.at(clipped.asDouble());
    double lr = o.get("lr").asDouble();
    double decay = o.get("weight_decay").asDouble();
    return switch (golden.get("kind").asText()) {
      case "sgd" ->
          new Sgd(lr, o.get("momentum").asDouble(), o.get("nesterov").asBoolean(), decay, clip);
      case "adam" -> new Adam(lr, beta(o, 0), beta(o, 1), o.get("eps").asDouble(), decay, clip);
      case "adamw" -> new AdamW(lr, beta(o, 0), beta(o, 1), o.get("eps").asDouble(), decay, clip);
      case "asgd" ->
          new Asgd(
              lr,
              o.get("lambd").asDouble(),
              o.get("alpha").asDouble(),
              o.get("t0").asDouble(),
              decay,
              Trigger.none(),
              clip);
      default -> throw new IllegalArgumentException(golden.get("kind").asText());
    };
  }

  private static double beta(JsonNode options, int index) {
    return options.get("betas").get(index).asDouble();
  }

  private static LinearImpl network(JsonNode golden) {
    LinearImpl net = new LinearImpl(2, 3);
    net.to(ScalarType.Double, false);
    try (NoGradGuard constant = new NoGradGuard()) {
      fill(net.weight(), golden.get("initial"), 0);
      fill(net.bias(), golden.get("initial"), 6);
    }
    return net;
  }

  private static void gradient(Weights weights, JsonNode golden, int step) {
    try (NoGradGuard constant = new NoGradGuard()) {
      fill(weights.parameters().get("weight").grad(), golden.get("gradients").get(step), 0);
      fill(weights.parameters().get("bias").grad(), golden.get("gradients").get(step), 6);
    }
  }

  private static void fill(Tensor target, JsonNode numbers, int offset) {
    double[] values = new double[(int) target.numel()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(offset + i).asDouble();
    }
    target.copy_(torch.tensor(values).view(target.sizes()));
  }

  private static List<Double> numbers(Weights weights) {
    List<Double> all = new ArrayList<>();
    for (String name : List.of("weight", "bias")) {
      Tensor flat = weights.parameters().get(name).detach().reshape(-1).contiguous();
      for (long i = 0; i < flat.numel(); i++) {
        all.add(flat.get(i).item_double());
      }
    }
    return all;
  }

  private static List<Double> numbers(JsonNode array) {
    List<Double> all = new ArrayList<>();
    array.forEach(n -> all.add(n.asDouble()));
    return all;
  }

  private static int compare(Double a, Double b) {
    return Math.abs(a - b) <= TOLERANCE ? 0 : Double.compare(a, b);
  }
}
