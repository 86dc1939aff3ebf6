package lot4j.atari;

import java.nio.ByteBuffer;
import java.util.Arrays;
import lot4j.checkpoint.CheckpointException;

/** The last few pictures, the oldest first. */
final class Stack {
  private final byte[] pictures;
  private final int size;

  /**
   * Black ones.
   *
   * @param size bytes of a picture
   */
  Stack(int count, int size) {
    this.pictures = new byte[Math.multiplyExact(count, size)];
    this.size = size;
  }

  /** Nothing but this one. */
  void fill(byte[] picture) {
    for (int at = 0; at < pictures.length; at += size) {
      System.arraycopy(picture, 0, pictures, at, size);
    }
  }

  /** One more, in place of the oldest. */
  void push(byte[] picture) {
    System.arraycopy(pictures, size, pictures, 0, pictures.length - size);
    System.arraycopy(picture, 0, pictures, pictures.length - size, size);
  }

  /** All of them. */
  void write(ByteBuffer out) {
    out.put(pictures);
  }

  byte[] bytes() {
    return Arrays.copyOf(pictures, pictures.length);
  }

  void bytes(byte[] saved) {
    if (saved.length != pictures.length) {
      throw new CheckpointException(
          "pictures: " + saved.length + " bytes, not " + pictures.length + " as set");
    }
    System.arraycopy(saved, 0, pictures, 0, pictures.length);
  }
}
