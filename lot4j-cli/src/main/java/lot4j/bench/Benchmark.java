package lot4j.bench;

import java.util.function.Consumer;

/** One named measurement. */
public interface Benchmark {
  /** Its name on the command line. */
  String name();

  /** What it shows, one sentence. */
  String about();

  /**
   * Measures.
   *
   * @param progress told where the measurement is
   * @throws IllegalStateException if a process that is measured fails
   */
  Findings run(Settings settings, Consumer<String> progress);
}
