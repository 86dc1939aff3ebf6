package lot4j.model.torchscript;

import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolType;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.SingletonTypePtr;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;

/** TorchScript files made by the engine itself, as PyTorch would write them. */
public final class Scripts {
  private final CompilationUnit unit = new CompilationUnit();

  private Scripts() {}

  /** A module like those that {@code torch.jit.script} makes, in train mode. */
  private JitModule module(String type) {
    JitModule module = new JitModule(new QualifiedName("__torch__." + type), unit, true);
    module.register_attribute(
        "training",
        new Type.TypePtr(new SingletonTypePtr(BoolType.get())),
        new IValue(true),
        false,
        false);
    return module;
  }

  private JitModule linear(long in, long out) {
    JitModule linear = module("torch.nn.modules.linear.Linear");
    double bound = 1 / Math.sqrt(in);
    linear.register_parameter("weight", uniform(bound, out, in), false);
    linear.register_parameter("bias", uniform(bound, out), false);
    linear.define("def forward(self, x):\n  return torch.linear(x, self.weight, self.bias)\n");
    return linear;
  }

  private static Tensor uniform(double bound, long... sizes) {
    Tensor made = torch.empty(sizes);
    torch.uniform_(made, -bound, bound);
    return made.set_requires_grad(true);
  }

  /** One hidden layer over flattened inputs, the names of the built-in {@code mlp}. */
  public static Path mlp(Path file, long inputs, long hidden, long outputs) {
    return perceptron(
        file, inputs, hidden, outputs, "torch.relu(self.fc1.forward(torch.flatten(x, 1)))");
  }

  /** The same with dropout between the layers. */
  public static Path dropping(Path file, long inputs, long hidden, long outputs) {
    return perceptron(
        file,
        inputs,
        hidden,
        outputs,
        "torch.dropout(torch.relu(self.fc1.forward(torch.flatten(x, 1))), 0.5, self.training)");
  }

  private static Path perceptron(Path file, long in, long hidden, long out, String inner) {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(3);
      Scripts scripts = new Scripts();
      JitModule net = scripts.module("Mlp");
      net.register_module("fc1", scripts.linear(in, hidden));
      net.register_module("fc2", scripts.linear(hidden, out));
      net.define("def forward(self, x):\n  return self.fc2.forward(" + inner + ")\n");
      net.save(file.toString());
      return file;
    }
  }

  /**
   * A convolution with batch norm and a linear layer. Batches are counted by putting a new tensor
   * in the buffer's place, as PyTorch did up to 1.12.
   */
  public static Path cnn(Path file, long channels, long side, long outputs) {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(4);
      Scripts scripts = new Scripts();
      JitModule net = scripts.module("Cnn");
      JitModule conv = scripts.module("torch.nn.modules.conv.Conv2d");
      conv.register_parameter("weight", uniform(1.0 / 3, 4, channels, 3, 3), false);
      conv.define(
          "def forward(self, x):\n  return torch.conv2d(x, self.weight, None, [1, 1], [1, 1])\n");
      net.register_module("conv1", conv);
      JitModule norm = scripts.module("torch.nn.modules.batchnorm.BatchNorm2d");
      norm.register_parameter("weight", torch.ones(4).set_requires_grad(true), false);
      norm.register_parameter("bias", torch.zeros(4).set_requires_grad(true), false);
      norm.register_buffer("running_mean", torch.zeros(4));
      norm.register_buffer("running_var", torch.ones(4));
      norm.register_buffer("num_batches_tracked", torch.zeros(new long[] {}).to(LONG));
      norm.define(
          """
          def forward(self, x):
            if self.training:
              self.num_batches_tracked = self.num_batches_tracked + 1
            return torch.batch_norm(x, self.weight, self.bias, self.running_mean, self.running_var, self.training, 0.1, 1e-5, True)
          """);
      net.register_module("bn1", norm);
      net.register_module("fc", scripts.linear(4 * side * side, outputs));
      net.define(
          """
          def forward(self, x):
            return self.fc.forward(torch.flatten(torch.relu(self.bn1.forward(self.conv1.forward(x))), 1))
          """);
      net.save(file.toString());
      return file;
    }
  }

  /** A network over two numbers whose forward is {@code body}; it has one matrix, {@code w}. */
  public static Path one(Path file, String body) {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(5);
      JitModule net = new Scripts().module("One");
      net.register_parameter("w", uniform(1, 2, 3), false);
      net.register_attribute(
          "calls", new Type.TypePtr(new SingletonTypePtr(BoolType.get())), new IValue(false));
      net.define(body);
      net.save(file.toString());
      return file;
    }
  }

  /** An Elman network over tokens that carries its state from batch to batch. */
  public static Path recurrent(Path file, long words, long hidden) {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(6);
      Scripts scripts = new Scripts();
      JitModule net = scripts.module("Elman");
      net.register_parameter("embedding", uniform(1, words, hidden), false);
      net.register_module("inner", scripts.linear(hidden, hidden));
      net.register_module("decoder", scripts.linear(hidden, words));
      net.define(
          """
          def forward(self, x, state: List[Tensor]):
            h = torch.zeros([x.size(1), self.embedding.size(1)])
            if len(state) > 0:
              h = state[0]
            out: List[Tensor] = []
            for t in range(x.size(0)):
              h = torch.tanh(torch.embedding(self.embedding, x[t]) + self.inner.forward(h))
              out.append(h)
            return self.decoder.forward(torch.stack(out)), [h]
          """);
      net.save(file.toString());
      return file;
    }
  }

  private static final torch.ScalarType LONG = torch.ScalarType.Long;
}
