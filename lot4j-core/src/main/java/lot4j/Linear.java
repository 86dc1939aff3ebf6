package lot4j;

import java.util.Optional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * A linear layer whose parameters stand in an engine module, and which can carry a low-rank
 * adapter: y = W x + b, with one y = W x + b + α/r · B A x.
 *
 * <p>Models that let such adapters in ({@link Adaptable}) build their layers of it. Without an
 * adapter it is the engine's linear layer to the bit.
 *
 * <p>Source of the adapter: E. Hu et al., "LoRA: low-rank adaptation of large language models",
 * 2021.
 */
public final class Linear {
  static final String DOWN = ".lora_A.weight";
  static final String UP = ".lora_B.weight";

  private final Module owner;
  private final Tensor weight;
  private final Optional<Tensor> bias;
  private final boolean inputsFirst;
  private Optional<Adapter> adapter = Optional.empty();

  private Linear(Module owner, Tensor weight, Optional<Tensor> bias, boolean inputsFirst) {
    this.owner = owner;
    this.weight = weight;
    this.bias = bias;
    this.inputsFirst = inputsFirst;
  }

  /**
   * A layer's size.
   *
   * @param in numbers that it takes
   * @param out numbers that it gives
   */
  public record Size(long in, long out) {}

  private record Adapter(Tensor down, Tensor up, Lora lora) {}

  /**
   * A layer as PyTorch stores it.
   *
   * @param owner the module that the parameters are registered in
   * @param weight [out, in]
   * @param bias [out]
   */
  public static Linear of(Module owner, Tensor weight, Optional<Tensor> bias) {
    return new Linear(owner, weight, bias, false);
  }

  /**
   * A layer whose matrix is stored the other way round, as GPT-2's are.
   *
   * @param owner the module that the parameters are registered in
   * @param weight [in, out]
   * @param bias [out]
   */
  public static Linear inputsFirst(Module owner, Tensor weight, Tensor bias) {
    return new Linear(owner, weight, Optional.of(bias), true);
  }

  /** How many numbers it takes and gives. */
  public Size size() {
    return inputsFirst
        ? new Size(weight.size(0), weight.size(1))
        : new Size(weight.size(1), weight.size(0));
  }

  /**
   * The layer's answer.
   *
   * @param x [rows, in]; any leading axes where the matrix is stored [out, in]
   * @return the same with out in place of in
   */
  public Tensor forward(Tensor x) {
    Tensor plain = plain(x);
    return adapter.map(own -> plain.add(added(own, x))).orElse(plain);
  }

  private Tensor plain(Tensor x) {
    if (inputsFirst) {
      return torch.addmm(bias.orElseThrow(), x, weight);
    }
    return bias.isPresent()
        ? torch.linear(x, weight, new TensorOptional(bias.get()))
        : torch.linear(x, weight);
  }

  private Tensor added(Adapter own, Tensor x) {
    double dropout = own.lora.dropout();
    Tensor in = dropout > 0 ? torch.dropout(x, dropout, owner.is_training()) : x;
    return torch.linear(torch.linear(in, own.down), own.up).mul(new Scalar(own.lora.scale()));
  }

  /**
   * Adds an adapter: A [rank, in] from U(±1/√in), Kaiming's with a = √5 as in the authors' code,
   * drawn from the engine's generator; B [out, rank] of zeros, so that the layer says what it said.
   * They are registered in the layer's module as {@code lora_A.weight} and {@code lora_B.weight}.
   *
   * @throws IllegalStateException if it has one
   */
  void adapt(Lora lora) {
    if (adapter.isPresent()) {
      throw new IllegalStateException("lora: the layer has an adapter already");
    }
    Size size = size();
    try (NoGradGuard constant = new NoGradGuard()) {
      TensorOptions options = weight.options();
      Tensor down = torch.zeros(new long[] {lora.rank(), size.in}, options);
      double range = 1 / Math.sqrt(size.in);
      torch.uniform_(down, -range, range);
      Tensor up = torch.zeros(new long[] {size.out, lora.rank()}, options);
      owner.register_module("lora_A", new Module("Linear")).register_parameter("weight", down);
      owner.register_module("lora_B", new Module("Linear")).register_parameter("weight", up);
      adapter = Optional.of(new Adapter(down, up, lora));
    }
  }

  /** Whether it has an adapter. */
  boolean isAdapted() {
    return adapter.isPresent();
  }

  /**
   * The matrix that alone does what layer and adapter do, W + α/r · B A, as {@code weight} is
   * stored; a copy of the weight if there is no adapter.
   */
  public Tensor merged() {
    try (NoGradGuard constant = new NoGradGuard()) {
      Tensor copy = weight.clone();
      return adapter
          .map(
              own -> {
                Tensor change = own.up.matmul(own.down).mul(new Scalar(own.lora.scale()));
                return copy.add_(inputsFirst ? change.t() : change);
              })
          .orElse(copy);
    }
  }
}
