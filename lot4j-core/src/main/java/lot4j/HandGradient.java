package lot4j;

import static org.bytedeco.pytorch.global.torch.dot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Values whose gradient was worked out by hand. The engine's Java binding has no custom derivative,
 * so such a value is a scalar product of the variables with their gradients, which has just that
 * gradient, and whose result is replaced by the value. It can be scaled and added like any loss; it
 * has no second derivative.
 */
public final class HandGradient {
  private final List<Tensor> products = new ArrayList<>();

  /** {@code gradient}, a constant of the same shape, will flow into {@code variable}. */
  public void into(Tensor variable, Tensor gradient) {
    products.add(dot(variable.reshape(-1), gradient.reshape(-1)));
  }

  /**
   * The value with everything that was given.
   *
   * @param value shape [], a constant
   * @return the value itself if there is nothing to flow
   */
  public Tensor attachedTo(Tensor value) {
    Optional<Tensor> carrier = products.stream().reduce(Tensor::add);
    // What the products come to, perhaps not a number, does not matter.
    carrier.ifPresent(sum -> sum.data().copy_(value));
    return carrier.orElse(value);
  }
}
