package lot4j.model.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Output;
import lot4j.Shape;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * With the same weights, names, logits, carried state, loss and gradients are PyTorch's. The files
 * come from {@code src/test/golden/make_lstm_golden.py}.
 */
class RecurrentGoldenTest {
  static Stream<Arguments> cases() {
    Map<String, ModelSpec> specs =
        Map.of(
            "lstm", new Lstm(6, 5, 2, 0, false),
            "lstm-tied", new Lstm(6, 6, 1, 0, true),
            "awd-lstm", new AwdLstm(4, 7, 3, 0, 0, 0, 0, 0, 2, 1));
    Map<String, Integer> vocabularies = Map.of("lstm", 13, "lstm-tied", 11, "awd-lstm", 11);
    return specs.keySet().stream()
        .sorted()
        .flatMap(
            name ->
                Stream.of(ScalarType.Double, ScalarType.Float)
                    .map(
                        type -> Arguments.of(name, specs.get(name), vocabularies.get(name), type)));
  }

  @ParameterizedTest(name = "{0} {3}")
  @MethodSource("cases")
  void computesWhatPyTorchComputes(String file, ModelSpec spec, int vocabulary, ScalarType type)
      throws IOException {
    JsonNode golden = read(file);
    // PyTorch computed in float64; there, another order of summation is all that may differ.
    double tolerance = type == ScalarType.Double ? 1e-12 : 2e-6;
    long batch = golden.get("batch").asLong();
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      Model model = spec.build(Shape.ofTokens(4), vocabulary);
      model.module().to(type, false);
      Filled.put(model.module());
      model.module().train(true);
      long start = 0;
      Tensor loss = null;
      for (JsonNode piece : golden.get("pieces")) {
        long time = piece.get("time").asLong();
        Tensor tokens = Filled.tokens(start, time, batch, vocabulary);
        start += time * batch;
        Output output = model.forward(tokens, memory);
        close("logits", output.logits(), piece.get("logits"), tolerance);
        close("state", memory.read(), piece.get("state"), tolerance, type);
        loss = loss(output, tokens, vocabulary);
      }
      assertThat(loss.item_double())
          .isCloseTo(golden.get("loss").asDouble(), within(4 * tolerance));
      loss.backward();
      gradients(Filled.parameters(model.module()), golden.get("gradients"), tolerance);
    }
  }

  private static Tensor loss(Output output, Tensor tokens, int vocabulary) {
    Tensor targets = tokens.add(new Scalar(1)).remainder(new Scalar(vocabulary)).view(-1);
    Tensor loss = torch.cross_entropy(output.logits().view(-1, vocabulary), targets);
    Tensor extra = output.extras().get(AwdLstm.REGULARIZATION);
    return extra == null ? loss : loss.add(extra);
  }

  private static void gradients(Map<String, Tensor> parameters, JsonNode golden, double tolerance) {
    TreeSet<String> names = new TreeSet<>();
    golden.fieldNames().forEachRemaining(names::add);
    assertThat(new TreeSet<>(parameters.keySet())).isEqualTo(names);
    parameters.forEach(
        (name, parameter) ->
            close("gradient of " + name, parameter.grad(), golden.get(name), tolerance));
  }

  private static void close(
      String what, List<Tensor> actual, JsonNode golden, double tolerance, ScalarType type) {
    assertThat(actual).hasSize(golden.size());
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i).scalar_type().intern()).isEqualTo(type);
      close(what + i, actual.get(i), golden.get(i), tolerance);
    }
  }

  private static void close(String what, Tensor actual, JsonNode golden, double tolerance) {
    double[] expected =
        StreamSupport.stream(golden.spliterator(), false).mapToDouble(JsonNode::asDouble).toArray();
    assertThat(Filled.numbers(actual)).as(what).containsExactly(expected, within(tolerance));
  }

  private static JsonNode read(String file) throws IOException {
    try (InputStream in =
        RecurrentGoldenTest.class.getResourceAsStream("/golden/" + file + ".json")) {
      return new ObjectMapper().readTree(in);
    }
  }
}
