package lot4j.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;

/**
 * The file {@code metrics.jsonl}: one JSON object a line with {@code step}, {@code epoch}, {@code
 * split}, {@code wall_s}, {@code flops}, {@code samples}, then the metrics. A value that is no
 * finite number is null, with the text {@code <key>_reason} behind it.
 */
public final class JsonLinesSink implements MetricSink {
  private static final double EXACT = 1L << 53;

  private final JsonFactory json = new JsonFactory();
  private final AppendFile file;

  private JsonLinesSink(AppendFile file) {
    this.file = file;
  }

  /**
   * Opens or creates a file, to go on at its end. Whoever goes on from a checkpoint calls {@link
   * #restore}, whoever starts anew {@link #truncate truncate(0)}.
   *
   * @throws UncheckedIOException naming the file if it cannot be written
   */
  public static JsonLinesSink open(Path file) {
    return new JsonLinesSink(AppendFile.open(file));
  }

  @Override
  public void write(MetricLine line) {
    file.append(encode(line));
  }

  private byte[] encode(MetricLine line) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = json.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeNumberField("step", line.step());
      out.writeNumberField("epoch", line.epoch());
      out.writeStringField("split", line.split().key());
      out.writeNumberField("wall_s", line.wallSeconds());
      if (line.flops() == Math.rint(line.flops()) && line.flops() <= EXACT) {
        out.writeNumberField("flops", (long) line.flops());
      } else {
        out.writeNumberField("flops", line.flops());
      }
      out.writeNumberField("samples", line.samples());
      for (Map.Entry<String, Double> metric : line.metrics().entrySet()) {
        double value = metric.getValue();
        if (Double.isFinite(value)) {
          out.writeNumberField(metric.getKey(), value);
        } else {
          out.writeNullField(metric.getKey());
          out.writeStringField(metric.getKey() + "_reason", Double.toString(value));
        }
      }
      out.writeEndObject();
      out.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("a byte array takes everything", e);
    }
    return bytes.toByteArray();
  }

  /** Bytes written. */
  public long offset() {
    return file.offset();
  }

  /** Waits until everything is on the disk. */
  public void force() {
    file.force();
  }

  @Override
  public void truncate(long offset) {
    file.truncate(offset);
  }

  @Override
  public void save(StateWriter out) {
    force();
    out.number("offset", offset());
  }

  @Override
  public void restore(StateReader in) {
    truncate(in.number("offset"));
  }

  @Override
  public void close() {
    file.close();
  }
}
