package lot4j.onnx;

import java.util.List;

/**
 * An output of a graph.
 *
 * @param name its name there
 * @param value what it is
 * @param sizes its axes after the batch
 */
public record OnnxOutput(String name, OnnxValue value, List<Long> sizes) {
  public OnnxOutput {
    sizes = List.copyOf(sizes);
  }

  /**
   * Logits and the probabilities of one class of several, [batch, outputs] both.
   *
   * @param temperature what the logits are divided by before probabilities are made of them
   */
  public static List<OnnxOutput> classes(OnnxValue logits, int outputs, double temperature) {
    List<Long> sizes = List.of((long) outputs);
    OnnxValue scaled = temperature == 1 ? logits : logits.dividedBy(temperature);
    return List.of(
        new OnnxOutput("logits", logits, sizes),
        new OnnxOutput("probabilities", scaled.softmax(), sizes));
  }
}
