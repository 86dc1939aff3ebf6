/**
 * A saved network on its way out: {@link lot4j.export.WeightsExport} writes safetensors with the
 * names of a PyTorch {@code state_dict}, {@link lot4j.export.OnnxExport} a graph that ONNX Runtime
 * runs, {@link lot4j.export.ScriptExport} TorchScript what came as TorchScript. Beside each stands
 * a model card in JSON, which says what the network takes and tells, how good it is, and where it
 * comes from.
 *
 * <p>Depends on: {@code lot4j.train}, {@code lot4j.config}, {@code lot4j.checkpoint}, {@code
 * lot4j.task}, {@code lot4j.onnx}, {@code lot4j.model.torchscript} and the engine.
 */
package lot4j.export;
