package lot4j.atari;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterOutputStream;
import java.util.zip.ZipException;
import lot4j.checkpoint.CheckpointException;

/** Bytes made small for a checkpoint: pictures and actions repeat themselves. */
final class Packed {
  private Packed() {}

  /** Small. */
  static byte[] of(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream packing = new DeflaterOutputStream(out, deflater)) {
      packing.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deflater.end();
    }
    return out.toByteArray();
  }

  /**
   * As they were.
   *
   * @throws CheckpointException if they are not what {@link #of} made
   */
  static byte[] open(String name, byte[] packed) {
    Inflater inflater = new Inflater();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (InflaterOutputStream opening = new InflaterOutputStream(out, inflater)) {
      opening.write(packed);
      opening.finish();
    } catch (ZipException e) {
      throw new CheckpointException(name + ": is damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      inflater.end();
    }
    return out.toByteArray();
  }
}
