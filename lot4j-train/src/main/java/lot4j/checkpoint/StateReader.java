package lot4j.checkpoint;

import org.bytedeco.pytorch.Tensor;

/** Gives back what a {@link StateWriter} took; every miss is a {@link CheckpointException}. */
public interface StateReader {
  /** The room of one component. */
  StateReader section(String name);

  /** Whether an entry of this name is there, of whatever kind. */
  boolean has(String name);

  /** A tensor, owned by the caller's {@code PointerScope}. */
  Tensor tensor(String name);

  /** Copies a tensor's values into {@code target}, whose shape and type must be the same. */
  void into(String name, Tensor target);

  /** A whole number. */
  long number(String name);

  /** A number. */
  double real(String name);

  /** A text. */
  String text(String name);

  /** Raw bytes. */
  byte[] bytes(String name);
}
