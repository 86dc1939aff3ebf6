package lot4j.model.torchscript;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Output;
import lot4j.Shape;
import lot4j.train.DataException;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NamedTensor;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SingletonTypePtr;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.named_buffer_iterator;
import org.bytedeco.pytorch.named_parameter_iterator;

/**
 * A script as a model: the engine's module tree holds the script's own tensors under the script's
 * own names, so that weights, checkpoints and devices work on them as on any network's.
 *
 * <p>The script is interpreted as it stands, without the engine's profiling optimizer: that one
 * computes the first batches in another way than the later ones, and a resumed run would differ.
 */
final class ScriptNetwork extends Module implements Model {
  private final Path file;
  private final JitModule script;
  private final Map<String, Tensor> parameters;
  private final List<Buffer> buffers;
  private final boolean carries;
  private boolean training = true;

  /**
   * A buffer: the tensor that checkpoints know, and where the script keeps it.
   *
   * @param held the tensor
   * @param value the same, as the script takes it
   */
  private record Buffer(JitModule owner, String name, Tensor held, IValue value) {}

  private ScriptNetwork(
      Path file, JitModule script, Map<String, Tensor> parameters, Map<String, Tensor> named) {
    super("TorchScript");
    this.file = file;
    this.script = script;
    this.parameters = parameters;
    this.buffers = new ArrayList<>();
    this.carries = script.get_method("forward").num_inputs() > 2; // itself, inputs, carried
    script.train(true);
    Map<String, Module> modules = new LinkedHashMap<>();
    modules.put("", this);
    parameters.forEach(
        (name, tensor) ->
            at(modules, parent(name))
                .register_parameter(last(name), tensor, tensor.requires_grad()));
    named.forEach(
        (name, tensor) -> {
          at(modules, parent(name)).register_buffer(last(name), tensor);
          buffers.add(new Buffer(owner(script, name), last(name), tensor, new IValue(tensor)));
        });
  }

  /**
   * A script with its names.
   *
   * @throws DataException naming the file, if it cannot be trained or kept
   */
  static ScriptNetwork of(JitModule script, Path file) {
    if (!script.find_method("forward").has_value()) {
      throw new DataException(file + ": it has no method forward");
    }
    Map<String, Tensor> parameters = parameters(script);
    Map<String, Tensor> buffers = buffers(script);
    requireTrainable(parameters, file);
    List<Tensor> all = new ArrayList<>(parameters.values());
    all.addAll(buffers.values());
    for (Tensor tensor : all) {
      ScalarType type = tensor.scalar_type().intern();
      if (tensor.is_floating_point() && type != ScalarType.Float) {
        throw new DataException(
            file + ": its numbers are " + type + "; save it in float32, model.float()");
      }
    }
    long inputs = script.get_method("forward").num_inputs() - 1;
    if (inputs < 1 || inputs > 2) {
      throw new DataException(
          file + ": forward takes " + inputs + " arguments; the inputs, or inputs and a list");
    }
    ScriptGraph.of(script).requireKept(buffers.keySet(), file);
    return new ScriptNetwork(file, script, parameters, buffers);
  }

  private static void requireTrainable(Map<String, Tensor> parameters, Path file) {
    if (parameters.isEmpty()) {
      throw new DataException(
          file + ": it has no parameters; a frozen script (torch.jit.freeze) cannot be trained");
    }
    if (parameters.values().stream().noneMatch(Tensor::requires_grad)) {
      throw new DataException(file + ": none of its parameters is trainable; set requires_grad");
    }
  }

