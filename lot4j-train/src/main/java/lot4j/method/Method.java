package lot4j.method;

/** A method at work: one call is one teacher step and everything that belongs to it. */
public interface Method {
  /**
   * Makes the teacher step numbered {@code step} from 0. Its tensors live in the caller's {@code
   * PointerScope}.
   */
  Update update(long step);
}
