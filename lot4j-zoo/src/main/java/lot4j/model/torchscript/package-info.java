/**
 * Networks that come as a TorchScript file, written by PyTorch: {@link
 * lot4j.model.torchscript.TorchScript} names the file and builds the network, {@link
 * lot4j.model.torchscript.TorchScriptExport} writes trained weights back into such a file.
 *
 * <p>A TorchScript file is a program. Reading one from a stranger is running a stranger's program;
 * nothing here protects from that.
 *
 * <p>Depends on: {@code lot4j}, {@code lot4j.train}, {@code lot4j.checkpoint}, {@code lot4j.config}
 * and the engine.
 */
package lot4j.model.torchscript;
