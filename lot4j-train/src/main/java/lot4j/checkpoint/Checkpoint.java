package lot4j.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.pytorch.Tensor;

/** One whole, verified checkpoint. Nothing is kept open. */
public final class Checkpoint {
  private static final String WEIGHTS = ".safetensors";

  private final Path path;
  private final Manifest manifest;
  private final State.Reader state;

  private Checkpoint(Path path, Manifest manifest, State.Reader state) {
    this.path = path;
    this.manifest = manifest;
    this.state = state;
  }

  /**
   * Opens a checkpoint's directory, comparing every byte with the manifest's checksums.
   *
   * @throws CheckpointException naming the directory, with what is missing or damaged
   */
  public static Checkpoint open(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new CheckpointException(directory + ": no such checkpoint");
    }
    try {
      Manifest manifest = Manifest.read(directory);
      manifest.verify(directory);
      for (String needed : List.of(State.SCALARS, State.TENSORS)) {
        if (!manifest.files().containsKey(needed)) {
          throw new CheckpointException(needed + " is not in its manifest");
        }
      }
      return new Checkpoint(directory, manifest, State.read(directory));
    } catch (CheckpointException e) {
      String message = e.getMessage();
      throw message.startsWith(directory.toString())
          ? e
          : new CheckpointException(directory + ": " + message, e);
    }
  }

  /** Its directory. */
  public Path path() {
    return path;
  }

  /** Teacher steps done. */
  public long step() {
    return manifest.step();
  }

  /** The learners whose weights are here: {@code teacher}, {@code student0}, …, sorted. */
  public Set<String> learners() {
    Set<String> stems = new TreeSet<>();
    for (String name : manifest.files().keySet()) {
      if (name.endsWith(WEIGHTS) && !name.equals(State.TENSORS)) {
        stems.add(name.substring(0, name.length() - WEIGHTS.length()));
      }
    }
    return stems;
  }

  /**
   * The weights and buffers of a learner.
   *
   * @throws CheckpointException naming the checkpoint if there is no such learner
   */
  public Safetensors learner(String stem) {
    String name = stem + WEIGHTS;
    if (!learners().contains(stem)) {
      throw new CheckpointException(path + ": no " + name);
    }
    return Safetensors.open(path.resolve(name));
  }

  /** Size of a learner's file. */
  public long bytes(String stem) {
    return manifest.files().get(stem + WEIGHTS).bytes();
  }

  /** SHA-256 of a learner's file, lower-case hex. */
  public String sha256(String stem) {
    return manifest.files().get(stem + WEIGHTS).sha256();
  }

  /**
   * Copies a learner's weights and buffers into existing tensors, parameters that require gradients
   * and views of a common buffer included.
   *
   * @param into every name of the file and no other, with tensors of the same shapes and types
   * @throws CheckpointException naming the file and the tensor that is missing, superfluous or of
   *     another shape or type; then nothing has been copied
   */
  public void restoreLearner(String stem, Map<String, Tensor> into) {
    Safetensors weights = learner(stem);
    weights.requireFit(into);
    into.forEach(weights::read);
  }

  /** Everything but the weights and buffers. */
  public StateReader state() {
    return state;
  }
}
