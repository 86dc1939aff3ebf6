package lot4j.optim;

import static org.bytedeco.pytorch.global.torch.zeros;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Require;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.StringTensorDictItem;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A network's trainable parameters as views of one flat tensor, their gradients as views of
 * another. Zeroing, clipping and every optimizer step are then a few operations, whatever the
 * number of parameters.
 *
 * <p>Each parameter begins at a multiple of 64 bytes, as if allocated alone; the gaps are zeros, in
 * the gradient too, and stay so. A tensor registered under two names is laid out once. Frozen
 * parameters (without {@code requires_grad}) stay where they are. Parameters keep their strides, so
 * a channels-last network stays one.
 *
 * <p>Make it last: the module must have its final type and device. Afterwards {@code module.to},
 * {@code module.zero_grad} or an engine optimizer would cut the views loose. The engine cannot
 * notice weights that change between a forward and its backward here; a {@code Lot} never does so.
 *
 * <p>Owns its tensors and handles; {@link #close} releases them, the module stays usable.
 */
public final class Weights implements AutoCloseable {
  private static final long ALIGNMENT = 64;

  private final Tensor values;
  private final Tensor gradients;
  private final Map<String, Tensor> parameters;
  private final Map<String, Tensor> buffers;
  private final long count;

  private Weights(
      Tensor values,
      Tensor gradients,
      Map<String, Tensor> parameters,
      Map<String, Tensor> buffers,
      long count) {
    this.values = values;
    this.gradients = gradients;
    this.parameters = parameters;
    this.buffers = buffers;
    this.count = count;
  }

  /**
   * Moves the module's trainable parameters into one tensor; the module goes on using them.
   *
   * @throws IllegalArgumentException if nothing is trainable, or if the parameters differ in type
   *     or device or are neither float32 nor float64
   */
  public static Weights of(Module module) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Map<String, Tensor> parameters = handles(module.named_parameters());
      Map<String, Tensor> buffers = handles(module.named_buffers());
      List<Tensor> trainable = distinctTrainable(parameters);
      Require.that(!trainable.isEmpty(), "model", "0 trainable parameters", "at least one");
      Tensor first = trainable.get(0);
      checkUniform(parameters, first);

      long stride = ALIGNMENT / first.itemsize();
      long[] offsets = new long[trainable.size()];
      long length = 0;
      long count = 0;
      for (int i = 0; i < offsets.length; i++) {
        offsets[i] = length;
        long size = trainable.get(i).numel();
        count += size;
        length += (size + stride - 1) / stride * stride;
      }

      TensorOptions options =
          new TensorOptions(first.scalar_type()).device(new DeviceOptional(first.device()));
      Tensor values = zeros(new long[] {length}, options);
      Tensor gradients = zeros(new long[] {length}, options);
      for (int i = 0; i < offsets.length; i++) {
        adopt(trainable.get(i), values, gradients, offsets[i]);
      }
      retain(parameters);
      retain(buffers);
      values.retainReference();
      gradients.retainReference();
      return new Weights(values, gradients, parameters, buffers, count);
    }
  }

  private static Map<String, Tensor> handles(StringTensorDict named) {
    Map<String, Tensor> handles = new LinkedHashMap<>();
    for (long i = 0; i < named.size(); i++) {
      StringTensorDictItem item = named.get(i);
      handles.put(item.key().getString(), new Tensor(item.value()));
    }
    return handles;
  }

  private static List<Tensor> distinctTrainable(Map<String, Tensor> parameters) {
    List<Tensor> trainable = new ArrayList<>();
    for (Tensor parameter : parameters.values()) {
      if (parameter.requires_grad() && trainable.stream().noneMatch(parameter::is_same)) {
        trainable.add(parameter);
      }
    }
    return trainable;
  }

  private static void checkUniform(Map<String, Tensor> parameters, Tensor first) {
    ScalarType type = first.scalar_type().intern();
    parameters.forEach(
        (name, parameter) -> {
          ScalarType own = parameter.scalar_type().intern();
          if (!parameter.requires_grad()) {
            return;
          }
          if (own != type || (own != ScalarType.Float && own != ScalarType.Double)) {
            throw new IllegalArgumentException(
                name + " = " + own + " is not allowed; float32 or float64, one type for all");
          }
          if (!parameter.device().equals(first.device())) {
            throw new IllegalArgumentException(
                name
                    + " = "
                    + parameter.device().str().getString()
                    + " is not allowed; one device for all");
          }
        });
  }

  /** Makes the parameter and its gradient views at {@code offset}, its value unchanged. */
  private static void adopt(Tensor parameter, Tensor values, Tensor gradients, long offset) {
    Tensor value = view(parameter, values, offset);
    value.copy_(parameter);
    Tensor gradient = view(parameter, gradients, offset);
    if (parameter.grad().defined()) {
      gradient.copy_(parameter.grad());
    }
    parameter.set_data(value);
    parameter.mutable_grad().put(gradient);
  }

  private static Tensor view(Tensor parameter, Tensor flat, long offset) {
    if (!parameter.is_non_overlapping_and_dense()) {
      return flat.narrow(0, offset, parameter.numel()).view(parameter.sizes());
    }
    return flat.as_strided(parameter.sizes(), parameter.strides(), new LongOptional(offset));
  }

  private static void retain(Map<String, Tensor> tensors) {
    tensors.values().forEach(Tensor::retainReference);
  }

  /** Every trainable number, gaps included; owned by this object. */
  public Tensor values() {
    return values;
  }

  /** The gathered gradient, laid out as {@link #values}; owned by this object. */
  public Tensor gradients() {
    return gradients;
  }

  /** Sets the gradient to zero. */
  public void zeroGrad() {
    gradients.zero_();
  }

  /**
   * All parameters by their PyTorch names, frozen ones and second names of tied ones included;
   * owned by this object. Writing to one under a {@link NoGradGuard} changes the network.
   */
  public Map<String, Tensor> parameters() {
    return Collections.unmodifiableMap(parameters);
  }

  /** All buffers (running statistics) by their PyTorch names; owned by this object. */
  public Map<String, Tensor> buffers() {
    return Collections.unmodifiableMap(buffers);
  }

  /** The parameter of that name. */
  public Optional<Tensor> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /** Number of trainable numbers, tied ones counted once, gaps not counted. */
  public long count() {
    return count;
  }

  @Override
  public void close() {
    parameters.values().forEach(Tensor::close);
    buffers.values().forEach(Tensor::close);
    values.close();
    gradients.close();
  }
}
