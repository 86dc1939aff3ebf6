package lot4j.checkpoint;

import org.bytedeco.pytorch.Tensor;

/**
 * Takes the state of one component. Names are unique within a section; tensors go to safetensors,
 * the rest to JSON.
 */
public interface StateWriter {
  /** A component's own room, so that names need not be unique across components. */
  StateWriter section(String name);

  /** A tensor of any shape and type, written as it is now. */
  void tensor(String name, Tensor value);

  /** A whole number. */
  void number(String name, long value);

  /** A number, every bit kept, NaN and infinities included. */
  void real(String name, double value);

  /** A text. */
  void text(String name, String value);

  /** Raw bytes, such as a random generator's state. */
  void bytes(String name, byte[] value);
}
