package lot4j;

import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/**
 * How files of published weights fit a network. A tensor of the file goes to the network's tensor
 * of the same name and shape; this says where a file may differ from that.
 */
public interface Pretrained {
  /**
   * The last layer's parameters by the network's names. They stay as initialised where the file has
   * none or was made for another number of outputs.
   */
  Set<String> head();

  /**
   * The file's name for a tensor.
   *
   * @param own the network's name
   * @param names all names in the file
   */
  default String published(String own, Set<String> names) {
    return own;
  }

  /** Whether a tensor of the network is one that published weights need not have: an adapter. */
  default boolean added(String own) {
    return false;
  }

  /** Whether a tensor of the file is none of the weights: a table of indices, a mask. */
  default boolean ignores(String name) {
    return false;
  }

  /**
   * What makes the file's float32 values of a tensor, {@code from} in shape, those of the network's
   * shape {@code to}; empty where nothing does.
   *
   * @param own the network's name
   */
  default Optional<UnaryOperator<Tensor>> resizing(String own, long[] from, long[] to) {
    return Optional.empty();
  }

  /** A file like the network but for the last layer's parameters. */
  static Pretrained withHead(String... names) {
    Set<String> head = Set.of(names);
    return () -> head;
  }
}