  private static Map<String, Tensor> parameters(JitModule script) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    named_parameter_iterator end = script.named_parameters().end();
    for (named_parameter_iterator it = script.named_parameters().begin();
        it.notEquals(end);
        it.increment()) {
      add(named, it.multiply());
    }
    return named;
  }

  private static Map<String, Tensor> buffers(JitModule script) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    named_buffer_iterator end = script.named_buffers().end();
    for (named_buffer_iterator it = script.named_buffers().begin();
        it.notEquals(end);
        it.increment()) {
      add(named, it.multiply());
    }
    return named;
  }

  private static void add(Map<String, Tensor> named, NamedTensor item) {
    named.put(item.name().getString(), new Tensor(item.value()));
  }

  /** The module of that path in our tree, made where it is not there yet. */
  private static Module at(Map<String, Module> modules, String path) {
    Module known = modules.get(path);
    if (known == null) {
      known = new Module(last(path));
      modules.put(path, known);
      at(modules, parent(path)).register_module(last(path), known);
    }
    return known;
  }

  /** The part of the script that has the tensor of that name. */
  private static JitModule owner(JitModule root, String name) {
    JitModule at = root;
    String path = parent(name);
    for (String part : path.isEmpty() ? new String[0] : path.split("\\.")) {
      at = new JitModule(at.attr(part).toObject());
    }
    return at;
  }

  private static String parent(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(0, dot);
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  JitModule script() {
    return script;
  }

  Iterable<Tensor> parameterTensors() {
    return parameters.values();
  }

  /** Multiply-accumulates of one sample forward, of one token for texts. */
  long macs(Shape input) {
    train(false);
    long samples = input.tokens() ? input.count() : 1;
    return ScriptGraph.of(script).macs(arguments(sample(input, 1), new Memory()), file) / samples;
  }

  /** Asks for two samples of zeros. */
  void requireFit(Shape input, int outputs) {
    Tensor sample = sample(input, 2);
    boolean before = is_training();
    train(false);
    Tensor logits;
    try (NoGradGuard constant = new NoGradGuard();
        Memory memory = new Memory()) {
      logits = forward(sample, memory).logits();
    } catch (RuntimeException e) { // all that the engine throws
      throw e instanceof DataException
          ? e
          : new DataException(
              file
                  + ": forward does not take inputs of shape "
                  + Arrays.toString(sample.shape())
                  + ": "
                  + ScriptFile.reason(e),
              e);
    } finally {
      train(before);
    }
    long[] expected =
        input.tokens() ? new long[] {input.count(), 2, outputs} : new long[] {2, outputs};
    if (!Arrays.equals(logits.shape(), expected) || !logits.is_floating_point()) {
      throw new DataException(
          file
              + ": for inputs of shape "
              + Arrays.toString(sample.shape())
              + " it gives "
              + (logits.is_floating_point() ? "" : "whole numbers, ")
              + Arrays.toString(logits.shape())
              + "; needed are logits of shape "
              + Arrays.toString(expected));
    }
  }

  /** Zeros: [samples, …], or [time, samples] of tokens. */
  private static Tensor sample(Shape input, long samples) {
    if (input.tokens()) {
      return torch.zeros(new long[] {input.count(), samples}, new TensorOptions(ScalarType.Long));
    }
    long[] sizes = new long[input.rank() + 1];
    sizes[0] = samples;
    for (int axis = 0; axis < input.rank(); axis++) {
      sizes[axis + 1] = input.size(axis);
    }
    return torch.zeros(sizes, new TensorOptions(ScalarType.Float));
  }

  @Override
  public Output forward(Tensor inputs, Memory memory) {
    if (training != is_training()) {
      training = is_training();
      script.train(training);
    }
    boolean optimized = torch.getGraphExecutorOptimize();
    torch.setGraphExecutorOptimize(false);
    IValue answer;
    try {
      answer = script.forward(arguments(inputs, memory));
    } finally {
      torch.setGraphExecutorOptimize(optimized);
    }
    holdBuffers();
    return Output.logits(carries ? carried(answer, memory) : tensor(answer));
  }

  private IValueVector arguments(Tensor inputs, Memory memory) {
    IValueVector arguments = new IValueVector(new IValue(inputs));
    if (carries) {
      GenericList state = new GenericList(new Type.TypePtr(new SingletonTypePtr(TensorType.get())));
      memory.read().forEach(tensor -> state.push_back(new IValue(tensor)));
      arguments.push_back(new IValue(state));
    }
    return arguments;
  }

  private Tensor tensor(IValue answer) {
    if (!answer.isTensor()) {
      throw new DataException(file + ": forward does not give a tensor; the logits alone");
    }
    return new Tensor(answer.toTensor());
  }

  private Tensor carried(IValue answer, Memory memory) {
    boolean pair =
        answer.isTuple()
            && answer.toTuple().size() == 2
            && answer.toTuple().elements().get(1).isTensorList();
    if (!pair) {
      throw new DataException(
          file + ": forward takes a list but does not give (logits, a list of tensors)");
    }
    TensorVector state = answer.toTuple().elements().get(1).toTensorVector();
    List<Tensor> next = new ArrayList<>();
    for (long i = 0; i < state.size(); i++) {
      next.add(new Tensor(state.get(i)));
    }
    memory.write(next);
    return tensor(answer.toTuple().elements().get(0));
  }

  /**
   * A script may put another tensor in a buffer's place, as older PyTorch's batch norm does when it
   * counts batches; its value then goes into the tensor that checkpoints know.
   */
  private void holdBuffers() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      for (Buffer buffer : buffers) {
        Tensor now = buffer.owner().attr(buffer.name()).toTensor();
        if (!now.is_same(buffer.held())) {
          if (!Arrays.equals(now.shape(), buffer.held().shape())) {
            throw new DataException(
                file + ": forward changes the shape of buffer " + buffer.name());
          }
          // Through data(): a graph that saved the buffer must not take it for changed.
          buffer.held().data().copy_(now.detach());
          buffer.owner().setattr(buffer.name(), buffer.value());
        }
      }
    }
  }

  /** Moves what the script holds beside parameters and buffers too. */
  @Override
  public void to(Device device, boolean nonBlocking) {
    super.to(device, nonBlocking);
    script.to(device, nonBlocking);
  }

  @Override
  public Module module() {
    return this;
  }
}
