package lot4j.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import lot4j.Adapted;
import lot4j.checkpoint.Safetensors;
import lot4j.train.Provenance;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Writes a network's weights as safetensors: parameters and buffers by the names of a PyTorch
 * {@code state_dict}, in the type they were trained in, with {@code format: pt} among the metadata,
 * which readers of that format ask for.
 */
public final class WeightsExport {
  /** How such a file's name ends. */
  public static final String ENDING = ".safetensors";

  private WeightsExport() {}

  /**
   * Writes the file, then its card, each at once or not at all, over whatever was there.
   *
   * @throws java.io.UncheckedIOException naming the file if it cannot be written
   * @throws lot4j.train.DataException if a file of the run that the card quotes is damaged
   */
  public static Exported write(Subject subject, Path file) {
    ObjectNode card = ModelCard.of(subject);
    Map<String, String> metadata =
        Map.of("format", "pt", "producer", "lot4j " + Provenance.versions().get("lot4j"));
    // Owns the merged weights until they are written.
    try (PointerScope scope = new PointerScope()) {
      Map<String, Tensor> tensors = tensors(subject);
      return ModelCard.write(
          file, "safetensors", card, out -> Safetensors.write(out, tensors, metadata));
    }
  }

  /** Adapters are worked into the matrices: other programs know the network without them. */
  private static Map<String, Tensor> tensors(Subject subject) {
    Map<String, Tensor> saved = subject.state().tensors();
    return subject.spec() instanceof Adapted adapted
        ? adapted.merged(saved, subject.run().input(), subject.run().outputs())
        : saved;
  }
}
