package lot4j.task;

import static org.bytedeco.pytorch.global.torch.stack;
import static org.bytedeco.pytorch.global.torch.zeros_like;

import lot4j.Distribution;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Network;
import lot4j.Output;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * A network whose every output is a question by itself: its answers z [batch, labels] become the
 * logits (0, z) of no and yes, [batch, labels, 2]. Their softmax is (1 − σ(z), σ(z)), so a measure
 * of imitability is the mean over all labels of its value for Bernoulli distributions, and the
 * cross-entropy is the binary one.
 *
 * @param inner the network as it was built
 */
record LabelWise(Model inner) implements Model {
  @Override
  public Output forward(Tensor inputs, Memory memory) {
    return of(inner.forward(inputs, memory));
  }

  /** The same for a network that is only asked. */
  static Network of(Network network) {
    return (inputs, memory) -> of(network.forward(inputs, memory));
  }

  private static Output of(Output answers) {
    Tensor yes = answers.logits();
    TensorVector both = new TensorVector();
    both.push_back(zeros_like(yes));
    both.push_back(yes);
    return new Output(new Distribution.Categorical(stack(both, -1)), answers.extras());
  }

  @Override
  public Module module() {
    return inner.module();
  }

  @Override
  public boolean stochastic() {
    return inner.stochastic();
  }
}
