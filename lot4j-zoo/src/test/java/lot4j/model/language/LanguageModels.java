package lot4j.model.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.function.ToDoubleFunction;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Shape;
import lot4j.testkit.GradientCheck;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What must hold of every language model with carried state; small ones in float64. */
final class LanguageModels {
  private static final int VOCABULARY = 11;
  private static final double EXACT = 1e-12;

  private LanguageModels() {}

  /** A function of a forward pass to a value of shape []. */
  @FunctionalInterface
  interface Loss {
    Tensor of(Model model, Tensor tokens, Memory memory);
  }

  /** The mean cross entropy of some targets. */
  static final Loss CROSS_ENTROPY =
      (model, tokens, memory) ->
          torch.cross_entropy(
              model.forward(tokens, memory).logits().view(-1, VOCABULARY), tokens.flip(0).view(-1));

  /** A float64 model with known weights. */
  static Model filled(ModelSpec spec) {
    Model model = spec.build(Shape.ofTokens(4), VOCABULARY);
    model.module().to(ScalarType.Double, false);
    Filled.put(model.module());
    return model;
  }

  /** What is counted is what is built. */
  static void countsWhatBuildAllocates(ModelSpec spec, int vocabulary) {
    try (PointerScope scope = new PointerScope()) {
      Shape piece = Shape.ofTokens(4);
      long allocated =
          Filled.parameters(spec.build(piece, vocabulary).module()).values().stream()
              .mapToLong(Tensor::numel)
              .sum();
      assertThat(spec.census(piece, vocabulary).parameters()).isEqualTo(allocated);
    }
  }

  /** Every parameter's gradient of {@code loss} over two pieces is the finite differences'. */
  static void gradientsAreFiniteDifferences(ModelSpec spec, Loss loss) {
    try (PointerScope scope = new PointerScope()) {
      Model model = filled(spec);
      model.module().train(true);
      Map<String, Tensor> parameters = Filled.parameters(model.module());
      parameters.forEach(
          (name, parameter) -> {
            GradientCheck check = gradientCheck(model, parameter, loss);
            assertThat(check.error()).as("gradient of " + name + ": " + check).isLessThan(1e-6);
            assertThat(check.analytic()).as("gradient of " + name).isNotZero();
          });
    }
  }

  private static GradientCheck gradientCheck(Model model, Tensor parameter, Loss loss) {
    Tensor start = parameter.detach().clone();
    try {
      return GradientCheck.of(
          point -> {
            try (NoGradGuard constant = new NoGradGuard()) {
              parameter.copy_(point);
            }
            torch.manual_seed(9);
            try (Memory memory = carried(model)) {
              Tensor value = loss.of(model, Filled.tokens(6, 4, 2, VOCABULARY), memory);
              parameter.mutable_grad().reset();
              value.backward();
              // The value of the loss with the gradient that autograd gave the parameter.
              Tensor slope = parameter.grad().detach().clone();
              return value.detach().add(point.sub(point.detach()).mul(slope).sum());
            }
          },
          start);
    } finally {
      try (NoGradGuard constant = new NoGradGuard()) {
        parameter.copy_(start);
      }
    }
  }

  /** A memory that is no stream's start and depends on no parameter. */
  private static Memory carried(Model model) {
    Memory memory = new Memory();
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      model.forward(Filled.tokens(0, 3, 2, VOCABULARY), memory);
      memory.write(
          memory.read().stream()
              .map(
                  state ->
                      torch
                          .tensor(Filled.numbers("state", (int) state.numel()))
                          .view(state.sizes()))
              .toList());
    }
    return memory;
  }

  /** Two pieces with carried state are one long piece. */
  static void carriesItsState(ModelSpec spec) {
    try (PointerScope scope = new PointerScope();
        Memory whole = new Memory();
        Memory pieces = new Memory()) {
      Model model = filled(spec);
      model.module().eval();
      Tensor text = Filled.tokens(0, 7, 3, VOCABULARY);
      Tensor expected = model.forward(text, whole).logits();
      Tensor first = model.forward(text.narrow(0, 0, 3), pieces).logits();
      Tensor second = model.forward(text.narrow(0, 3, 4), pieces).logits();
      close(first, expected.narrow(0, 0, 3));
      close(second, expected.narrow(0, 3, 4));
      assertThat(pieces.read()).hasSameSizeAs(whole.read());
      for (int i = 0; i < whole.read().size(); i++) {
        close(pieces.read().get(i), whole.read().get(i));
      }
      // It must matter, else this shows nothing.
      pieces.clear();
      Tensor forgotten = model.forward(text.narrow(0, 3, 4), pieces).logits();
      assertThat(forgotten.sub(second).abs().max().item_double()).isGreaterThan(1e-3);
    }
  }

  /** A token changes no logit before it, and those from it on. */
  static void isCausal(ModelSpec spec) {
    try (PointerScope scope = new PointerScope()) {
      Model model = filled(spec);
      model.module().eval();
      Tensor text = Filled.tokens(0, 5, 2, VOCABULARY);
      Tensor other = text.clone();
      other.select(0, 3).fill_(torch.tensor(new long[] {10}).squeeze());
      ToDoubleFunction<Integer> change =
          time -> {
            try (Memory one = new Memory();
                Memory two = new Memory()) {
              Tensor a = model.forward(text, one).logits();
              Tensor b = model.forward(other, two).logits();
              return a.select(0, time).sub(b.select(0, time)).abs().max().item_double();
            }
          };
      for (int time = 0; time < 3; time++) {
        assertThat(change.applyAsDouble(time)).as("time " + time).isZero();
      }
      assertThat(change.applyAsDouble(3)).isPositive();
      assertThat(change.applyAsDouble(4)).isPositive();
    }
  }

  /** All numbers are equal but for rounding. */
  static void close(Tensor actual, Tensor expected) {
    assertThat(Filled.numbers(actual)).containsExactly(Filled.numbers(expected), within(EXACT));
  }
}
