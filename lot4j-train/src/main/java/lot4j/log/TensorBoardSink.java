package lot4j.log;

import java.nio.file.Path;
import java.time.Clock;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;

/**
 * A TensorBoard event file: each metric is a scalar with the tag {@code <split>/<metric>}. The file
 * is named {@code events.out.tfevents.*}, or TensorBoard does not look at it.
 */
public final class TensorBoardSink implements MetricSink {
  private final AppendFile file;
  private final Clock clock;

  private TensorBoardSink(AppendFile file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /**
   * Opens or creates a file, to go on at its end; see {@link JsonLinesSink#open}.
   *
   * @param clock gives the events' {@code wall_time}
   * @throws java.io.UncheckedIOException naming the file if it cannot be written
   */
  public static TensorBoardSink open(Path file, Clock clock) {
    TensorBoardSink sink = new TensorBoardSink(AppendFile.open(file), clock);
    sink.begin();
    return sink;
  }

  private void begin() {
    if (file.offset() == 0) {
      file.append(EventRecord.version(seconds()));
    }
  }

  private double seconds() {
    return clock.millis() / 1000.0;
  }

  @Override
  public void write(MetricLine line) {
    file.append(EventRecord.scalars(seconds(), line));
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
    begin();
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
