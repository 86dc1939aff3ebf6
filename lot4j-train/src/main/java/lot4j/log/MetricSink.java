package lot4j.log;

import lot4j.checkpoint.Stateful;

/**
 * Takes the measurements of a run. Its state is how much it has taken: saving forces everything out
 * first, restoring forgets what came later. The writing thread must not be interrupted: Java closes
 * a file's channel under an interrupted thread.
 */
public interface MetricSink extends Stateful, AutoCloseable {
  /**
   * Takes one line, whole or not at all.
   *
   * @throws java.io.UncheckedIOException naming the file if it cannot be written
   */
  void write(MetricLine line);

  /** Forgets everything beyond its first {@code offset} bytes. */
  void truncate(long offset);

  /** Gives up its file; nothing is lost without it. */
  @Override
  void close();
}
