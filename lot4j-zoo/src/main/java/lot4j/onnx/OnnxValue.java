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

  /** A linear layer on [batch, features]. */
  public OnnxValue linear(String layer) {
    return then("Gemm", Map.of("transB", 1), weights(layer));
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
    return then("Slice", graph.whole(from), graph.whole(to), graph.whole(1));
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
