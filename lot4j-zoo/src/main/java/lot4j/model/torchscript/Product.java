package lot4j.model.torchscript;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.IValueOptional;
import org.bytedeco.pytorch.JitNode;
import org.bytedeco.pytorch.Value;
import org.bytedeco.pytorch.global.torch;

/**
 * The steps of a graph that multiply and accumulate: which of their tensors tell the cost, and what
 * it is. Elementwise steps and norms count nothing, as in every {@link lot4j.Census}.
 */
enum Product {
  /** A convolution, forward or transposed: input, weight, result. */
  CONVOLUTION(
      Set.of("conv1d", "conv2d", "conv3d", "_convolution", "convolution", "_convolution_mode"),
      List.of(0, 1)),
  /** A transposed convolution: input, weight, result. */
  TRANSPOSED(Set.of("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), List.of(0, 1)),
  /** A linear layer: input, weight, result. */
  LINEAR(Set.of("linear"), List.of(0, 1)),
  /** A product over the first operand's last axis: both operands, result. */
  MATRICES(Set.of("matmul", "mm", "bmm", "mv", "dot", "vdot", "inner"), List.of(0, 1)),
  /** The same, added to something: both operands, result. */
  ADDED(Set.of("addmm", "baddbmm", "addmv"), List.of(1, 2)),
  /** Products of a batch, all added up: both operands, result. */
  SUMMED(Set.of("addbmm"), List.of(1, 2)),
  /** Attention in one step: query, key, value, result. */
  ATTENTION(Set.of("scaled_dot_product_attention"), List.of(0, 1, 2)),
  /** A recurrent layer over all of time: input, and all of its weights. */
  RECURRENT(Set.of("lstm", "gru", "rnn_tanh", "rnn_relu"), List.of(0)),
  /** One step of a recurrent layer: input, both weights, result. */
  CELL(Set.of("lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell"), List.of(0, 2, 3)),
  /** Products without a rule here, and steps of other libraries. */
  UNKNOWN(
      Set.of(
          "einsum",
          "bilinear",
          "cdist",
          "tensordot",
          "chain_matmul",
          "linalg_multi_dot",
          "_transformer_encoder_layer_fwd",
          "_native_multi_head_attention"),
      List.of());

  /** Names of the engine's own steps; calls that stay calls have no tensor to go by. */
  private static final Set<String> OWN = Set.of("aten", "prim", "prims");

  private final Set<String> names;
  private final List<Integer> inputs;

  Product(Set<String> names, List<Integer> inputs) {
    this.names = names;
    this.inputs = inputs;
  }

  /** The product that a step is, by its name with its library; empty if it is none. */
  static Optional<Product> of(String kind) {
    int colons = kind.indexOf("::");
    String library = colons < 0 ? "" : kind.substring(0, colons);
    String name = kind.substring(Math.max(0, colons + 2));
    if (library.equals("aten")) {
      // In-place steps end with an underscore.
      String plain = name.replaceFirst("(?<!^)_$", "");
      return Arrays.stream(values()).filter(p -> p.names.contains(plain)).findFirst();
    }
    boolean call = Set.of("prim::CallMethod", "prim::CallFunction", "prim::fork").contains(kind);
    return call || !OWN.contains(library) ? Optional.of(UNKNOWN) : Optional.empty();
  }

  /** The tensors of a step that tell its cost. */
  List<Value> values(JitNode node) {
    List<Value> values = new ArrayList<>();
    inputs.forEach(index -> values.add(node.input(index)));
    if (this != RECURRENT && node.outputs().size() > 0 && type(node.output(0)).equals("Tensor")) {
      values.add(node.output(0));
    }
    return values;
  }

  /** A recurrent layer's weights: its last list of tensors; none for other steps. */
  Optional<Value> weights(JitNode node) {
    for (long i = this == RECURRENT ? node.inputs().size() - 1 : -1; i >= 0; i--) {
      if (type(node.input(i)).equals("Tensor[]")) {
        return Optional.of(node.input(i));
      }
    }
    return Optional.empty();
  }

  private static String type(Value value) {
    return value.type().get().str().getString();
  }

  /** Whether a convolution is a transposed one; the general step says so in its seventh input. */
  boolean transposed(JitNode node) {
    if (this != CONVOLUTION || node.inputs().size() < 8) {
      return this == TRANSPOSED;
    }
    IValueOptional flag = torch.toIValue(node.input(6));
    return flag.has_value() && flag.get().isBool() && flag.get().toBool();
  }

  /** The cost of one run, from the shapes of {@link #values}, then those of the weights. */
  long macs(List<long[]> shapes, boolean transposed) {
    long[] first = shapes.get(0);
    long[] second = shapes.size() > 1 ? shapes.get(1) : first;
    long[] result = shapes.get(shapes.size() - 1);
    return switch (this) {
      case CONVOLUTION, TRANSPOSED ->
          count(transposed ? first : result) * (count(second) / second[0]);
      case LINEAR, MATRICES, ADDED -> count(result) * last(first);
      case SUMMED -> count(first) * last(second);
      case ATTENTION -> (count(first) + count(result)) * second[second.length - 2];
      case RECURRENT -> count(first) / last(first) * matrices(shapes.subList(1, shapes.size()));
      case CELL -> count(first) / last(first) * matrices(shapes.subList(1, 3));
      case UNKNOWN -> 0;
    };
  }

  private static long matrices(List<long[]> weights) {
    return weights.stream().filter(w -> w.length == 2).mapToLong(Product::count).sum();
  }

  private static long count(long[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  private static long last(long[] shape) {
    return shape.length == 0 ? 1 : shape[shape.length - 1];
  }
}
