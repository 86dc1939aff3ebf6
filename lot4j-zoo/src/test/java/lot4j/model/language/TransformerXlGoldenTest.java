package lot4j.model.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
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
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * With the same weights, names, logits over two pieces and gradients are those of a Transformer-XL
 * in plain PyTorch. The files come from {@code src/test/golden/make_transformerxl_golden.py}.
 */
class TransformerXlGoldenTest {
  @ParameterizedTest
  @CsvSource({
    "transformerxl, Double, 1e-10",
    "transformerxl, Float, 1e-4",
    "transformerxl-cutoffs, Double, 1e-10",
    "transformerxl-cutoffs, Float, 1e-4",
    "transformerxl-div, Double, 1e-10",
    "transformerxl-div, Float, 1e-4"
  })
  void computesWhatPyTorchComputes(String file, ScalarType type, double tolerance)
      throws IOException {
    JsonNode golden = read(file);
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      int vocabulary = golden.get("vocab").asInt();
      long batch = golden.get("batch").asLong();
      Model model = spec(golden).build(Shape.ofTokens(6), vocabulary);
      model.module().to(type, false);
      Map<String, Tensor> parameters = Filled.parameters(model.module());
      Map<String, List<Long>> shapes = new LinkedHashMap<>();
      parameters.forEach((name, p) -> shapes.put(name, sizes(p)));
      assertThat(List.copyOf(shapes.entrySet()))
          .isEqualTo(List.copyOf(expectedShapes(golden.get("parameters")).entrySet()));
      Filled.put(model.module());

      long at = 0;
      List<Tensor> losses = new ArrayList<>();
      for (int piece = 0; piece < golden.get("pieces").size(); piece++) {
        long time = golden.get("pieces").get(piece).asLong();
        Tensor words = Filled.tokens(at, time, batch, vocabulary);
        Tensor logits = model.forward(words, memory).logits();
        close("logits", Filled.numbers(logits), row(golden.get("logits").get(piece)), tolerance);
        losses.add(torch.cross_entropy(logits.flatten(0, 1), words.flip(0).flatten()));
        at += time * batch;
      }
      Tensor loss = losses.get(0).add(losses.get(1));
      assertThat(loss.item_double()).isCloseTo(golden.get("loss").asDouble(), within(tolerance));
      loss.backward();
      parameters.forEach(
          (name, p) ->
              close(
                  "gradient of " + name,
                  picked(Filled.numbers(p.grad())),
                  row(golden.get("gradients").get(name)),
                  tolerance));
    }
  }

  private static TransformerXl spec(JsonNode golden) {
    List<Integer> cutoffs = new ArrayList<>();
    golden.get("cutoffs").forEach(cutoff -> cutoffs.add(cutoff.asInt()));
    return new TransformerXl(
        golden.get("layers").asInt(),
        golden.get("width").asInt(),
        golden.get("heads").asInt(),
        golden.get("head_width").asInt(),
        golden.get("inner").asInt(),
        golden.get("memory").asInt(),
        0,
        0,
        true,
        cutoffs,
        golden.get("div").asInt());
  }

  /** Norm, first, middle and last element. */
  private static double[] picked(double[] all) {
    double norm = Math.sqrt(Arrays.stream(all).map(x -> x * x).sum());
    return new double[] {norm, all[0], all[all.length / 2], all[all.length - 1]};
  }

  private static void close(String what, double[] actual, double[] expected, double tolerance) {
    double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(actual).as(what).containsExactly(expected, within(tolerance * Math.max(scale, 0.1)));
  }

  private static Map<String, List<Long>> expectedShapes(JsonNode parameters) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    parameters
        .fields()
        .forEachRemaining(
            field -> {
              List<Long> sizes = new ArrayList<>();
              field.getValue().forEach(size -> sizes.add(size.asLong()));
              shapes.put(field.getKey(), sizes);
            });
    return shapes;
  }

  private static List<Long> sizes(Tensor tensor) {
    return LongStream.range(0, tensor.dim()).mapToObj(tensor::size).toList();
  }

  private static double[] row(JsonNode numbers) {
    return StreamSupport.stream(numbers.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static JsonNode read(String file) throws IOException {
    String path = "/golden/" + file + ".json";
    try (InputStream in = TransformerXlGoldenTest.class.getResourceAsStream(path)) {
      return new ObjectMapper().readTree(in);
    }
  }
}
