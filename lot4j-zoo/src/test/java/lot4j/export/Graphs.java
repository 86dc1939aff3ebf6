package lot4j.export;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** ONNX files as ONNX Runtime runs them. */
public final class Graphs {
  private Graphs() {}

  /**
   * An output of a graph for some inputs.
   *
   * @param onnx the file's bytes
   * @param inputs [batch, …], float32 or uint8
   * @return [batch][outputs]
   */
  public static float[][] run(byte[] onnx, Tensor inputs, String output) {
    long[] shape = LongStream.range(0, inputs.dim()).map(inputs::size).toArray();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = OrtEnvironment.getEnvironment().createSession(onnx, options);
          OnnxTensor input = tensor(inputs.contiguous(), shape);
          OrtSession.Result result = session.run(Map.of("input", input))) {
        return (float[][]) result.get(output).orElseThrow().getValue();
      }
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
  }

  private static OnnxTensor tensor(Tensor inputs, long[] shape) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    int count = (int) inputs.numel();
    if (inputs.scalar_type().intern() == ScalarType.Byte) {
      byte[] bytes = new byte[count];
      inputs.data_ptr_byte().get(bytes);
      ByteBuffer direct = ByteBuffer.allocateDirect(count).order(ByteOrder.nativeOrder());
      direct.put(bytes).rewind();
      return OnnxTensor.createTensor(environment, direct, shape, ai.onnxruntime.OnnxJavaType.UINT8);
    }
    float[] numbers = new float[count];
    inputs.data_ptr_float().get(numbers);
    return OnnxTensor.createTensor(environment, FloatBuffer.wrap(numbers), shape);
  }

  /** The texts that stand in a file. */
  public static Map<String, String> properties(byte[] onnx) {
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(onnx)) {
      return session.getMetadata().getCustomMetadata();
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
  }

  /** The largest distance between these numbers and a tensor's, [batch, outputs]. */
  public static double distance(float[][] numbers, Tensor expected) {
    Tensor flat = expected.detach().cpu().to(ScalarType.Double).contiguous();
    double[] values = new double[(int) flat.numel()];
    flat.data_ptr_double().get(values);
    int width = numbers[0].length;
    if (values.length != numbers.length * width) {
      throw new AssertionError(numbers.length + "x" + width + ", not " + values.length);
    }
    double largest = 0;
    for (int i = 0; i < values.length; i++) {
      largest = Math.max(largest, Math.abs(values[i] - numbers[i / width][i % width]));
    }
    return largest;
  }
}
