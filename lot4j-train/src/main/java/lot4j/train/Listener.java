package lot4j.train;

import lot4j.log.MetricLine;

/** Watches a run; it cannot change it. */
public interface Listener {
  /** After each update; cheap calls only. */
  default void progress(Progress progress) {}

  /** A line of metrics was written. */
  default void line(MetricLine line) {}

  /** Something worth a word that does not stop the run. */
  default void warning(String message) {}

  /** A listener that does nothing. */
  static Listener none() {
    return new Listener() {};
  }
}
