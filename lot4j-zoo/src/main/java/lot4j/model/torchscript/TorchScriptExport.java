package lot4j.model.torchscript;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import lot4j.checkpoint.AtomicFile;
import lot4j.checkpoint.CheckpointException;
import lot4j.train.DataException;
import lot4j.train.ModelFiles;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;

/**
 * Writes trained weights as TorchScript: the program of the file that the network came from, with
 * the weights in the place of its own, in eval mode. {@code torch.jit.load} reads it.
 */
public final class TorchScriptExport {
  /** How such a file's name ends. */
  public static final String ENDING = ".pt";

  private TorchScriptExport() {}

  /**
   * Replaces or creates {@code file}, at once or not at all.
   *
   * @param spec the network, as the run's configuration has it
   * @param weights parameters and buffers by their names in the checkpoint
   * @throws CheckpointException if the weights are not this network's
   * @throws DataException if the file that the network came from is gone or has changed
   * @throws java.io.UncheckedIOException naming the file if it cannot be written
   */
  public static void write(TorchScript spec, Map<String, Tensor> weights, Path file) {
    AtomicFile.write(file, body(spec, weights));
  }

  /** The same for a writer of one's own; the engine's own file lies in the temporary directory. */
  public static AtomicFile.Body body(TorchScript spec, Map<String, Tensor> weights) {
    return out -> write(spec, weights, out);
  }

  private static void write(TorchScript spec, Map<String, Tensor> weights, WritableByteChannel out)
      throws IOException {
    Path written = Files.createTempFile("lot-", ENDING);
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      // Into a fresh module: a trained network's weights are views of one tensor, and the engine
      // would write that tensor whole.
      JitModule script = ScriptFile.read(spec);
      ScriptNetwork network = ScriptNetwork.of(script, spec.file());
      Map<String, Tensor> places = places(network);
      requireSame(spec.file(), places, weights);
      places.forEach((name, place) -> place.copy_(weights.get(name)));
      script.eval();
      script.save(written.toString());
      ModelFiles.transfer(written, out);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private static Map<String, Tensor> places(Module network) {
    Map<String, Tensor> places = new LinkedHashMap<>();
    for (StringTensorDict named :
        Arrays.asList(network.named_parameters(), network.named_buffers())) {
      for (long i = 0; i < named.size(); i++) {
        places.put(named.get(i).key().getString(), new Tensor(named.get(i).value()));
      }
    }
    return places;
  }

  private static void requireSame(
      Path file, Map<String, Tensor> places, Map<String, Tensor> weights) {
    Set<String> odd = new TreeSet<>(places.keySet());
    odd.addAll(weights.keySet());
    odd.removeIf(
        name ->
            places.containsKey(name)
                && weights.containsKey(name)
                && Arrays.equals(places.get(name).shape(), weights.get(name).shape()));
    if (!odd.isEmpty()) {
      throw new CheckpointException(file + ": the weights do not fit it: " + odd);
    }
  }
}
