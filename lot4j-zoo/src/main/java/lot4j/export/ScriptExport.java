package lot4j.export;

import java.nio.file.Path;
import lot4j.model.torchscript.TorchScript;
import lot4j.model.torchscript.TorchScriptExport;

/**
 * Writes a network that came as TorchScript back as TorchScript: its own program with the trained
 * weights.
 */
public final class ScriptExport {
  /** How such a file's name ends. */
  public static final String ENDING = TorchScriptExport.ENDING;

  private ScriptExport() {}

  /** Whether a network can be written so: it came as TorchScript. */
  public static boolean supports(Subject subject) {
    return subject.spec() instanceof TorchScript;
  }

  /**
   * Writes the file, then its card, each at once or not at all, over whatever was there.
   *
   * @throws IllegalArgumentException if the network did not come as TorchScript
   * @throws java.io.UncheckedIOException naming the file if it cannot be written
   */
  public static Exported write(Subject subject, Path file) {
    if (!(subject.spec() instanceof TorchScript script)) {
      throw new IllegalArgumentException(
          "model = " + subject.model() + " is not allowed; torchscript");
    }
    return ModelCard.write(
        file,
        "torchscript",
        ModelCard.of(subject),
        TorchScriptExport.body(script, subject.state().tensors()));
  }
}
