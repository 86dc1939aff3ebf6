package lot4j.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import lot4j.checkpoint.Safetensors;
import lot4j.train.Provenance;

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
    return ModelCard.write(
        file,
        "safetensors",
        card,
        out -> Safetensors.write(out, subject.state().tensors(), metadata));
  }
}
