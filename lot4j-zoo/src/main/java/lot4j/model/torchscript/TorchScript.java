package lot4j.model.torchscript;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.Census;
import lot4j.Model;
import lot4j.Require;
import lot4j.Shape;
import lot4j.config.WhenAbsent;
import lot4j.train.DataException;
import lot4j.train.FileModel;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * A network from a TorchScript file, what PyTorch's {@code torch.jit.save} writes. Its {@code
 * forward} takes the inputs, [batch, …] or [time, batch] of tokens, and gives the logits, [batch,
 * outputs] or [time, batch, outputs]; or it takes a list of tensors too, what it carried from the
 * batch before, empty at first, and gives the logits and the list to carry on.
 *
 * <p>Every learner reads the file for itself, so teacher and students from one file share nothing.
 * They begin with the file's weights, all alike, unless {@code reinit} draws new ones.
 *
 * @param file the TorchScript file; a program, so from a trusted source only
 * @param reinit whether to draw new weights in place of the file's, from the run's seed
 * @param forwardMacs multiply-accumulates of one sample forward; counted from the file where it is
 *     not given
 * @param sha256 SHA-256 that the file must have, lower-case hex; a run writes it down by itself
 */
public record TorchScript(
    Path file,
    boolean reinit,
    @WhenAbsent("auto") Optional<Long> forwardMacs,
    Optional<String> sha256)
    implements FileModel {
  private static final int DIGEST_LENGTH = 64;

  /** Checks the numbers. */
  public TorchScript {
    forwardMacs.ifPresent(macs -> Require.atLeast("forwardMacs", macs, 0L));
    sha256.ifPresent(
        hex ->
            Require.that(
                hex.matches("[0-9a-f]{" + DIGEST_LENGTH + "}"),
                "sha256",
                hex,
                DIGEST_LENGTH + " digits of 0-9 and a-f"));
  }

  /** The network of a file, with the file's weights. */
  public static TorchScript of(Path file) {
    return new TorchScript(file, false, Optional.empty(), Optional.empty());
  }

  @Override
  public TorchScript pinned(Path other, String digest) {
    return new TorchScript(other, reinit, forwardMacs, Optional.of(digest));
  }

  /**
   * Reads the file and asks the network once, for two samples of zeros.
   *
   * @throws DataException naming the file, if it is none, has nothing to train, or gives another
   *     shape than is needed
   */
  @Override
  public Model build(Shape input, int outputs) {
    ScriptNetwork network = ScriptNetwork.of(ScriptFile.read(this), file);
    try (PointerScope scope = new PointerScope()) {
      network.requireFit(input, outputs);
    }
    if (reinit) {
      Redraw.weights(network.script(), file);
    }
    return network;
  }

  /**
   * Counted by running the file's own graph on one sample. It is the one network that has to be
   * read to be counted.
   *
   * @throws DataException as {@link #build}; or if a step of the graph cannot be counted and {@code
   *     forwardMacs} is not given
   */
  @Override
  public Census census(Shape input, int outputs) {
    try (PointerScope scope = new PointerScope()) {
      ScriptNetwork network = ScriptNetwork.of(ScriptFile.read(this), file);
      network.requireFit(input, outputs);
      long macs = forwardMacs.orElseGet(() -> network.macs(input));
      return new Census(trainable(network), macs);
    }
  }

  /** Trainable numbers, a tensor with two names counted once. */
  private static long trainable(ScriptNetwork network) {
    List<Tensor> seen = new ArrayList<>();
    long count = 0;
    for (Tensor parameter : network.parameterTensors()) {
      if (parameter.requires_grad() && seen.stream().noneMatch(parameter::is_same)) {
        seen.add(parameter);
        count += parameter.numel();
      }
    }
    return count;
  }
}
