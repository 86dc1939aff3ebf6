package lot4j.model.tabular;

import java.util.List;
import lot4j.Distribution.DiagonalNormal;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Output;
import lot4j.Require;
import lot4j.onnx.OnnxGraph;
import lot4j.onnx.OnnxOutput;
import lot4j.onnx.OnnxValue;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Makes a normal distribution of what a network says about numbers.
 *
 * <p>With a deviation of its own the network gives two numbers a target: the mean, and z, of which
 * the logarithm of the deviation is 5·tanh(z/5): near 0 it is z, and the deviation stays between
 * e^−5 and e^5 of the target's, whatever a network says. Else it gives the mean alone and the
 * deviation is 1. It has no parameters; the network keeps its names.
 *
 * <p>Source: D. Nix, A. Weigend, "Estimating the mean and variance of the target probability
 * distribution", 1994.
 *
 * @param network the network, whose outputs are its logits
 * @param ownDeviation whether the network says how sure it is
 */
public record NormalHead(Model network, boolean ownDeviation) implements Model {
  private static final double BOUND = 5;

  /** How many outputs a network needs for so many targets. */
  public static int outputs(int targets, boolean ownDeviation) {
    Require.atLeast("targets", targets, 1);
    return ownDeviation ? 2 * targets : targets;
  }

  @Override
  public Output forward(Tensor inputs, Memory memory) {
    Output output = network.forward(inputs, memory);
    Tensor said = output.logits();
    if (!ownDeviation) {
      return new Output(new DiagonalNormal(said, torch.zeros_like(said)), output.extras());
    }
    long targets = said.size(-1) / 2;
    Tensor bounded =
        said.narrow(-1, targets, targets).div(new Scalar(BOUND)).tanh().mul(new Scalar(BOUND));
    return new Output(new DiagonalNormal(said.narrow(-1, 0, targets), bounded), output.extras());
  }

  /**
   * The mean and the deviation of one target in its own unit, [batch, 1] each; without a deviation
   * of its own the mean alone.
   *
   * @param said what the network says, [batch, 1 or 2]
   * @param mean of the targets that were trained on
   * @param deviation of the targets that were trained on
   * @param temperature what variances are multiplied by
   */
  public static List<OnnxOutput> onnx(
      OnnxGraph graph,
      OnnxValue said,
      boolean ownDeviation,
      double mean,
      double deviation,
      double temperature) {
    OnnxValue value =
        said.columns(0, 1).times(graph.constant(deviation)).plus(graph.constant(mean));
    OnnxOutput values = new OnnxOutput("value", value, List.of(1L));
    if (!ownDeviation) {
      return List.of(values);
    }
    OnnxValue bounded = said.columns(1, 2).dividedBy(BOUND).tanh().times(graph.constant(BOUND));
    OnnxValue unit = graph.constant(deviation * Math.sqrt(temperature));
    return List.of(values, new OnnxOutput("deviation", bounded.exp().times(unit), List.of(1L)));
  }

  @Override
  public Module module() {
    return network.module();
  }

  @Override
  public boolean stochastic() {
    return network.stochastic();
  }
}
