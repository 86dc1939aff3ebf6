package lot4j.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A tensor on its way through a graph. Every method adds what it says behind it and returns the
 * result; layers take the name under which a {@code state_dict} has their weights.
 */
public final class OnnxValue {
  private static final double NORM_EPSILON = 1e-5;

  private final OnnxGraph graph;
  private final String name;

  OnnxValue(OnnxGraph graph, String name) {
    this.graph = graph;
    this.name = name;
  }

  /** Its name in the graph. */
  public String name() {
    return name;
  }

  /**
   * Any operator whose first input this is.
   *
   * @param operator its name in the specification
   * @param attributes as {@link OnnxGraph#node} takes them
   * @param others its further inputs
   */
  public OnnxValue then(String operator, Map<String, Object> attributes, OnnxValue... others) {
    OnnxValue[] inputs = new OnnxValue[others.length + 1];
    inputs[0] = this;
    System.arraycopy(others, 0, inputs, 1, others.length);
    return graph.node(operator, attributes, inputs);
  }

  private OnnxValue then(String operator, OnnxValue... others) {
    return then(operator, Map.of(), others);
  }

  /** A convolution whose padding, half its kernel, keeps the size at stride 1. */
  public OnnxValue conv(String layer, long stride) {
    return conv(layer, stride, 1);
  }

  /** The same in groups; with a bias if the layer has one. */
  public OnnxValue conv(String layer, long stride, long groups) {
    long[] sizes = graph.sizes(layer + ".weight");
    long high = sizes[2] / 2;
    long wide = sizes[3] / 2;
    return then(
        "Conv",
        Map.of(
            "kernel_shape", List.of(sizes[2], sizes[3]),
            "pads", List.of(high, wide, high, wide),
            "strides", List.of(stride, stride),
            "group", groups),
        weights(layer));
  }

  /** A convolution over squares that do not overlap: its stride is its kernel. */
  public OnnxValue patches(String layer) {
    long[] sizes = graph.sizes(layer + ".weight");
    List<Long> square = List.of(sizes[2], sizes[3]);
    return then("Conv", Map.of("kernel_shape", square, "strides", square), weights(layer));
  }

  /** Batch normalization by running statistics, ε = 1e-5. */
  public OnnxValue norm(String layer) {
    return then(
        "BatchNormalization",
        Map.of("epsilon", NORM_EPSILON),
        graph.weight(layer + ".weight"),
        graph.weight(layer + ".bias"),
        graph.weight(layer + ".running_mean"),
        graph.weight(layer + ".running_var"));
  }

  /** Layer normalization over the last axis. */
  public OnnxValue layerNorm(String layer, double epsilon) {
    return then("LayerNormalization", Map.of("axis", -1, "epsilon", epsilon), weights(layer));
  }

  /** A linear layer on [batch, features]. */
  public OnnxValue linear(String layer) {
    return then("Gemm", Map.of("transB", 1), weights(layer));
  }

  /** A linear layer along the last axis, however many stand before it. */
  public OnnxValue projected(String layer) {
    OnnxValue product = product(graph.weight(layer + ".weight").transposed(1, 0));
    return graph.has(layer + ".bias") ? product.plus(graph.weight(layer + ".bias")) : product;
  }

  private OnnxValue[] weights(String layer) {
    OnnxValue weight = graph.weight(layer + ".weight");
    return graph.has(layer + ".bias")
        ? new OnnxValue[] {weight, graph.weight(layer + ".bias")}
        : new OnnxValue[] {weight};
  }

  /** max(x, 0). */
  public OnnxValue relu() {
    return then("Relu");
  }

  /** min(max(x, 0), 6). */
  public OnnxValue relu6() {
    return then("Clip", graph.constant(0), graph.constant(6));
  }

  /** The hyperbolic tangent. */
  public OnnxValue tanh() {
    return then("Tanh");
  }

  /** x·Φ(x) with the exact normal distribution function. */
  public OnnxValue gelu() {
    OnnxValue erf = times(graph.constant(Math.sqrt(0.5))).then("Erf");
    return times(erf.plus(graph.constant(1))).times(graph.constant(0.5));
  }

  /** The sum with another value; sizes are matched from the last axis on. */
  public OnnxValue plus(OnnxValue other) {
    return then("Add", other);
  }

