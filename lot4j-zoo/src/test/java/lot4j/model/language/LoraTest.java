package lot4j.model.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lot4j.Adaptable;
import lot4j.Adapted;
import lot4j.Census;
import lot4j.Linear;
import lot4j.Lora;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Shape;
import lot4j.optim.Weights;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LoraTest {
  private static final Shape PIECE = Shape.ofTokens(6);
  private static final int VOCABULARY = 11;

  static Stream<Adapted> specs() {
    return Stream.of(
        new Adapted(
            new Llama(2, 16, 4, 2, 12, 50, Optional.empty(), 1e-5, 9, false, 0),
            new Lora(3, 12, 0, List.of("q_proj", "v_proj", "mlp.down_proj"))),
        new Adapted(new Gpt(2, 8, 2, 9, 0), new Lora(2, 1, 0, List.of("c_attn", "c_fc"))));
  }

  /** The same seed gives the same base; the adapters come after it and add exactly nothing. */
  @ParameterizedTest
  @MethodSource("specs")
  void theNetworkIsUnchangedAtTheStartToTheBit(Adapted spec) {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(5);
      Model plain = spec.base().build(PIECE, VOCABULARY);
      torch.manual_seed(5);
      Model adapted = spec.build(PIECE, VOCABULARY);
      assertThat(logits(adapted).equal(logits(plain))).isTrue();
      Map<String, Tensor> all = Filled.parameters(adapted.module());
      Filled.parameters(plain.module())
          .forEach((name, tensor) -> assertThat(all.get(name).equal(tensor)).as(name).isTrue());
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void adaptersAloneAreTrained(Adapted spec) {
    try (PointerScope scope = new PointerScope()) {
      Model model = spec.build(PIECE, VOCABULARY);
      try (Weights weights = Weights.of(model.module())) {
        assertThat(weights.count()).isEqualTo(spec.census(PIECE, VOCABULARY).parameters());
      }
      logits(model).sin().sum().backward();
      int trained = 0;
      for (Map.Entry<String, Tensor> each : Filled.parameters(model.module()).entrySet()) {
        boolean adapter = each.getKey().matches(".*\\.lora_[AB]\\.weight");
        assertThat(each.getValue().requires_grad()).as(each.getKey()).isEqualTo(adapter);
        if (adapter && each.getKey().contains("lora_B")) {
          assertThat(each.getValue().grad().abs().sum().item_double())
              .as(each.getKey())
              .isGreaterThan(0);
          trained++;
        }
      }
      assertThat(trained).isEqualTo(2 * spec.lora().targets().size());
    }
  }

  /** A is Kaiming-uniform with a = √5: within ±1/√in, and filling that range. */
  @Test
  void startsAsPublished() {
    try (PointerScope scope = new PointerScope()) {
      Adapted spec =
          new Adapted(
              new Llama(1, 64, 2, 2, 16, 50, Optional.empty(), 1e-5, 9, false, 0),
              new Lora(64, 64, 0, List.of("q_proj")));
      Tensor down =
          Filled.parameters(spec.build(PIECE, VOCABULARY).module())
              .get("model.layers.0.self_attn.q_proj.lora_A.weight")
              .detach();
      assertThat(down.abs().max().item_double()).isBetween(0.99 / 8, 1.0 / 8);
      assertThat(down.std().item_double()).isCloseTo(1 / (8 * Math.sqrt(3)), within(1e-3));
    }
  }

  /** W x + α/r · B (A x), by Java's own arithmetic, for a matrix stored either way round. */
  @Test
  void anAdapterIsItsFormula() {
    try (PointerScope scope = new PointerScope()) {
      for (Adapted spec : specs().toList()) {
        Adaptable.Net net = filled(spec);
        String name = spec.base().linearSizes().keySet().iterator().next();
        Linear linear = net.linears().get(name);
        Map<String, Tensor> all = Filled.parameters(net.module());
        double[] x = Filled.numbers("x", (int) linear.size().in());
        double[] a = Filled.numbers(all.get(name + ".lora_A.weight"));
        double[] b = Filled.numbers(all.get(name + ".lora_B.weight"));
        double[] w = Filled.numbers(all.get(name + ".weight"));
        int in = x.length;
        int out = (int) linear.size().out();
        int rank = spec.lora().rank();
        boolean inputsFirst = spec.base() instanceof Gpt;
        double[] expected = inputsFirst ? Filled.numbers(all.get(name + ".bias")) : new double[out];
        for (int i = 0; i < out; i++) {
          for (int k = 0; k < in; k++) {
            expected[i] += (inputsFirst ? w[k * out + i] : w[i * in + k]) * x[k];
          }
          for (int r = 0; r < rank; r++) {
            double inner = 0;
            for (int k = 0; k < in; k++) {
              inner += a[r * in + k] * x[k];
            }
            expected[i] += spec.lora().alpha() / rank * b[i * rank + r] * inner;
          }
        }
        Tensor answer = linear.forward(torch.tensor(x).view(1, in));
        assertThat(Filled.numbers(answer.flatten())).containsExactly(expected, within(1e-12));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void mergedWeightsAloneSayTheSame(Adapted spec) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Adaptable.Net net = filled(spec);
      Model plain = spec.base().build(PIECE, VOCABULARY);
      plain.module().to(ScalarType.Double, false);
      Map<String, Tensor> merged = net.merged();
      Map<String, Tensor> own = Filled.parameters(plain.module());
      assertThat(merged.keySet()).isEqualTo(own.keySet());
      own.forEach((name, tensor) -> tensor.copy_(merged.get(name)));
      assertThat(logits(plain).sub(logits(net)).abs().max().item_double()).isLessThan(1e-11);
      Map<String, Tensor> untouched = new LinkedHashMap<>(Filled.parameters(net.module()));
      own.forEach((name, tensor) -> tensor.copy_(untouched.get(name)));
      assertThat(logits(plain).sub(logits(net)).abs().max().item_double()).isGreaterThan(1e-3);
    }
  }

  @Test
  void countsAdaptersOnTopOfTheNetwork() {
    Llama seven = new Llama();
    Census base = seven.census(Shape.ofTokens(512), 32_000);
    Census adapted = new Adapted(seven, Lora.usual()).census(Shape.ofTokens(512), 32_000);
    // 32 layers, two matrices of 4096 x 4096 each, rank 8: as published, 4.2 M.
    assertThat(adapted.parameters()).isEqualTo(32 * 2 * 8 * 2 * 4096L).isEqualTo(4_194_304);
    assertThat(adapted.macs()).isEqualTo(base.macs() + 4_194_304);
  }

  @Test
  void dropoutActsInTrainingAlone() {
    try (PointerScope scope = new PointerScope()) {
      Adapted spec =
          new Adapted(
              new Llama(1, 8, 2, 2, 6, 50, Optional.empty(), 1e-5, 9, false, 0),
              new Lora(2, 8, 0.5, List.of("q_proj")));
      Adaptable.Net net = filled(spec);
      assertThat(net.stochastic()).isTrue();
      assertThat(logits(net).equal(logits(net))).isFalse();
      net.module().eval();
      assertThat(logits(net).equal(logits(net))).isTrue();
    }
  }

  @Test
  void aTargetThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> new Adapted(new Gpt(), Lora.usual()))
        .hasMessage("lora.targets = q_proj is not allowed; the network has c_attn, c_fc, c_proj");
    assertThatThrownBy(() -> new Lora(0, 1, 0, List.of("q_proj")))
        .hasMessageContaining("lora.rank");
    assertThatThrownBy(() -> new Lora(1, 1, 0, List.of())).hasMessageContaining("lora.targets");
    assertThatThrownBy(() -> new Lora(1, 1, 1, List.of("a"))).hasMessageContaining("lora.dropout");
  }

  private static Adaptable.Net filled(Adapted spec) {
    Adaptable.Net net = spec.build(PIECE, VOCABULARY);
    net.module().to(ScalarType.Double, false);
    Filled.put(net.module());
    return net;
  }

  private static Tensor logits(Model model) {
    try (Memory memory = new Memory()) {
      return model.forward(Filled.tokens(0, 6, 2, VOCABULARY), memory).logits();
    }
  }
}
