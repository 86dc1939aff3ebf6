/**
 * Graphs in ONNX, written from a network's own description: {@link lot4j.onnx.OnnxModel} is what a
 * model implements beside its {@code build}, {@link lot4j.onnx.OnnxGraph} collects nodes and
 * weights, {@link lot4j.onnx.OnnxValue} is a tensor on its way through the graph and has the
 * operators as methods.
 *
 * <p>Depends on: {@code lot4j}, the engine, and the generated classes of the format's own protocol
 * buffers.
 */
package lot4j.onnx;
