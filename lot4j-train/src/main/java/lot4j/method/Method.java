package lot4j.method;

import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;

/** A method at work: one call is one teacher step and everything that belongs to it. */
public interface Method {
  /**
   * Makes the teacher step numbered {@code step} from 0. Its tensors live in the caller's {@code
   * PointerScope}.
   */
  Update update(long step);

  /** Writes what the method itself remembers between updates; most remember nothing. */
  default void save(StateWriter out) {}

  /** Takes back what {@link #save} wrote. */
  default void restore(StateReader in) {}

  /** Releases what the method itself keeps. */
  default void close() {}
}
