package lot4j.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * One record of a TensorBoard event file: a protocol buffer in TFRecord framing.
 *
 * <p>Framing: length (8 bytes, little-endian), masked CRC-32C of these, the message, masked CRC-32C
 * of the message. Messages, after TensorFlow's event.proto and summary.proto:
 *
 * <pre>
 * Event:   double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5;
 * Summary: repeated Value value = 1;
 * Value:   string tag = 1; float simple_value = 2;
 * </pre>
 */
final class EventRecord {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;
  private static final int LONGEST_VARINT = 10;

  private EventRecord() {}

  /** The record that every file begins with. */
  static byte[] version(double wallTime) {
    byte[] name = "brain.Event:2".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer event = buffer(32 + name.length);
    key(event, 1, FIXED64).putDouble(wallTime);
    bytes(event, 3, name);
    return framed(event);
  }

  /** A line's metrics as scalars. */
  static byte[] scalars(double wallTime, MetricLine line) {
    int size = 0;
    for (String metric : line.metrics().keySet()) {
      size += tag(line, metric).length + 3 * LONGEST_VARINT + Float.BYTES;
    }
    ByteBuffer summary = buffer(size);
    for (Map.Entry<String, Double> metric : line.metrics().entrySet()) {
      byte[] tag = tag(line, metric.getKey());
      ByteBuffer value = buffer(tag.length + 2 * LONGEST_VARINT + Float.BYTES);
      bytes(value, 1, tag);
      key(value, 2, FIXED32).putFloat(metric.getValue().floatValue());
      bytes(summary, 1, written(value));
    }
    ByteBuffer event = buffer(size + 64);
    key(event, 1, FIXED64).putDouble(wallTime);
    varint(key(event, 2, VARINT), line.step());
    bytes(event, 5, written(summary));
    return framed(event);
  }

  private static byte[] tag(MetricLine line, String metric) {
    return (line.split().key() + "/" + metric).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] framed(ByteBuffer event) {
    byte[] message = written(event);
    ByteBuffer out = buffer(Long.BYTES + Integer.BYTES + message.length + Integer.BYTES);
    out.putLong(message.length);
    out.putInt(maskedCrc(out.array(), 0, Long.BYTES));
    out.put(message);
    out.putInt(maskedCrc(message, 0, message.length));
    return out.array();
  }

  /** CRC-32C, turned and shifted so that a checksum of checksums is harmless. */
  static int maskedCrc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer key(ByteBuffer out, int field, int wire) {
    return out.put((byte) (field << 3 | wire));
  }

  private static void bytes(ByteBuffer out, int field, byte[] value) {
    varint(key(out, field, BYTES), value.length);
    out.put(value);
  }

  private static void varint(ByteBuffer out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  private static byte[] written(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.position()];
    buffer.flip().get(bytes);
    return bytes;
  }
}
