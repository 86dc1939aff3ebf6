package lot4j.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lot4j.Shape;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * An ONNX graph under construction: one input, the nodes in the order they were asked for, and the
 * weights they use. The first axis of the input has the symbolic size {@code batch}.
 *
 * <p>It is written for operator set {@value #OPSET} and IR version {@value #IR_VERSION} (ONNX
 * 1.12): the oldest with a layer normalization, and so what the widest range of runtimes reads.
 * Weights are float32; they are not copied, so the tensors must outlive {@link #write}.
 *
 * <p>Source: the ONNX specification, onnx.ai.
 */
public final class OnnxGraph {
  /** The version of the default operator set. */
  public static final int OPSET = 17;

  /** The version of the file's own structure. */
  public static final int IR_VERSION = 8;

  /** The name of the input. */
  public static final String INPUT = "input";

  private static final long LARGEST = Integer.MAX_VALUE;

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final Map<String, Tensor> weights;
  private final Shape sample;
  private final Map<String, OnnxValue> known = new LinkedHashMap<>();
  private final List<Tensor> used = new ArrayList<>();
  private final Map<String, Integer> counts = new TreeMap<>();
  private OnnxValue input;
  private String prefix = "";
  private long bytes;

  /**
   * A graph with an input of float32.
   *
   * @param weights by {@code state_dict} name, of the network that is written
   * @param sample shape of one sample
   */
  public OnnxGraph(Map<String, Tensor> weights, Shape sample) {
    this(weights, sample, ElementType.FLOAT);
  }

  /** The same with an input of another type. */
  public OnnxGraph(Map<String, Tensor> weights, Shape sample, ElementType type) {
    this.weights = Map.copyOf(weights);
    this.sample = sample;
    List<Long> sizes = new ArrayList<>(sample.sizes());
    graph.addInput(info(INPUT, type, sizes));
    input = new OnnxValue(this, INPUT);
  }

  /** What the numbers of an input are. */
  public enum ElementType {
    /** float32. */
    FLOAT(TensorProto.DataType.FLOAT_VALUE),
    /** Unsigned bytes. */
    UINT8(TensorProto.DataType.UINT8_VALUE),
    /** int64. */
    INT64(TensorProto.DataType.INT64_VALUE);

    private final int code;

    ElementType(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** The shape of one sample of the graph's own input; preprocessed images have the same. */
  public Shape sample() {
    return sample;
  }

  /** What a model's nodes begin with, [batch, …]. */
  public OnnxValue input() {
    return input;
  }

  /** From here on, {@link #input} is a value made of the graph's own input: preprocessing. */
  public void begin(OnnxValue prepared) {
    begin(prepared, prefix);
  }

  /**
   * The same where a network lies within another.
   *
   * @param before what stands before its weights' names, {@code network.} for instance
   */
  public void begin(OnnxValue prepared, String before) {
    input = prepared;
    prefix = before;
  }

  /** Whether the network has a weight of this name. */
  public boolean has(String name) {
    return weights.containsKey(prefix + name);
  }

  /**
   * A weight under its own name.
   *
   * @throws IllegalArgumentException if the network has none of this name
   */
  public OnnxValue weight(String name) {
    String whole = prefix + name;
    OnnxValue before = known.get(whole);
    if (before != null) {
      return before;
    }
    Tensor plain = float32(of(name));
    used.add(plain);
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(whole).setDataType(TensorProto.DataType.FLOAT_VALUE);
    for (long size : sizes(name)) {
      tensor.addDims(size);
    }
    return add(tensor.setRawData(bytes(plain)).build());
  }

  /** The sizes of a weight's axes. */
  public long[] sizes(String name) {
    Tensor tensor = of(name);
    long[] sizes = new long[(int) tensor.dim()];
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = tensor.size(axis);
    }
    return sizes;
  }

  private Tensor of(String name) {
    Tensor tensor = weights.get(prefix + name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "weight = " + prefix + name + " is not there; " + weights.keySet());
    }
    return tensor;
  }

  /** A constant of float32, [sizes]; the sizes' product is the number of values. */
  public OnnxValue constant(double[] values, long... sizes) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name("constant"))
            .setDataType(TensorProto.DataType.FLOAT_VALUE);
    for (double value : values) {
      tensor.addFloatData((float) value);
    }
    for (long size : sizes) {
      tensor.addDims(size);
    }
    return add(tensor.build());
  }

  /** A constant of float32 without axes. */
  public OnnxValue constant(double value) {
    return constant(new double[] {value});
  }

  /** Whole numbers, [values.length]: sizes, axes, steps. */
  public OnnxValue whole(long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name("constant"))
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addDims(values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    return add(tensor.build());
  }

  private OnnxValue add(TensorProto tensor) {
    bytes = Math.addExact(bytes, tensor.getSerializedSize());
    graph.addInitializer(tensor);
    OnnxValue value = new OnnxValue(this, tensor.getName());
    known.put(tensor.getName(), value);
    return value;
  }

  /**
   * Any operator of the set with one output.
   *
   * @param operator its name in the specification
   * @param attributes whole numbers, numbers, texts, or lists of whole numbers by name
   * @param inputs in the specification's order
   */
  public OnnxValue node(String operator, Map<String, Object> attributes, OnnxValue... inputs) {
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator);
    String name = name(operator);
    for (OnnxValue value : inputs) {
      node.addInput(value.name());
    }
    new TreeMap<>(attributes).forEach((key, value) -> node.addAttribute(attribute(key, value)));
    graph.addNode(node.setName(name).addOutput(name));
    return new OnnxValue(this, name);
  }

  private String name(String kind) {
    return kind + "_" + counts.merge(kind, 1, Integer::sum);
  }

  private static AttributeProto attribute(String name, Object value) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    if (value instanceof Long || value instanceof Integer) {
      return attribute
          .setType(AttributeProto.AttributeType.INT)
          .setI(((Number) value).longValue())
          .build();
    }
    if (value instanceof Double number) {
      return attribute
          .setType(AttributeProto.AttributeType.FLOAT)
          .setF(number.floatValue())
          .build();
    }
    if (value instanceof String text) {
      return attribute
          .setType(AttributeProto.AttributeType.STRING)
          .setS(ByteString.copyFromUtf8(text))
          .build();
    }
    if (value instanceof List<?> list) {
      attribute.setType(AttributeProto.AttributeType.INTS);
      list.forEach(each -> attribute.addInts(((Number) each).longValue()));
      return attribute.build();
    }
    throw new IllegalArgumentException(
        name + " = " + value + " is not allowed; a whole number, a number, a text or a list");
  }

  /** Makes a value of float32 an output of the graph. */
  public void add(OnnxOutput output) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Identity")
            .setName(output.name())
            .addInput(output.value().name())
            .addOutput(output.name()));
    graph.addOutput(info(output.name(), ElementType.FLOAT, output.sizes()));
  }

  private static ValueInfoProto info(String name, ElementType type, List<Long> sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"));
    sizes.forEach(size -> shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size)));
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder().setElemType(type.code()).setShape(shape).build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /**
   * Writes the file.
   *
   * @param name the graph's
   * @param version the producer's
   * @param properties texts for whoever reads the file, by name
   * @throws IllegalStateException if the weights are more than the format's 2 GiB
   */
  public void write(OutputStream out, String name, String version, Map<String, String> properties)
      throws IOException {
    if (bytes > LARGEST - (1 << 20)) {
      throw new IllegalStateException(
          name + ": " + bytes + " bytes of weights; a file of this format holds 2 GiB");
    }
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("lot4j")
            .setProducerVersion(version)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
            .setGraph(graph.setName(name));
    new TreeMap<>(properties)
        .forEach(
            (key, value) ->
                model.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    model.build().writeTo(out);
    Reference.reachabilityFence(used);
  }

  /** In the caller's scope: as it is, or a copy where type, device or layout differ. */
  private static Tensor float32(Tensor tensor) {
    PointerScope outer = PointerScope.getInnerScope();
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Tensor plain = tensor.detach().cpu().to(ScalarType.Float).contiguous();
      if (outer == null) {
        plain.retainReference();
      } else {
        outer.attach(plain);
      }
      return plain;
    }
  }

  private static ByteString bytes(Tensor plain) {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new IllegalStateException("onnx: this machine is not little-endian");
    }
    long length = plain.nbytes();
    if (length > LARGEST) {
      throw new IllegalStateException(
          "a weight of " + length + " bytes; a file of this format holds 2 GiB");
    }
    ByteBuffer buffer = new BytePointer(plain.data_ptr()).capacity(length).asByteBuffer();
    return UnsafeByteOperations.unsafeWrap(buffer);
  }
}
