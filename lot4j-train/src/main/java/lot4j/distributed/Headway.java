package lot4j.distributed;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * How far a rank is, as it says itself with every sign of life. All ranks come to the same meetings
 * (sums, what is gathered and shared) in the same order, so whoever has come to fewer is behind.
 *
 * @param meetings that it has come to
 * @param waits whether it is in one of them now
 * @param excused whether it does what only one rank does, such as writing a checkpoint
 * @param begun whether it has been through a sum; before, data is read and networks are built
 * @param longestNanos the longest time between two meetings so far, excused times left out
 * @param place what it is doing, in words
 */
record Headway(
    long meetings, boolean waits, boolean excused, boolean begun, long longestNanos, String place) {
  private static final int LONGEST_PLACE = 200;

  /** The same as bytes. */
  byte[] encoded() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(meetings);
      out.writeBoolean(waits);
      out.writeBoolean(excused);
      out.writeBoolean(begun);
      out.writeLong(longestNanos);
      out.writeUTF(place.substring(0, Math.min(LONGEST_PLACE, place.length())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Reads what {@link #encoded} made. */
  static Headway decoded(byte[] content) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
      return new Headway(
          in.readLong(),
          in.readBoolean(),
          in.readBoolean(),
          in.readBoolean(),
          in.readLong(),
          in.readUTF());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
