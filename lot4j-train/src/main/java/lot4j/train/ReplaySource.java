package lot4j.train;

import java.util.Iterator;
import java.util.List;

/**
 * A stream of what was met lately, drawn at random, which can also be gone through once from end to
 * end.
 */
public interface ReplaySource<B> extends BatchSource<B> {
  /**
   * Everything that it holds now, once, in the batches of as many steps as that takes; the last may
   * be smaller. Each step's tensors belong to the {@code PointerScope} around its {@code next}.
   */
  Iterator<List<B>> pass();
}