  /** The product with another value, element by element. */
  public OnnxValue times(OnnxValue other) {
    return then("Mul", other);
  }

  /** The matrix product of the last two axes; those before are matched. */
  public OnnxValue product(OnnxValue other) {
    return then("MatMul", other);
  }

  /** Every element divided by a number. */
  public OnnxValue dividedBy(double number) {
    return then("Div", graph.constant(number));
  }

  /** The maximum over squares of {@code kernel} places. */
  public OnnxValue maxPool(long kernel, long stride, long padding) {
    return then(
        "MaxPool",
        Map.of(
            "kernel_shape", List.of(kernel, kernel),
            "strides", List.of(stride, stride),
            "pads", List.of(padding, padding, padding, padding)));
  }

  /** The mean over all places, [batch, channels, height, width] to [batch, channels]. */
  public OnnxValue globalMean() {
    return then("GlobalAveragePool").flatten();
  }

  /** The same numbers with other axes; a size of 0 is that of the same axis here, −1 the rest. */
  public OnnxValue shaped(long... sizes) {
    return then("Reshape", graph.whole(sizes));
  }

  /** The axes in another order. */
  public OnnxValue transposed(long... axes) {
    return then("Transpose", Map.of("perm", Arrays.stream(axes).boxed().toList()));
  }

  /** The mean over some axes, which are gone then. */
  public OnnxValue mean(long... axes) {
    return then("ReduceMean", Map.of("axes", Arrays.stream(axes).boxed().toList(), "keepdims", 0));
  }

  /** Everything behind the batch as one axis. */
  public OnnxValue flatten() {
    return then("Flatten", Map.of("axis", 1));
  }

  /** Every second place along some axes, from the first on. */
  public OnnxValue everySecond(long... axes) {
    long[] starts = new long[axes.length];
    long[] ends = filled(axes.length, Long.MAX_VALUE);
    return then(
        "Slice",
        graph.whole(starts),
        graph.whole(ends),
        graph.whole(axes),
        graph.whole(filled(axes.length, 2)));
  }

  /** {@code count} channels of zeros before and after those of [batch, channels, height, width]. */
  public OnnxValue padChannels(long count) {
    return then("Pad", graph.whole(0, count, 0, 0, 0, count, 0, 0));
  }

  /** Probabilities from logits along the last axis. */
  public OnnxValue softmax() {
    return then("Softmax", Map.of("axis", -1));
  }

  /** 1 / (1 + exp(−x)). */
  public OnnxValue sigmoid() {
    return then("Sigmoid");
  }

  /** exp(x). */
  public OnnxValue exp() {
    return then("Exp");
  }

  /** Columns {@code from} to {@code to}, the latter left out, of [batch, features]. */
  public OnnxValue columns(long from, long to) {
    return slice(1, from, to);
  }

  /** Places {@code from} to {@code to}, the latter left out, of an axis. */
  public OnnxValue slice(long axis, long from, long to) {
    return then("Slice", graph.whole(from), graph.whole(to), graph.whole(axis));
  }

  /** Moved along an axis of {@code length} places; what leaves at the end comes in at the start. */
  public OnnxValue rolled(long axis, long length, long by) {
    long last = Math.floorMod(-by, length);
    return last == 0
        ? this
        : slice(axis, last, length).then("Concat", Map.of("axis", axis), slice(axis, 0, last));
  }

  /** A column of [batch, 1] as places in a table of vectors: [batch, width]. */
  public OnnxValue lookedUp(String layer) {
    OnnxValue places =
        then("Cast", Map.of("to", OnnxGraph.ElementType.INT64.code()))
            .then("Squeeze", graph.whole(1));
    return graph.weight(layer + ".weight").then("Gather", Map.of("axis", 0), places);
  }

  /** This and others side by side along the second axis. */
  public OnnxValue beside(List<OnnxValue> others) {
    return then("Concat", Map.of("axis", 1), others.toArray(OnnxValue[]::new));
  }

  /** As float32. */
  public OnnxValue toFloat() {
    return then("Cast", Map.of("to", OnnxGraph.ElementType.FLOAT.code()));
  }

  private static long[] filled(int length, long value) {
    long[] values = new long[length];
    Arrays.fill(values, value);
    return values;
  }
}
