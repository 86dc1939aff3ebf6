package lot4j.model.language;

import static lot4j.model.language.TransformerXlCases.WORDS;
import static lot4j.model.language.TransformerXlCases.adaptive;
import static lot4j.model.language.TransformerXlCases.built;
import static lot4j.model.language.TransformerXlCases.named;
import static lot4j.model.language.TransformerXlCases.numbers;
import static lot4j.model.language.TransformerXlCases.same;
import static lot4j.model.language.TransformerXlCases.small;
import static lot4j.model.language.TransformerXlCases.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import lot4j.Distribution;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Shape;
import lot4j.testkit.GradientCheck;
import lot4j.train.Precision;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransformerXlTest {
  private PointerScope scope;
  private Memory memory;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
    memory = new Memory();
    torch.manual_seed(3);
  }

  @AfterEach
  void closeScope() {
    memory.close();
    scope.close();
  }

  private static TransformerXl dropping(double dropout, double attentionDropout) {
    return new TransformerXl(2, 6, 2, 5, 7, 4, dropout, attentionDropout, true, List.of(), 1);
  }

  @ParameterizedTest(name = "{0} layers, memory {1}, pieces of {2}")
  @CsvSource({"1, 0, 9", "1, 4, 4", "1, 9, 3", "2, 2, 5", "3, 4, 3", "3, 20, 4", "2, 3, 1"})
  void isTheFormulasWordByWord(int layers, int horizon, int piece) {
    TransformerXl spec = small(layers, horizon);
    Model model = built(spec, WORDS);
    Tensor text = text(12, 3, WORDS);
    NaiveTransformerXl naive = new NaiveTransformerXl(spec, model);
    double[][][] expected = new double[3][][];
    for (int b = 0; b < 3; b++) {
      int[] column = new int[12];
      for (int t = 0; t < 12; t++) {
        column[t] = (int) text.select(0, t).select(0, b).item_long();
      }
      expected[b] = naive.logits(column, piece).toArray(double[][]::new);
    }
    for (int at = 0; at < 12; at += piece) {
      int time = Math.min(piece, 12 - at);
      Tensor logits = model.forward(text.narrow(0, at, time), memory).logits();
      for (int t = 0; t < time; t++) {
        for (int b = 0; b < 3; b++) {
          assertThat(numbers(logits.select(0, t).select(0, b)))
              .as("word " + (at + t) + " of text " + b)
              .containsExactly(expected[b][at + t], within(1e-10));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 6, 3", "1, 8, 4", "2, 9, 3", "2, 20, 1"})
  void piecesWithEnoughMemoryAreOneLongPiece(int layers, int horizon, int time) {
    int pieces = horizon / time + 1;
    Model model = built(small(layers, horizon), WORDS);
    Tensor text = text((long) time * pieces, 2, WORDS);
    Tensor whole;
    try (Memory fresh = new Memory()) {
      whole = model.forward(text, fresh).logits();
    }
    for (int piece = 0; piece < pieces; piece++) {
      long at = (long) piece * time;
      Tensor logits = model.forward(text.narrow(0, at, time), memory).logits();
      same(logits, whole.narrow(0, at, time), 1e-12);
    }
  }

  @Test
  void theMemoryHoldsTheLastPositionsOfEveryLayerWithoutGradient() {
    Model model = built(small(3, 5), WORDS);
    int[] expected = {2, 4, 5, 5};
    for (int positions : expected) {
      model.forward(text(2, 3, WORDS), memory);
      assertThat(memory.read()).hasSize(4);
      for (Tensor tensor : memory.read()) {
        assertThat(tensor.sizes().vec().get()).containsExactly(positions, 3, 6);
        assertThat(tensor.requires_grad()).isFalse();
      }
    }
    model.forward(text(9, 3, WORDS), memory);
    assertThat(memory.read().get(2).size(0)).isEqualTo(5);
  }

  @Test
  void noGradientGoesThroughTheMemory() {
    Model model = built(small(2, 4), WORDS);
    Tensor words = named(model).get("word_emb.emb_layers.0.weight");
    // Of word 12, only in the first piece, nothing but the decoder's part may move.
    model.forward(torch.full(new long[] {4, 1}, new Scalar(12L)).to(ScalarType.Long), memory);
    Tensor logits = model.forward(text(4, 1, 3), memory).logits();
    logits.narrow(2, 0, 12).sum().backward();
    assertThat(numbers(words.grad().select(0, 12))).containsOnly(0);
    assertThat(numbers(words.grad().select(0, 1))).doesNotContain(0);
  }

  @Test
  void withoutMemoryNothingIsCarried() {
    Model model = built(small(2, 0), WORDS);
    Tensor first = model.forward(text(4, 2, WORDS), memory).logits();
    assertThat(memory.read()).isEmpty();
    same(model.forward(text(4, 2, WORDS), memory).logits(), first, 0);
  }

  @Test
  void aFutureWordNeverChangesAPastLogit() {
    Model model = built(small(3, 4), WORDS);
    for (int piece = 0; piece < 2; piece++) {
      Tensor text = text(6, 2, WORDS);
      for (int changed = 1; changed < 6; changed++) {
        Tensor other = text.clone();
        other.narrow(0, changed, 6 - changed).fill_(new Scalar(piece + 5L));
        memory.mark();
        Tensor before = model.forward(text, memory).logits();
        memory.rewind();
        Tensor after = model.forward(other, memory).logits();
        memory.rewind();
        assertThat(numbers(after.narrow(0, 0, changed)))
            .containsExactly(numbers(before.narrow(0, 0, changed)));
        assertThat(numbers(after.narrow(0, changed, 1)))
            .isNotEqualTo(numbers(before.narrow(0, changed, 1)));
      }
      model.forward(text, memory);
    }
  }

  @Test
  void textsOfABatchDoNotSeeEachOther() {
    Model model = built(small(2, 4), WORDS);
    Tensor text = text(10, 3, WORDS);
    try (Memory alone = new Memory()) {
      for (int piece = 0; piece < 2; piece++) {
        Tensor all = model.forward(text.narrow(0, piece * 5L, 5), memory).logits();
        Tensor own = text.narrow(0, piece * 5L, 5).narrow(1, 1, 1);
        same(model.forward(own, alone).logits(), all.narrow(1, 1, 1), 1e-12);
      }
    }
  }

  @Test
  void gradientsOfAllParametersAreTheSlopes() {
    Model model = built(small(2, 4), 7);
    model.forward(text(3, 2, 7), memory);
    memory.mark();
    Tensor direction = torch.randn(new long[] {3, 2, 7}).to(ScalarType.Double);
    named(model)
        .forEach(
            (name, parameter) ->
                GradientCheck.of(
                        values -> {
                          memory.rewind();
                          return moved(model, parameter, values, direction);
                        },
                        parameter)
                    .requireWithin(1e-6));
  }

  /** The loss at other values of one parameter, with its gradient handed to {@code values}. */
  private Tensor moved(Model model, Tensor parameter, Tensor values, Tensor direction) {
    Tensor before = parameter.detach().clone();
    try (NoGradGuard constant = new NoGradGuard()) {
      parameter.copy_(values);
    }
    try {
      Tensor loss = model.forward(text(3, 2, 7), memory).logits().mul(direction).sum();
      if (!values.requires_grad()) {
        return loss;
      }
      model.module().zero_grad(true);
      loss.backward();
      // A function of the values with the loss's value and the parameter's gradient.
      Tensor gradient = new Tensor(parameter.grad()).clone();
      return values.sub(values.detach()).mul(gradient).sum().add(loss.detach());
    } finally {
      try (NoGradGuard constant = new NoGradGuard()) {
        parameter.copy_(before);
      }
    }
  }

  @Test
  void trainsInBothPrecisions() {
    for (Precision precision : Precision.values()) {
      Model model = new TransformerXl().build(Shape.ofTokens(5), 50);
      try (Memory own = new Memory()) {
        for (int piece = 0; piece < 3; piece++) {
          Tensor logits = precision.around(model).forward(text(40, 3, 50), own).logits();
          assertThat(logits.sizes().vec().get()).containsExactly(40, 3, 50);
          logits.pow(new Scalar(2)).mean().backward();
        }
        assertThat(own.read().get(1).scalar_type().intern()).isEqualTo(ScalarType.Float);
      }
      named(model).forEach((name, p) -> assertThat(finite(p.grad())).as(name).isTrue());
    }
  }

  private static boolean finite(Tensor gradient) {
    double sum = gradient.abs().sum().item_double();
    return sum > 0 && Double.isFinite(sum);
  }

  @Test
  void bfloat16IsNearFloat32() {
    Model model = new TransformerXl().build(Shape.ofTokens(5), 50);
    model.module().eval();
    Tensor exact = model.forward(text(30, 2, 50), memory).logits();
    memory.clear();
    Tensor near = Precision.BFLOAT16.around(model).forward(text(30, 2, 50), memory).logits();
    double worst = near.sub(exact).abs().max().item_double();
    assertThat(worst).isPositive().isLessThan(0.02 * exact.abs().max().item_double());
  }

  @Test
  void isStochasticOnlyWithDropoutAndInTraining() {
    assertThat(dropping(0, 0).build(Shape.ofTokens(4), 5).stochastic()).isFalse();
    for (TransformerXl spec : List.of(dropping(0.3, 0), dropping(0, 0.3))) {
      Model model = spec.build(Shape.ofTokens(4), 5);
      assertThat(model.stochastic()).isTrue();
      double[] one = numbers(model.forward(text(4, 2, 5), memory).logits());
      memory.clear();
      assertThat(numbers(model.forward(text(4, 2, 5), memory).logits())).isNotEqualTo(one);
      model.module().eval();
      memory.clear();
      double[] calm = numbers(model.forward(text(4, 2, 5), memory).logits());
      memory.clear();
      assertThat(numbers(model.forward(text(4, 2, 5), memory).logits())).containsExactly(calm);
    }
  }

  @Test
  void startsAsPublished() {
    Model model =
        new TransformerXl(1, 200, 8, 20, 1000, 70, 0, 0, true, List.of(100), 2)
            .build(Shape.ofTokens(4), 400);
    named(model)
        .forEach(
            (name, parameter) -> {
              boolean scale = name.endsWith("layer_norm.weight");
              double mean = parameter.mean().item_double();
              double deviation =
                  parameter
                      .sub(new Scalar(scale ? 1 : 0))
                      .pow(new Scalar(2))
                      .mean()
                      .sqrt()
                      .item_double();
              double expected =
                  name.endsWith("bias") && !name.startsWith("r_")
                      ? 0
                      : name.contains("projs") ? 0.01 : 0.02;
              assertThat(mean).as(name).isCloseTo(scale ? 1 : 0, within(0.006));
              assertThat(deviation).as(name).isCloseTo(expected, within(0.2 * expected));
            });
  }

  @Test
  void ofManyWordsTheLogitsAreNotMade() {
    Model model = small(1, 2).build(Shape.ofTokens(4), 16_385);
    Tensor text = text(4, 2, 16_385);
    Distribution distribution = model.forward(text, memory).distribution();
    assertThat(distribution).isInstanceOf(Distribution.Projected.class);
    assertThat(((Distribution.Projected) distribution).logits().size(2)).isEqualTo(16_385);
  }

  @Test
  void worksWithoutAScopeAround() {
    scope.close();
    Model model = small(2, 3).build(Shape.ofTokens(4), WORDS);
    assertThat(PointerScope.getInnerScope()).isNull();
    Tensor logits = model.forward(text(4, 2, WORDS), memory).logits();
    assertThat(numbers(logits)).hasSize(4 * 2 * WORDS);
    scope = new PointerScope();
  }

  @Test
  void saysWhatIsWrong() {
    TransformerXl spec = small(1, 2);
    assertThatThrownBy(() -> spec.build(Shape.of(3, 4), 5))
        .hasMessage(
            "input = 3x4 is not allowed; TransformerXl takes pieces of text, 1 token or longer");
    assertThatThrownBy(() -> new TransformerXl(1, 5, 1, 1, 1, 0, 0, 0, true, List.of(), 1))
        .hasMessage("width = 5 is not allowed; an even number, 2 or more");
    assertThatThrownBy(() -> adaptive(true, List.of(8, 8), 1))
        .hasMessage("cutoffs = 8 is not allowed; more than the one before, 8");
    assertThatThrownBy(() -> adaptive(true, List.of(), 2))
        .hasMessage("div = 2 is not allowed; 1 without cutoffs");
    assertThatThrownBy(() -> adaptive(true, List.of(2, 3), 4))
        .hasMessage("div = 4 is not allowed; the last cluster's vectors would be empty");
    assertThatThrownBy(() -> adaptive(true, List.of(5), 1).census(Shape.ofTokens(4), 5))
        .hasMessage("cutoffs = 5 is not allowed; below the vocabulary's 5 words");
    Model model = built(spec, WORDS);
    model.forward(text(4, 2, WORDS), memory);
    assertThatThrownBy(() -> model.forward(text(4, 3, WORDS), memory))
        .hasMessage("batch = 3 is not allowed; the memory is of 2 texts");
  }

  @Test
  void namesAreThoseOfTheAuthorsCode() {
    String own = "layers.0.";
    assertThat(named(built(small(1, 2), WORDS)).keySet())
        .containsExactly(
            "r_w_bias",
            "r_r_bias",
            "word_emb.emb_layers.0.weight",
            own + "dec_attn.qkv_net.weight",
            own + "dec_attn.o_net.weight",
            own + "dec_attn.layer_norm.weight",
            own + "dec_attn.layer_norm.bias",
            own + "dec_attn.r_net.weight",
            own + "pos_ff.CoreNet.0.weight",
            own + "pos_ff.CoreNet.0.bias",
            own + "pos_ff.CoreNet.3.weight",
            own + "pos_ff.CoreNet.3.bias",
            own + "pos_ff.layer_norm.weight",
            own + "pos_ff.layer_norm.bias",
            "crit.out_layers.0.bias");
    assertThat(named(built(adaptive(true, List.of(3, 8), 2), WORDS)).keySet())
        .containsSubsequence(
            "word_emb.emb_layers.2.weight",
            "word_emb.emb_projs.0",
            "word_emb.emb_projs.2",
            "crit.cluster_weight",
            "crit.cluster_bias",
            "crit.out_layers.0.bias",
            "crit.out_layers.2.bias",
            "crit.out_projs.0")
        .doesNotContain("crit.out_projs.1", "crit.out_layers.0.weight");
  }
}
