package lot4j.model.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import lot4j.Distribution;
import lot4j.KeyValues;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Output;
import lot4j.Shape;
import lot4j.checkpoint.Safetensors;
import lot4j.testkit.GradientCheck;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GptTest {
  private static final Shape PIECE = Shape.ofTokens(7);
  private static final int VOCABULARY = 11;
  private static final Gpt SMALL = new Gpt(2, 8, 2, 9, 0);

  @Test
  void hasThePublishedParameters() {
    assertThat(new Gpt().census(Shape.ofTokens(1024), 50_257).parameters()).isEqualTo(124_439_808);
    assertThat(new Gpt(24, 1024, 16, 1024, 0.1).census(PIECE, 50_257).parameters())
        .isEqualTo(354_823_168);
    assertThat(new Gpt(48, 1600, 25, 1024, 0.1).census(PIECE, 50_257).parameters())
        .isEqualTo(1_557_611_200);
  }

  @Test
  void countsTheWorkOfOneToken() {
    // 12 blocks of 12·768² and 2·1024·768 of attention, and 768·50257 of the softmax.
    assertThat(new Gpt().census(Shape.ofTokens(1024), 50_257).macs())
        .isEqualTo(12L * (12 * 768 * 768 + 2 * 1024 * 768) + 768L * 50_257);
  }

  @Test
  void countsWhatItBuilds() {
    try (PointerScope scope = new PointerScope()) {
      for (Gpt spec : List.of(SMALL, new Gpt(1, 6, 1, 7, 0.1), new Gpt(3, 4, 4, 20, 0))) {
        Model model = spec.build(PIECE, VOCABULARY);
        long parameters =
            parameters(model).values().stream().mapToLong(tensor -> tensor.numel()).sum();
        assertThat(parameters).isEqualTo(spec.census(PIECE, VOCABULARY).parameters());
      }
    }
  }

  /** The list of the published file, with 12 in place of 768. */
  @Test
  void namesAndShapesAreThePublishedOnes() {
    Map<String, List<Long>> expected = new LinkedHashMap<>();
    expected.put("wte.weight", List.of(50_257L, 12L));
    expected.put("wpe.weight", List.of(1024L, 12L));
    for (int i = 0; i < 12; i++) {
      expected.put("h." + i + ".ln_1.weight", List.of(12L));
      expected.put("h." + i + ".ln_1.bias", List.of(12L));
      expected.put("h." + i + ".attn.c_attn.weight", List.of(12L, 36L));
      expected.put("h." + i + ".attn.c_attn.bias", List.of(36L));
      expected.put("h." + i + ".attn.c_proj.weight", List.of(12L, 12L));
      expected.put("h." + i + ".attn.c_proj.bias", List.of(12L));
      expected.put("h." + i + ".ln_2.weight", List.of(12L));
      expected.put("h." + i + ".ln_2.bias", List.of(12L));
      expected.put("h." + i + ".mlp.c_fc.weight", List.of(12L, 48L));
      expected.put("h." + i + ".mlp.c_fc.bias", List.of(48L));
      expected.put("h." + i + ".mlp.c_proj.weight", List.of(48L, 12L));
      expected.put("h." + i + ".mlp.c_proj.bias", List.of(12L));
    }
    expected.put("ln_f.weight", List.of(12L));
    expected.put("ln_f.bias", List.of(12L));
    try (PointerScope scope = new PointerScope()) {
      Map<String, List<Long>> actual = new LinkedHashMap<>();
      parameters(new Gpt(12, 12, 12, 1024, 0).build(PIECE, 50_257))
          .forEach((name, tensor) -> actual.put(name, shape(tensor)));
      assertThat(new ArrayList<>(actual.entrySet()))
          .isEqualTo(new ArrayList<>(expected.entrySet()));
    }
  }

  @Test
  void startsAsPublished() {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(3);
      Map<String, Tensor> all = parameters(new Gpt(8, 64, 4, 128, 0).build(PIECE, 500));
      assertThat(deviation(all.get("wte.weight"))).isCloseTo(0.02, within(3e-4));
      assertThat(deviation(all.get("wpe.weight"))).isCloseTo(0.02, within(5e-4));
      assertThat(deviation(all.get("h.7.mlp.c_fc.weight"))).isCloseTo(0.02, within(5e-4));
      assertThat(deviation(all.get("h.7.mlp.c_proj.weight"))).isCloseTo(0.005, within(2e-4));
      assertThat(deviation(all.get("h.0.attn.c_proj.weight"))).isCloseTo(0.005, within(2e-4));
      assertThat(all.get("h.0.attn.c_attn.bias").abs().max().item_double()).isZero();
      assertThat(all.get("ln_f.weight").sub(torch.ones(64)).abs().max().item_double()).isZero();
    }
  }

  @Test
  void aFutureTokenNeverChangesAPastLogit() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Model model = random(SMALL, VOCABULARY);
      Tensor tokens = tokens(7, 2);
      Tensor before = logits(model, tokens);
      for (int t = 0; t < 7; t++) {
        Tensor other = tokens.clone();
        other.select(0, t).fill_(new org.bytedeco.pytorch.Scalar(10));
        Tensor change = logits(model, other).sub(before).abs();
        if (t > 0) {
          assertThat(change.narrow(0, 0, t).max().item_double()).isZero();
        }
        assertThat(change.narrow(0, t, 7 - t).max().item_double()).isGreaterThan(1e-6);
      }
    }
  }

  @Test
  void textsSideBySideDoNotSeeEachOther() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Model model = random(SMALL, VOCABULARY);
      Tensor tokens = tokens(7, 3);
      Tensor alone = logits(model, tokens.narrow(1, 1, 1));
      Tensor together = logits(model, tokens).narrow(1, 1, 1);
      assertThat(alone.sub(together).abs().max().item_double()).isLessThan(1e-12);
    }
  }

  @Test
  void everyPieceStandsAlone() {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      Model model = random(SMALL, VOCABULARY);
      Tensor first = model.forward(tokens(7, 2), memory).logits();
      assertThat(memory.read()).isEmpty();
      assertThat(model.forward(tokens(7, 2), memory).logits().equal(first)).isTrue();
    }
  }

  /** Read in pieces of 4, 1, 1 and 3 up to the context's end with keys and values kept. */
  @ParameterizedTest
  @CsvSource({"Double, 1e-12", "Float, 1e-5"})
  void readingOnGivesTheLogitsOfReadingAtOnce(ScalarType type, double tolerance) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard();
        KeyValues kept = new KeyValues()) {
      Model model = random(SMALL, VOCABULARY);
      model.module().to(type, false);
      Tensor tokens = tokens(9, 3);
      Tensor whole = logits(model, tokens);
      long from = 0;
      for (long rows : new long[] {4, 1, 1, 3}) {
        assertThat(
                apart(next(model, tokens.narrow(0, from, rows), kept), whole.narrow(0, from, rows)))
            .isLessThan(tolerance);
        from += rows;
        assertThat(kept.length()).isEqualTo(from);
      }
      assertThatThrownBy(() -> next(model, tokens.narrow(0, 0, 1), kept))
          .hasMessage("time = 10 is not allowed; at most 9, the model's context");
    }
  }

  /** Token after token, texts of 2 and of 5 with their ends together, as if each were alone. */
  @Test
  void textsOfDifferentLengthsStandSideBySideToTheContextsEnd() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard();
        KeyValues kept = new KeyValues(new long[] {3, 0})) {
      Model model = random(SMALL, VOCABULARY);
      Tensor texts = tokens(9, 2);
      Tensor whole = logits(model, texts);
      Tensor first = texts.narrow(0, 0, 5).clone();
      first.select(1, 0).copy_(torch.tensor(new long[] {8, 8, 8, 3, 1}));
      Tensor alone = logits(model, torch.tensor(new long[] {3, 1, 5, 2, 0, 7}).view(6, 1));
      Tensor begun = next(model, first, kept);
      assertThat(apart(begun.narrow(0, 3, 2).narrow(1, 0, 1), alone.narrow(0, 0, 2)))
          .isLessThan(1e-12);
      assertThat(apart(begun.narrow(1, 1, 1), whole.narrow(0, 0, 5).narrow(1, 1, 1)))
          .isLessThan(1e-12);
      long[] more = {5, 2, 0, 7};
      for (int i = 0; i < 4; i++) {
        Tensor row = texts.narrow(0, 5 + i, 1).clone();
        row.select(1, 0).fill_(new org.bytedeco.pytorch.Scalar(more[i]));
        Tensor said = next(model, row, kept);
        assertThat(apart(said.narrow(1, 0, 1), alone.narrow(0, 2 + i, 1))).isLessThan(1e-12);
        assertThat(apart(said.narrow(1, 1, 1), whole.narrow(0, 5 + i, 1).narrow(1, 1, 1)))
            .isLessThan(1e-12);
      }
      // The longer one is at its end; the shorter one, left alone, is not.
      assertThatThrownBy(() -> next(model, tokens(1, 2), kept)).hasMessageStartingWith("time = 10");
      kept.select(new long[] {0});
      assertThat(kept.length()).isEqualTo(6);
      Tensor longer = logits(model, torch.tensor(new long[] {3, 1, 5, 2, 0, 7, 4}).view(7, 1));
      Tensor last = next(model, torch.tensor(new long[] {4}).view(1, 1), kept);
      assertThat(apart(last, longer.narrow(0, 6, 1))).isLessThan(1e-12);
    }
  }

  private static Tensor next(Model model, Tensor tokens, KeyValues kept) {
    try (Memory memory = new Memory(kept)) {
      return model.forward(tokens, memory).logits();
    }
  }

  private static double apart(Tensor one, Tensor other) {
    return one.sub(other).abs().max().item_double();
  }

  @Test
  void gradientsAreThoseOfDifferences() {
    try (PointerScope scope = new PointerScope()) {
      Gpt spec = new Gpt(1, 4, 2, 5, 0);
      Model model = random(spec, 5);
      Tensor inputs = torch.tensor(new long[] {0, 3, 1, 4, 2, 2, 4, 0}).view(4, 2);
      Tensor targets = torch.tensor(new long[] {3, 1, 4, 2, 2, 4, 0, 1});
      parameters(model)
          .forEach(
              (name, parameter) -> {
                Tensor start = parameter.detach().clone();
                GradientCheck.of(
                        values -> {
                          try (NoGradGuard constant = new NoGradGuard()) {
                            parameter.copy_(values);
                          }
                          Tensor loss =
                              torch.cross_entropy(logits(model, inputs).flatten(0, 1), targets);
                          // The parameter's own gradient, led to the checked point.
                          Tensor gradient =
                              torch
                                  .grad(
                                      new org.bytedeco.pytorch.TensorVector(loss),
                                      new org.bytedeco.pytorch.TensorVector(parameter))
                                  .get(0)
                                  .detach();
                          return loss.detach().add(values.sub(values.detach()).mul(gradient).sum());
                        },
                        start)
                    .requireWithin(1e-7);
                try (NoGradGuard constant = new NoGradGuard()) {
                  parameter.copy_(start);
                }
              });
    }
  }

  @Test
  void embeddingAndSoftmaxAreStillOneMatrixAfterACheckpoint(@TempDir Path directory) {
    Path file = directory.resolve("teacher.safetensors");
    try (PointerScope scope = new PointerScope()) {
      Model model = random(SMALL, VOCABULARY);
      Safetensors.write(file, parameters(model), Map.of());
      Safetensors saved = Safetensors.open(file);
      assertThat(saved.names()).doesNotContain("lm_head.weight");

      Model other = SMALL.build(PIECE, VOCABULARY);
      other.module().to(ScalarType.Double, false);
      Tensor words = parameters(other).get("wte.weight");
      try (NoGradGuard constant = new NoGradGuard()) {
        parameters(other).forEach(saved::read);
        assertThat(logits(other, tokens(7, 2)).equal(logits(model, tokens(7, 2)))).isTrue();
        Tensor before = logits(other, tokens(1, 1));
        // A word that is no input: only the softmax can notice.
        words.select(0, 9).mul_(new org.bytedeco.pytorch.Scalar(2));
        Tensor change = logits(other, tokens(1, 1)).sub(before).abs().flatten();
        assertThat(change.select(0, 9).item_double()).isGreaterThan(1e-6);
      }
    }
  }

  @Test
  void manyWordsAreLeftUnprojected() {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      Model model = new Gpt(1, 4, 1, 9, 0).build(PIECE, 16_385);
      Output output = model.forward(tokens(7, 2), memory);
      assertThat(output.distribution()).isInstanceOf(Distribution.Projected.class);
      assertThat(shape(output.logits())).containsExactly(7L, 2L, 16_385L);
    }
  }

  @Test
  void dropoutActsInTrainingAlone() {
    try (PointerScope scope = new PointerScope()) {
      Model model = new Gpt(2, 8, 2, 9, 0.5).build(PIECE, VOCABULARY);
      assertThat(model.stochastic()).isTrue();
      assertThat(logits(model, tokens(7, 2)).equal(logits(model, tokens(7, 2)))).isFalse();
      model.module().eval();
      assertThat(logits(model, tokens(7, 2)).equal(logits(model, tokens(7, 2)))).isTrue();
      assertThat(SMALL.build(PIECE, VOCABULARY).stochastic()).isFalse();
    }
  }

  /** So small a dropout rounds to none, but takes the way that dropout takes. */
  @Test
  void attentionWithDropoutIsTheSameAttention() {
    try (PointerScope scope = new PointerScope()) {
      Model without = random(SMALL, VOCABULARY);
      Model with = random(new Gpt(2, 8, 2, 9, 1e-9), VOCABULARY);
      Tensor one = logits(without, tokens(7, 2));
      Tensor two = logits(with, tokens(7, 2));
      assertThat(two.sub(one).abs().max().item_double()).isLessThan(1e-12);
      one.sin().sum().backward();
      two.sin().sum().backward();
      parameters(without)
          .forEach(
              (name, parameter) -> {
                Tensor other = parameters(with).get(name).grad();
                assertThat(parameter.grad().sub(other).abs().max().item_double())
                    .as(name)
                    .isLessThan(1e-11);
              });
    }
  }

  @Test
  void refusesMoreThanItsContext() {
    assertThatThrownBy(() -> SMALL.build(Shape.ofTokens(10), VOCABULARY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "input = 10 tokens is not allowed; Gpt takes pieces of text of 1 to 9 tokens, its"
                + " context");
    assertThatThrownBy(() -> SMALL.census(Shape.of(3, 32, 32), VOCABULARY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Gpt(1, 10, 3, 9, 0))
        .hasMessage("width = 10 is not allowed; a multiple of heads, 3");
    try (PointerScope scope = new PointerScope()) {
      Model model = SMALL.build(PIECE, VOCABULARY);
      assertThatThrownBy(() -> logits(model, tokens(10, 1)))
          .hasMessage("time = 10 is not allowed; at most 9, the model's context");
    }
  }

  /** Weights large enough that attention is far from uniform, float64. */
  private static Model random(Gpt spec, int vocabulary) {
    torch.manual_seed(11);
    Model model = spec.build(Shape.ofTokens(spec.context()), vocabulary);
    model.module().to(ScalarType.Double, false);
    try (NoGradGuard constant = new NoGradGuard()) {
      parameters(model).values().forEach(each -> torch.normal_(each, 0, 0.5));
    }
    return model;
  }

  private static Tensor logits(Model model, Tensor tokens) {
    try (Memory memory = new Memory()) {
      return model.forward(tokens, memory).logits();
    }
  }

  private static Tensor tokens(int time, int batch) {
    long[] ids = LongStream.range(0, (long) time * batch).map(i -> (i * i + 3 * i) % 9).toArray();
    return torch.tensor(ids).view(time, batch);
  }

  private static double deviation(Tensor tensor) {
    return tensor.detach().std().item_double();
  }

  private static Map<String, Tensor> parameters(Model model) {
    StringTensorDict dict = model.module().named_parameters();
    Map<String, Tensor> entries = new LinkedHashMap<>();
    for (long i = 0; i < dict.size(); i++) {
      entries.put(dict.get(i).key().getString(), dict.get(i).value());
    }
    return entries;
  }

  private static List<Long> shape(Tensor tensor) {
    return LongStream.range(0, tensor.dim()).mapToObj(tensor::size).toList();
  }
}
