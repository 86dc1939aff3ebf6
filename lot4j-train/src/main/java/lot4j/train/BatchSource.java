package lot4j.train;

import java.util.List;
import lot4j.checkpoint.Stateful;

/**
 * An endless, resumable stream of batches. Its order depends on its own random streams alone and is
 * saved with its position.
 */
public interface BatchSource<B> extends Stateful {
  /**
   * The batches of the next step: one, unless gradients are accumulated. Their tensors belong to
   * the caller's {@code PointerScope}.
   */
  List<B> next();
}
