package lot4j.model.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import lot4j.Distribution;
import lot4j.KeyValues;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Output;
import lot4j.Shape;
import lot4j.testkit.GradientCheck;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LlamaTest {
  private static final int VOCABULARY = 11;
  private static final RopeScaling LLAMA_3 = new RopeScaling(8, 1, 4, 24);
  private static final Llama SMALL =
      new Llama(2, 16, 4, 2, 12, 50, Optional.of(LLAMA_3), 1e-5, 9, false, 0);

  static Stream<Llama> shapes() {
    return Stream.of(
        SMALL,
        new Llama(1, 8, 2, 2, 10, 10_000, Optional.empty(), 1e-2, 9, true, 0),
        new Llama(2, 12, 6, 1, 5, 20, Optional.empty(), 1e-6, 9, false, 13));
  }

  /** Meta's and Hugging Face's own numbers; nothing is allocated. */
  @Test
  void hasThePublishedParameters() {
    Shape piece = Shape.ofTokens(512);
    assertThat(new Llama().census(piece, 32_000).parameters()).isEqualTo(6_738_415_616L);
    Llama large =
        new Llama(40, 5120, 40, 40, 13_824, 10_000, Optional.empty(), 1e-5, 4096, false, 0);
    assertThat(large.census(piece, 32_000).parameters()).isEqualTo(13_015_864_320L);
    Llama eight =
        new Llama(32, 4096, 32, 8, 14_336, 500_000, Optional.empty(), 1e-5, 8192, false, 0);
    assertThat(eight.census(piece, 128_256).parameters()).isEqualTo(8_030_261_248L);
    Llama one = new Llama(16, 2048, 32, 8, 8192, 500_000, Optional.empty(), 1e-5, 131_072, true, 0);
    assertThat(one.census(piece, 128_256).parameters()).isEqualTo(1_235_814_400L);
  }

  /** Matrices of a block, the square of attention, and the softmax. */
  @Test
  void countsTheWorkOfOneToken() {
    long block = 4L * 4096 * 4096 + 3L * 4096 * 11_008 + 2L * 512 * 4096;
    assertThat(new Llama().census(Shape.ofTokens(512), 32_000).macs())
        .isEqualTo(32 * block + 4096L * 32_000);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void countsWhatItBuilds(Llama spec) {
    LanguageModels.countsWhatBuildAllocates(spec, VOCABULARY);
    try (PointerScope scope = new PointerScope()) {
      spec.build(Shape.ofTokens(4), VOCABULARY)
          .linears()
          .forEach(
              (name, linear) -> assertThat(spec.linearSizes()).containsEntry(name, linear.size()));
    }
  }

  /** In the order and the shapes of the published files. */
  @Test
  void namesAndShapesAreThePublishedOnes() {
    Map<String, List<Long>> block =
        Map.of(
            "self_attn.q_proj", List.of(16L, 16L),
            "self_attn.k_proj", List.of(8L, 16L),
            "self_attn.v_proj", List.of(8L, 16L),
            "self_attn.o_proj", List.of(16L, 16L),
            "mlp.gate_proj", List.of(12L, 16L),
            "mlp.up_proj", List.of(12L, 16L),
            "mlp.down_proj", List.of(16L, 12L),
            "input_layernorm", List.of(16L),
            "post_attention_layernorm", List.of(16L));
    List<String> expected = new ArrayList<>();
    expected.add("model.embed_tokens.weight [11, 16]");
    for (int i = 0; i < 2; i++) {
      int layer = i;
      block.forEach(
          (name, shape) -> expected.add("model.layers." + layer + "." + name + ".weight " + shape));
    }
    expected.add("model.norm.weight [16]");
    expected.add("lm_head.weight [11, 16]");
    try (PointerScope scope = new PointerScope()) {
      List<String> actual = new ArrayList<>();
      Filled.parameters(SMALL.build(Shape.ofTokens(4), VOCABULARY).module())
          .forEach((name, tensor) -> actual.add(name + " " + sizes(tensor)));
      assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void logitsAreThoseOfTheFormulas(Llama spec) {
    try (PointerScope scope = new PointerScope()) {
      Model model = LanguageModels.filled(spec);
      grow(model);
      int[] text = {3, 0, 7, 7, 10, 2, 5, 1, 3};
      List<double[]> expected = new NaiveLlama(spec, model).logits(text);
      Tensor logits = logits(model, column(text));
      for (int t = 0; t < text.length; t++) {
        assertThat(Filled.numbers(logits.select(0, t).flatten()))
            .containsExactly(expected.get(t), within(1e-11));
      }
    }
  }

  /** The wavelengths of a head of 8 with base 50 fall on all three cases of the scaling. */
  @Test
  void theScalingOfTheTestHasAllThreeCases() {
    double[] kept = {1, Math.pow(50, -0.25), Math.pow(50, -0.5), Math.pow(50, -0.75)};
    assertThat(LLAMA_3.stretched(2)).isEqualTo(2);
    assertThat(LLAMA_3.stretched(kept[3])).isEqualTo(kept[3] / 8);
    assertThat(LLAMA_3.stretched(kept[1])).isBetween(kept[1] / 8 + 1e-3, kept[1] - 1e-3);
  }

  @Test
  void aFutureTokenNeverChangesAPastLogitAndTextsDoNotSeeEachOther() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Model model = LanguageModels.filled(SMALL);
      grow(model);
      Tensor tokens = Filled.tokens(0, 7, 3, VOCABULARY);
      Tensor before = logits(model, tokens);
      for (int t = 1; t < 7; t++) {
        Tensor other = tokens.clone();
        other.select(0, t).fill_(new Scalar(10));
        Tensor change = logits(model, other).sub(before).abs();
        assertThat(change.narrow(0, 0, t).max().item_double()).isZero();
        assertThat(change.narrow(0, t, 7 - t).max().item_double()).isGreaterThan(1e-6);
      }
      Tensor alone = logits(model, tokens.narrow(1, 1, 1));
      assertThat(alone.sub(before.narrow(1, 1, 1)).abs().max().item_double()).isLessThan(1e-12);
    }
  }

  @Test
  void gradientsAreThoseOfDifferences() {
    try (PointerScope scope = new PointerScope()) {
      Llama spec = new Llama(1, 8, 2, 1, 6, 10, Optional.empty(), 1e-3, 5, true, 0);
      Model model = spec.build(Shape.ofTokens(4), 5);
      model.module().to(ScalarType.Double, false);
      Filled.put(model.module());
      Tensor inputs = torch.tensor(new long[] {0, 3, 1, 4, 2, 2, 4, 0}).view(4, 2);
      Tensor targets = torch.tensor(new long[] {3, 1, 4, 2, 2, 4, 0, 1});
      Filled.parameters(model.module())
          .forEach((name, parameter) -> check(model, parameter, inputs, targets));
    }
  }

  private static void check(Model model, Tensor parameter, Tensor inputs, Tensor targets) {
    Tensor start = parameter.detach().clone();
    GradientCheck.of(
            values -> {
              try (NoGradGuard constant = new NoGradGuard()) {
                parameter.copy_(values);
              }
              Tensor loss = torch.cross_entropy(logits(model, inputs).flatten(0, 1), targets);
              Tensor gradient =
                  torch.grad(new TensorVector(loss), new TensorVector(parameter)).get(0).detach();
              return loss.detach().add(values.sub(values.detach()).mul(gradient).sum());
            },
            start)
        .requireWithin(1e-7);
    try (NoGradGuard constant = new NoGradGuard()) {
      parameter.copy_(start);
    }
  }

  /** Read in pieces of 4, 1, 1 and 3 with keys and values kept, and at once. */
  @ParameterizedTest
  @MethodSource("shapes")
  void readingOnGivesTheLogitsOfReadingAtOnce(Llama spec) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard();
        KeyValues kept = new KeyValues()) {
      Model model = LanguageModels.filled(spec);
      grow(model);
      Tensor tokens = Filled.tokens(0, 9, 2, VOCABULARY);
      Tensor whole = logits(model, tokens);
      long from = 0;
      for (long rows : new long[] {4, 1, 1, 3}) {
        try (Memory memory = new Memory(kept)) {
          Tensor piece = model.forward(tokens.narrow(0, from, rows), memory).logits();
          assertThat(piece.sub(whole.narrow(0, from, rows)).abs().max().item_double())
              .isLessThan(1e-12);
        }
        from += rows;
        assertThat(kept.length()).isEqualTo(from);
      }
      try (Memory memory = new Memory(kept)) {
        assertThatThrownBy(() -> model.forward(tokens.narrow(0, 0, 1), memory))
            .hasMessage("time = 10 is not allowed; at most 9, the model's context");
      }
    }
  }

  /** A text of 3 and one of 5, ends together; then both read one token more. */
  @Test
  void textsOfDifferentLengthsStandSideBySide() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard();
        KeyValues kept = new KeyValues(new long[] {2, 0})) {
      Model model = LanguageModels.filled(SMALL);
      grow(model);
      int[] first = {4, 9, 1, 6};
      int[] second = {3, 0, 8, 8, 2, 5};
      Tensor together = torch.tensor(new long[] {0, 3, 0, 0, 4, 8, 9, 8, 1, 2}).view(5, 2);
      try (Memory memory = new Memory(kept)) {
        model.forward(together, memory);
        Tensor next = torch.tensor(new long[] {6, 5}).view(1, 2);
        Tensor logits = model.forward(next, memory).logits().select(0, 0);
        assertThat(Filled.numbers(logits.select(0, 0)))
            .containsExactly(last(model, first), within(1e-12));
        assertThat(Filled.numbers(logits.select(0, 1)))
            .containsExactly(last(model, second), within(1e-12));
      }
    }
  }

  @Test
  void everyPieceStandsAloneWhereNothingIsKept() {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      Model model = LanguageModels.filled(SMALL);
      Tensor tokens = Filled.tokens(0, 7, 2, VOCABULARY);
      Tensor first = model.forward(tokens, memory).logits();
      assertThat(memory.read()).isEmpty();
      assertThat(model.forward(tokens, memory).logits().equal(first)).isTrue();
    }
  }

  @Test
  void startsAsPublished() {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(3);
      Llama spec = new Llama(2, 64, 4, 2, 96, 10_000, Optional.empty(), 1e-5, 32, false, 0);
      Map<String, Tensor> all = Filled.parameters(spec.build(Shape.ofTokens(4), 500).module());
      assertThat(all.get("model.embed_tokens.weight").detach().std().item_double())
          .isCloseTo(0.02, within(4e-4));
      assertThat(all.get("lm_head.weight").detach().std().item_double())
          .isCloseTo(0.02, within(4e-4));
      assertThat(all.get("model.layers.1.mlp.down_proj.weight").detach().std().item_double())
          .isCloseTo(0.02, within(8e-4));
      assertThat(all.get("model.norm.weight").equal(torch.ones(64))).isTrue();
    }
  }

  @Test
  void manyWordsAreLeftUnprojected() {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      Llama spec = new Llama(1, 4, 2, 1, 4, 10, Optional.empty(), 1e-5, 9, false, 16_400);
      Output output =
          spec.build(Shape.ofTokens(4), 16_385).forward(Filled.tokens(0, 7, 2, 9), memory);
      assertThat(output.distribution()).isInstanceOf(Distribution.Projected.class);
      assertThat(sizes(output.logits())).containsExactly(7L, 2L, 16_400L);
    }
  }

  @Test
  void refusesSizesThatDoNotFit() {
    assertThatThrownBy(() -> with(12, 5, 5, 0)).hasMessageStartingWith("width = 12 is not allowed");
    assertThatThrownBy(() -> with(12, 4, 4, 0))
        .hasMessage("width = 12 is not allowed; heads, 4, times an even number");
    assertThatThrownBy(() -> with(16, 4, 3, 0))
        .hasMessage("kv-heads = 3 is not allowed; a divisor of heads, 4");
    assertThatThrownBy(() -> with(16, 4, 2, 10).census(Shape.ofTokens(4), 11))
        .hasMessage("vocabulary = 10 is not allowed; as many as the data's vocabulary or more, 11");
    assertThatThrownBy(() -> SMALL.build(Shape.ofTokens(10), VOCABULARY))
        .hasMessage(
            "input = 10 tokens is not allowed; Llama takes pieces of text of 1 to 9 tokens, its"
                + " context");
    assertThatThrownBy(() -> new RopeScaling(8, 4, 4, 10))
        .hasMessage("rope-scaling.high = 4 is not allowed; above low, 4.0");
  }

  private static Llama with(int width, int heads, int kvHeads, int vocabulary) {
    return new Llama(1, width, heads, kvHeads, 4, 10, Optional.empty(), 1e-5, 9, false, vocabulary);
  }

  /** Weights large enough that attention is far from uniform. */
  static void grow(Model model) {
    try (NoGradGuard constant = new NoGradGuard()) {
      Filled.parameters(model.module()).values().forEach(each -> each.mul_(new Scalar(2.5)));
    }
  }

  private static double[] last(Model model, int[] text) {
    return Filled.numbers(logits(model, column(text)).select(0, text.length - 1).flatten());
  }

  static Tensor column(int[] text) {
    return torch.tensor(IntStream.of(text).asLongStream().toArray()).view(text.length, 1);
  }

  private static Tensor logits(Model model, Tensor tokens) {
    try (Memory memory = new Memory()) {
      return model.forward(tokens, memory).logits();
    }
  }

  private static List<Long> sizes(Tensor tensor) {
    return LongStream.range(0, tensor.dim()).mapToObj(tensor::size).toList();
  }
}
