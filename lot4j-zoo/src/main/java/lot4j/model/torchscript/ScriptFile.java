package lot4j.model.torchscript;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import lot4j.train.DataException;
import lot4j.train.ModelFiles;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.global.torch;

/** Reads TorchScript files and says in one line what is wrong with one. */
final class ScriptFile {
  private static final String HOW = "; write it with torch.jit.save(torch.jit.script(model), file)";

  private ScriptFile() {}

  /**
   * The module of a file, on the CPU.
   *
   * @throws DataException naming the file, if there is none or it is not TorchScript
   */
  static JitModule read(TorchScript spec) {
    ModelFiles.digest(spec);
    requireScript(spec.file());
    try {
      return torch.load(spec.file().toString(), new DeviceOptional(new Device("cpu")), false);
    } catch (RuntimeException e) { // all that the engine throws
      throw new DataException(spec.file() + ": cannot be read: " + reason(e), e);
    }
  }

  private static void requireScript(Path file) {
    List<String> names;
    try (ZipFile zip = new ZipFile(file.toFile())) {
      names = zip.stream().map(ZipEntry::getName).toList();
    } catch (IOException e) {
      throw new DataException(file + ": not a TorchScript file, or a damaged one" + HOW, e);
    }
    if (names.stream().anyMatch(name -> name.matches("[^/]+/constants\\.pkl"))) {
      return;
    }
    boolean pickled = names.stream().anyMatch(name -> name.matches("[^/]+/data\\.pkl"));
    throw new DataException(
        file + ": " + (pickled ? "weights without code" : "not a TorchScript file") + HOW);
  }

  /** The line of an engine's message that says what happened. */
  static String reason(RuntimeException e) {
    String message = String.valueOf(e.getMessage()).strip();
    int native_ = message.indexOf("\nException raised from");
    String own = (native_ < 0 ? message : message.substring(0, native_)).strip();
    List<String> lines = own.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    String first = lines.isEmpty() ? e.getClass().getSimpleName() : lines.get(0);
    // An error inside a script ends with what the operation itself said.
    return lines.stream()
        .filter(line -> line.startsWith("RuntimeError: "))
        .reduce((a, b) -> b)
        .map(line -> line.substring("RuntimeError: ".length()))
        .orElse(first);
  }
}
