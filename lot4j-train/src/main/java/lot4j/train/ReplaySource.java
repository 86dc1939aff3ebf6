package lot4j.train;

import java.util.Iterator;

/**
 * A stream of what was met lately, drawn at random, which can also be gone through once from end to
 * end.
 */
public interface ReplaySource<B> extends BatchSource<B> {
  /**
   * Everything that it holds now, once, in as many steps as that takes, of which this process takes
   * its part; the last may be smaller. Each step's tensors belong to the {@code PointerScope}
   * around its {@code next}.
   */
  Iterator<Portion<B>> pass(Task<B> task);
}
