package lot4j.model.language;

import java.util.function.Supplier;
import lot4j.Distribution;
import lot4j.Output;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** What a forward pass hands to its caller; the rest of what it made is released at once. */
final class Kept {
  private Kept() {}

  /**
   * Runs {@code body} and releases all it made except its result, which goes to the caller's scope.
   * What gradients need, the engine keeps by itself.
   */
  static Output output(Supplier<Output> body) {
    PointerScope outer = PointerScope.getInnerScope();
    try (PointerScope inner = new PointerScope()) {
      Output output = body.get();
      if (output.distribution() instanceof Distribution.Projected projected) {
        hand(projected.features(), outer);
      } else {
        hand(output.logits(), outer);
      }
      output.extras().values().forEach(extra -> hand(extra, outer));
      return output;
    }
  }

  private static void hand(Tensor tensor, PointerScope outer) {
    if (outer == null) {
      tensor.retainReference();
    } else {
      outer.attach(tensor);
    }
  }
}
