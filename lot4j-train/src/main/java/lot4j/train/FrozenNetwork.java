package lot4j.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import lot4j.Network;
import lot4j.checkpoint.Checkpoint;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.CheckpointStore;
import lot4j.config.RunConfig;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * A saved run's network that will not learn any more: in eval mode, asked without gradient. It owns
 * its tensors from {@link #load} to {@link #close}, whatever scopes open and close meanwhile.
 */
final class FrozenNetwork implements AutoCloseable {
  private final Network network;
  private final long forwardFlops;
  private final Prepared.Source source;
  private final SavedNetworks networks;
  private final PointerScope scope;

  private FrozenNetwork(
      Network network,
      long forwardFlops,
      Prepared.Source source,
      SavedNetworks networks,
      PointerScope scope) {
    this.network = network;
    this.forwardFlops = forwardFlops;
    this.source = source;
    this.networks = networks;
    this.scope = scope;
  }

  /**
   * Reads the network that {@code imitate} names.
   *
   * @param inner the data that it will be asked about
   * @param device where the network that imitates it lives
   * @throws DataException if the run is not finished, or was trained on data of another shape,
   *     other classes, another vocabulary or another normalisation
   * @throws CheckpointException if there is no such run, checkpoint or learner
   */
  static FrozenNetwork load(Imitate imitate, Prepared<?> inner, String device, RunSession session) {
    Path directory = Path.of(imitate.run());
    if (!Files.isDirectory(directory)) {
      throw new CheckpointException(directory + ": no such run or checkpoint (imitate.run)");
    }
    Path run = RunSession.runOf(directory);
    RunFiles files = RunFiles.read(run);
    if (RunSession.isRun(directory) && !files.status().equals(RunStatus.DONE.key())) {
      throw new DataException(
          run + ": the run is not finished, its status is " + files.status() + " (imitate.run)");
    }
    requireFit(run, files, inner);
    Checkpoint checkpoint =
        RunSession.isRun(directory)
            ? CheckpointStore.find(run, warning -> {})
                .orElseThrow(() -> new CheckpointException(run + ": no checkpoint yet"))
            : Checkpoint.open(directory);
    if (!checkpoint.learners().contains(imitate.learner())) {
      throw new CheckpointException(
          checkpoint.path()
              + ": imitate.learner = "
              + imitate.learner()
              + " is not there; one of "
              + checkpoint.learners());
    }
    RunConfig config = session.config(run).withDevice(device);
    // Left open: it is closed once here, which only leaves it, and again by close(), which frees.
    PointerScope scope = new PointerScope().extend();
    try (NoGradGuard constant = new NoGradGuard()) {
      SavedNetworks networks =
          new SavedNetworks(run, config, session.method(config), files, checkpoint);
      Network network = inner.answering(networks.run().networks().get(imitate.learner()));
      return new FrozenNetwork(
          network,
          inner.census(config.learner(imitate.learner())).forwardFlops(),
          new Prepared.Source(
              checkpoint.path().resolve(imitate.learner() + ".safetensors").toString(),
              checkpoint.bytes(imitate.learner()),
              checkpoint.sha256(imitate.learner())),
          networks,
          scope);
    } catch (RuntimeException e) { // whatever it is: the scope has no owner yet
      scope.close();
      throw e;
    } finally {
      scope.close();
    }
  }

  /**
   * What lies beside the weights that {@code imitate} names, of the data's companions those that
   * are there: {@link #load} tells what is missing.
   */
  static Map<String, byte[]> companions(Imitate imitate, Prepared<?> data) {
    Path directory = Path.of(imitate.run());
    Map<String, byte[]> companions = new LinkedHashMap<>();
    if (Files.isDirectory(directory)) {
      Path run = RunSession.runOf(directory);
      for (String name : data.companions().keySet()) {
        if (Files.isRegularFile(run.resolve(name))) {
          companions.put(name, companion(run.resolve(name)));
        }
      }
    }
    return companions;
  }

  /** The network; call it without gradients. */
  Network network() {
    return network;
  }

  /** FLOPs of its answer to one sample. */
  long forwardFlops() {
    return forwardFlops;
  }

  /** The file that its weights were read from. */
  Prepared.Source source() {
    return source;
  }

  @Override
  public void close() {
    networks.close();
    scope.close();
  }

  /** The network must read its inputs, and number its classes or words, as it learned to. */
  private static void requireFit(Path run, RunFiles files, Prepared<?> inner) {
    if (!files.input().equals(inner.input()) || files.outputs() != inner.outputs()) {
      throw new DataException(
          run
              + ": its network takes "
              + files.input()
              + " and has "
              + files.outputs()
              + " outputs, "
              + inner.dataName()
              + " has "
              + inner.input()
              + " and "
              + inner.outputs()
              + " (imitate.run)");
    }
    inner
        .companions()
        .forEach(
            (name, bytes) -> {
              if (!Arrays.equals(bytes, companion(run.resolve(name)))) {
                throw new DataException(
                    run.resolve(name)
                        + ": not the same as of "
                        + inner.dataName()
                        + " here; classes or vocabulary, columns, and task.normalize, have to be"
                        + " those that the imitated network learned with (imitate.run)");
              }
            });
  }

  private static byte[] companion(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new DataException(file + ": no such file", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }
}
