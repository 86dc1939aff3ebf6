package lot4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.allclose;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.randn;

import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BatchNorm2dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.LSTMOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WeightsTest {
  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
    manual_seed(1);
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  private static final class ConvNet extends Module {
    private final Conv2dImpl conv;
    private final BatchNorm2dImpl norm;
    private final LinearImpl out;

    ConvNet() {
      super("ConvNet");
      Conv2dOptions options = new Conv2dOptions(3, 5, new LongPointer(new long[] {3, 3}));
      conv = register_module("conv", new Conv2dImpl(options));
      norm = register_module("norm", new BatchNorm2dImpl(new BatchNormOptions(5)));
      out = register_module("out", new LinearImpl(5, 4));
    }

    Tensor forward(Tensor x) {
      return out.forward(torch.relu(norm.forward(conv.forward(x))).mean(2, 3));
    }
  }

  private static final class Tied extends Module {
    private final LinearImpl in = register_module("in", new LinearImpl(3, 3));

    Tied() {
      super("Tied");
      register_parameter("again", in.weight());
      register_parameter("frozen", torch.ones(2)).set_requires_grad(false);
    }

    Tensor forward(Tensor x) {
      return torch.linear(in.forward(x), in.weight());
    }
  }

  @Test
  void valuesAndOutputsStayTheSame() {
    ConvNet net = new ConvNet();
    Tensor x = randn(2, 3, 6, 6);
    Tensor before = net.forward(x);
    try (Weights weights = Weights.of(net)) {
      assertThat(net.forward(x).equal(before)).isTrue();
      assertThat(weights.count()).isEqualTo(3 * 5 * 9 + 5 + 10 + 5 * 4 + 4);
    }
  }

  @Test
  void parametersAndSubmoduleFieldsAreViewsOfTheFlatTensor() {
    ConvNet net = new ConvNet();
    try (Weights weights = Weights.of(net);
        NoGradGuard constant = new NoGradGuard()) {
      weights.values().fill_(new Scalar(0.25));
      assertThat(net.conv.weight().eq(new Scalar(0.25)).all().item_bool()).isTrue();
      assertThat(net.out.bias().eq(new Scalar(0.25)).all().item_bool()).isTrue();
      assertThat(weights.parameters().keySet())
          .containsExactlyInAnyOrder(
              "conv.weight", "conv.bias", "norm.weight", "norm.bias", "out.weight", "out.bias");
      assertThat(weights.buffers().keySet())
          .contains("norm.running_mean", "norm.running_var", "norm.num_batches_tracked");
    }
  }

  @Test
  void everyBackwardAddsToTheSameFlatGradient() {
    ConvNet net = new ConvNet();
    ConvNet twin = new ConvNet();
    copy(net, twin);
    Tensor x = randn(2, 3, 6, 6);
    try (Weights weights = Weights.of(net)) {
      long storage = weights.parameters().get("conv.weight").grad().data_ptr().address();
      for (int i = 0; i < 2; i++) {
        net.forward(x).square().sum().backward();
        twin.forward(x).square().sum().backward();
      }
      assertThat(weights.parameters().get("conv.weight").grad().data_ptr().address())
          .isEqualTo(storage);
      sameGradients(weights, twin);
      weights.zeroGrad();
      assertThat(net.out.weight().grad().abs().sum().item_double()).isZero();
    }
  }

  @Test
  void channelsLastWeightsStayChannelsLast() {
    ConvNet net = new ConvNet();
    try (NoGradGuard constant = new NoGradGuard()) {
      net.conv.weight().set_data(net.conv.weight().contiguous(torch.MemoryFormat.ChannelsLast));
    }
    ConvNet twin = new ConvNet();
    copy(net, twin);
    Tensor x = randn(2, 3, 6, 6).contiguous(torch.MemoryFormat.ChannelsLast);
    try (Weights weights = Weights.of(net)) {
      assertThat(net.conv.weight().is_contiguous(torch.MemoryFormat.ChannelsLast)).isTrue();
      net.forward(x).square().sum().backward();
      twin.forward(x).square().sum().backward();
      sameGradients(weights, twin);
    }
  }

  @Test
  void gradientsArriveUnderBfloat16Autocast() {
    ConvNet net = new ConvNet();
    ConvNet twin = new ConvNet();
    copy(net, twin);
    Tensor x = randn(2, 3, 6, 6);
    try (Weights weights = Weights.of(net)) {
      lowPrecision(() -> net.forward(x).to(ScalarType.Float)).square().sum().backward();
      lowPrecision(() -> twin.forward(x).to(ScalarType.Float)).square().sum().backward();
      assertThat(weights.gradients().abs().sum().item_double()).isPositive();
      assertThat(weights.gradients().scalar_type().intern()).isEqualTo(ScalarType.Float);
      sameGradients(weights, twin);
    }
  }

  @Test
  void lstmReadsTheFlatWeights() {
    LSTMImpl lstm = new LSTMImpl(new LSTMOptions(3, 4));
    LSTMImpl twin = new LSTMImpl(new LSTMOptions(3, 4));
    copy(lstm, twin);
    Tensor x = randn(5, 2, 3);
    try (Weights weights = Weights.of(lstm)) {
      assertThat(lstm.forward(x).get0().equal(twin.forward(x).get0())).isTrue();
      lstm.forward(x).get0().square().sum().backward();
      twin.forward(x).get0().square().sum().backward();
      sameGradients(weights, twin);
      try (NoGradGuard constant = new NoGradGuard()) {
        weights.values().zero_();
      }
      assertThat(lstm.forward(x).get0().abs().sum().item_double()).isZero();
    }
  }

  @Test
  void tiedTensorsAreLaidOutOnceAndFrozenOnesNotAtAll() {
    Tied net = new Tied();
    try (Weights weights = Weights.of(net)) {
      assertThat(weights.count()).isEqualTo(9 + 3);
      assertThat(weights.values().numel()).isEqualTo(16 + 16);
      assertThat(weights.parameters()).containsKeys("in.weight", "again", "in.bias", "frozen");
      net.forward(torch.ones(1, 3)).sum().backward();
      Tensor gradient = weights.parameters().get("in.weight").grad();
      assertThat(gradient.data_ptr().address())
          .isEqualTo(weights.parameters().get("again").grad().data_ptr().address());
      assertThat(weights.gradients().sum().item_double())
          .isCloseTo(
              gradient.sum().item_double()
                  + weights.parameters().get("in.bias").grad().sum().item_double(),
              within(1e-5));
      assertThat(weights.parameters().get("frozen").grad().defined()).isFalse();
    }
  }

  @Test
  void takesFloat64() {
    ConvNet net = new ConvNet();
    net.to(ScalarType.Double, false);
    try (Weights weights = Weights.of(net)) {
      net.forward(randn(2, 3, 6, 6).to(ScalarType.Double)).sum().backward();
      assertThat(weights.gradients().scalar_type().intern()).isEqualTo(ScalarType.Double);
      assertThat(weights.gradients().abs().sum().item_double()).isPositive();
    }
  }

  @Test
  void refusesMixedTypes() {
    ConvNet net = new ConvNet();
    net.out.to(ScalarType.Double, false);
    assertThatThrownBy(() -> Weights.of(net))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("out.weight = Double is not allowed; float32 or float64, one type for all");
  }

  @Test
  void refusesANetworkWithoutTrainableParameters() {
    LinearImpl net = new LinearImpl(2, 2);
    net.weight().set_requires_grad(false);
    net.bias().set_requires_grad(false);
    assertThatThrownBy(() -> Weights.of(net)).hasMessageContaining("0 trainable parameters");
  }

  @Test
  void outlivesTheScopeItWasMadeIn() {
    ConvNet net = new ConvNet();
    Weights weights;
    try (PointerScope inner = new PointerScope()) {
      weights = Weights.of(net);
    }
    System.gc();
    net.forward(randn(2, 3, 6, 6)).sum().backward();
    weights.zeroGrad();
    assertThat(weights.parameters().get("out.bias").numel()).isEqualTo(4);
    weights.close();
    assertThat(net.forward(randn(2, 3, 6, 6)).isfinite().all().item_bool()).isTrue();
  }

  private static Tensor lowPrecision(Supplier<Tensor> forward) {
    torch.DeviceType cpu = torch.DeviceType.CPU;
    torch.set_autocast_dtype(cpu, ScalarType.BFloat16);
    torch.set_autocast_enabled(cpu, true);
    torch.increment_nesting();
    try {
      return forward.get();
    } finally {
      if (torch.decrement_nesting() == 0) {
        torch.clear_cache();
      }
      torch.set_autocast_enabled(cpu, false);
    }
  }

  private static void copy(Module from, Module to) {
    try (NoGradGuard constant = new NoGradGuard()) {
      for (long i = 0; i < from.parameters().size(); i++) {
        to.parameters().get(i).copy_(from.parameters().get(i));
      }
    }
  }

  private static void sameGradients(Weights weights, Module twin) {
    for (Map.Entry<String, Tensor> entry : weights.parameters().entrySet()) {
      Tensor expected = twin.named_parameters().get(entry.getKey()).grad();
      assertThat(allclose(entry.getValue().grad(), expected)).as(entry.getKey()).isTrue();
    }
  }
}
