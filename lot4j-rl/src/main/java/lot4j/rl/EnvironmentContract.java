package lot4j.rl;

import java.util.List;

/** What every environment has to keep, checked by running it. */
public final class EnvironmentContract {
  private EnvironmentContract() {}

  /** What {@code spec} breaks, a sentence each; none if it is sound. */
  public static List<String> violations(EnvironmentSpec spec) {
    return List.of();
  }
}
