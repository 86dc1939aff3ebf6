package lot4j.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with everything that is wrong with it. */
public final class ConfigError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /** All problems together, at least one, in the order in which they are shown. */
  public ConfigError(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** A single problem. */
  public ConfigError(String where, String text) {
    this(List.of(new Problem(where, text)));
  }

  /** What is wrong, one entry a line. */
  public List<Problem> problems() {
    return problems;
  }
}
