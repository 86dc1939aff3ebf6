package lot4j.onnx;

import java.nio.file.Path;
import java.util.List;

/**
 * A kind of task whose networks are more than their model: something stands in front of it, such as
 * learned vectors for categories, or what comes out is no logits of classes. Other tasks need not
 * implement it.
 */
public interface OnnxTask {
  /**
   * Writes a whole network. {@link OnnxGraph#begin(OnnxValue, String)} says where the model begins
   * and what stands before its weights' names.
   *
   * @param model the network behind
   * @param run the run's directory, where the companions of its weights lie
   * @param outputs as the run recorded them
   * @param temperature what logits are divided by before probabilities are made of them, or
   *     variances of numbers are multiplied by
   * @return the graph's outputs in order
   */
  List<OnnxOutput> onnx(
      OnnxGraph graph, OnnxModel model, Path run, int outputs, double temperature);
}
