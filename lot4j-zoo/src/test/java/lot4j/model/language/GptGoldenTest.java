package lot4j.model.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Shape;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/**
 * With the same weights, logits and gradients are those of a GPT-2 in plain PyTorch. The file comes
 * from {@code src/test/golden/make_gpt_golden.py}.
 */
class GptGoldenTest {
  @Test
  void computesWhatPyTorchComputesInFloat64() throws IOException {
    compare(ScalarType.Double, 1e-10);
  }

  @Test
  void computesWhatPyTorchComputesInFloat32() throws IOException {
    compare(ScalarType.Float, 1e-4);
  }

  private static void compare(ScalarType type, double tolerance) throws IOException {
    JsonNode golden;
    try (InputStream in = GptGoldenTest.class.getResourceAsStream("/golden/gpt.json")) {
      golden = new ObjectMapper().readTree(in);
    }
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      long[][] rows = rows(golden.get("inputs"));
      Gpt spec =
          new Gpt(
              golden.get("layers").asInt(),
              golden.get("width").asInt(),
              golden.get("heads").asInt(),
              golden.get("context").asInt(),
              0);
      Model model = spec.build(Shape.ofTokens(rows.length), golden.get("vocab").asInt());
      model.module().to(type, false);
      Map<String, Tensor> parameters = parameters(model);
      assertThat(List.copyOf(parameters.keySet())).isEqualTo(names(golden.get("parameters")));
      parameters.forEach(GptGoldenTest::put);

      Tensor logits = model.forward(tensor(rows), memory).logits();
      close("logits", numbers(logits), doubles(golden.get("logits")), tolerance);
      Tensor targets = tensor(rows(golden.get("targets"))).flatten();
      Tensor loss = torch.cross_entropy(logits.flatten(0, 1), targets);
      close("loss", numbers(loss), new double[] {golden.get("loss").asDouble()}, tolerance);
      loss.backward();
      parameters.forEach(
          (name, parameter) ->
              close(
                  "gradient of " + name,
                  picked(numbers(parameter.grad())),
                  doubles(golden.get("gradients").get(name)),
                  tolerance));
    }
  }

  private static void put(String name, Tensor target) {
    int seed = name.hashCode();
    double[] values = new double[(int) target.numel()];
    boolean near1 = target.dim() == 1 && name.endsWith("weight");
    for (int i = 0; i < values.length; i++) {
      int x = (i + 1 + seed) * (int) 2654435761L;
      x ^= x >>> 16;
      x *= 73244475;
      x ^= x >>> 16;
      double u = Integer.toUnsignedLong(x) / 4294967296.0 - 0.5;
      values[i] = near1 ? 1 + 0.5 * u : 0.4 * u;
    }
    try (NoGradGuard constant = new NoGradGuard()) {
      target.copy_(torch.tensor(values).view(target.sizes()));
    }
  }

  private static void close(String what, double[] actual, double[] expected, double tolerance) {
    double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    // The gradient of a key's bias is 0 but for rounding.
    assertThat(actual).as(what).containsExactly(expected, within(tolerance * Math.max(scale, 0.1)));
  }

  /** Norm, first, middle and last element. */
  private static double[] picked(double[] all) {
    double norm = Math.sqrt(Arrays.stream(all).map(x -> x * x).sum());
    return new double[] {norm, all[0], all[all.length / 2], all[all.length - 1]};
  }

  private static double[] numbers(Tensor tensor) {
    Tensor flat = tensor.detach().to(ScalarType.Double).contiguous();
    double[] values = new double[(int) flat.numel()];
    flat.data_ptr_double().get(values);
    return values;
  }

  private static Tensor tensor(long[][] rows) {
    long[] flat = Arrays.stream(rows).flatMapToLong(LongStream::of).toArray();
    return torch.tensor(flat).view(rows.length, rows[0].length);
  }

  private static long[][] rows(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false)
        .map(
            row ->
                StreamSupport.stream(row.spliterator(), false)
                    .mapToLong(JsonNode::asLong)
                    .toArray())
        .toArray(long[][]::new);
  }

  private static double[] doubles(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static List<String> names(JsonNode node) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    node.fields().forEachRemaining(field -> fields.put(field.getKey(), field.getValue()));
    return List.copyOf(fields.keySet());
  }

  private static Map<String, Tensor> parameters(Model model) {
    StringTensorDict dict = model.module().named_parameters();
    Map<String, Tensor> entries = new LinkedHashMap<>();
    for (long i = 0; i < dict.size(); i++) {
      entries.put(dict.get(i).key().getString(), dict.get(i).value());
    }
    return entries;
  }
}
