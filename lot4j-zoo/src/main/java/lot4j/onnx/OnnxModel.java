package lot4j.onnx;

/** A model specification that can say its network as an ONNX graph, as it answers in eval mode. */
public interface OnnxModel {
  /**
   * Writes the nodes from the graph's input to the logits; weights go by their names in the
   * network's {@code state_dict}.
   *
   * @param graph with the network's weights; its input is [batch, …]
   * @return the logits, [batch, outputs]
   */
  OnnxValue onnx(OnnxGraph graph);
}
