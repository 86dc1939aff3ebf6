package lot4j.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lot4j.train.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardSinkTest {
  @TempDir Path folder;

  private final Clock clock = Clock.fixed(Instant.ofEpochMilli(1500), ZoneOffset.UTC);

  private static MetricLine line(long step) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("teacher/loss", 0.25);
    metrics.put("lr", 0.1);
    return new MetricLine(step, 0.5, Split.VALID, 1.25, 3e9, 640, metrics);
  }

  private Path path() {
    return folder.resolve("events.out.tfevents.1.lot4j");
  }

  @Test
  void writesWhatAnIndependentReaderReads() throws Exception {
    try (TensorBoardSink sink = TensorBoardSink.open(path(), clock)) {
      sink.write(line(1));
      sink.write(line(300));
    }
    assertThat(read(Files.readAllBytes(path())))
        .containsExactly(
            "wall_time=1.5 file_version=brain.Event:2",
            "wall_time=1.5 step=1 valid/teacher/loss=0.25 valid/lr=0.1",
            "wall_time=1.5 step=300 valid/teacher/loss=0.25 valid/lr=0.1");
  }

  @Test
  void goesOnWhereACheckpointWas() throws Exception {
    long offset;
    try (TensorBoardSink sink = TensorBoardSink.open(path(), clock)) {
      sink.write(line(1));
      offset = sink.offset();
      sink.write(line(2));
    }
    try (TensorBoardSink sink = TensorBoardSink.open(path(), clock)) {
      sink.truncate(offset);
      sink.write(line(9));
    }
    assertThat(read(Files.readAllBytes(path()))).hasSize(3).last().asString().contains("step=9 ");
  }

  @Test
  void beginsAnewWithItsVersion() throws Exception {
    try (TensorBoardSink sink = TensorBoardSink.open(path(), clock)) {
      sink.write(line(1));
      sink.truncate(0);
    }
    assertThat(read(Files.readAllBytes(path())))
        .containsExactly("wall_time=1.5 file_version=brain.Event:2");
  }

  @Test
  void theChecksumHasItsKnownAnswer() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertThat(crc32c(digits)).isEqualTo(0xE3069283);
    assertThat(EventRecord.maskedCrc(digits, 0, digits.length)).isEqualTo(masked(digits));
  }

  /** Bit by bit, with the reversed Castagnoli polynomial. */
  private static int crc32c(byte[] bytes) {
    int crc = ~0;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82F63B78;
      }
    }
    return ~crc;
  }

  private static int masked(byte[] bytes) {
    int crc = crc32c(bytes);
    return (crc >>> 15 | crc << 17) + 0xa282ead8;
  }

  private static List<String> read(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<String> events = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertThat(in.getInt()).isEqualTo(masked(length));
      long size = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
      byte[] message = new byte[(int) size];
      in.get(message);
      assertThat(in.getInt()).isEqualTo(masked(message));
      events.add(message(message, "Event").strip());
    }
    return events;
  }

  private static String message(byte[] bytes, String type) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    StringBuilder out = new StringBuilder();
    while (in.hasRemaining()) {
      int key = (int) varint(in);
      switch (type + key) {
        case "Event9" -> out.append("wall_time=").append(in.getDouble()).append(' ');
        case "Event16" -> out.append("step=").append(varint(in)).append(' ');
        case "Event26" -> out.append("file_version=").append(text(in)).append(' ');
        case "Event42" -> out.append(message(bytes(in), "Summary"));
        case "Summary10" -> out.append(message(bytes(in), "Value")).append(' ');
        case "Value10" -> out.append(text(in)).append('=');
        case "Value21" -> out.append(in.getFloat());
        default -> throw new AssertionError(type + key);
      }
    }
    return out.toString();
  }

  private static String text(ByteBuffer in) {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[(int) varint(in)];
    in.get(bytes);
    return bytes;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
