package lot4j.distributed;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The end of the work together, for one process is lost.
 *
 * @param rank the one that is lost
 * @param code the exit code that it gave, or 1 if it could not say any
 * @param told whether that process has said itself, in a message of its own, what is wrong
 * @param message one clear line, which names it
 */
public record Loss(int rank, int code, boolean told, String message) {
  private static final int LONGEST_MESSAGE = 1000;

  /** The same as bytes. */
  byte[] encoded() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(rank);
      out.writeInt(code);
      out.writeBoolean(told);
      out.writeUTF(message.substring(0, Math.min(LONGEST_MESSAGE, message.length())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Reads what {@link #encoded} made. */
  static Loss decoded(byte[] content) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
      return new Loss(in.readInt(), in.readInt(), in.readBoolean(), in.readUTF());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
