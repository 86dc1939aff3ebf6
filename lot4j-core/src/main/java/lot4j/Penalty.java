package lot4j;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * The regularizer of one teacher step.
 *
 * @param term α·Σ λᵢ·μ(t, sᵢ), shape [], differentiable in the teacher alone
 * @param imitability Σ λᵢ·μ(t, sᵢ), shape [], constant
 * @param each μ(t, sᵢ) of every student, shape [], constants
 */
public record Penalty(Tensor term, Tensor imitability, List<Tensor> each) {
  public Penalty {
    each = List.copyOf(each);
  }
}
