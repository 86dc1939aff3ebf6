package lot4j.report;

import java.util.List;

/**
 * The trial that was chosen on validation data, with its test values: the only ones that a sweep
 * shows, after the choice.
 *
 * @param id of the trial
 * @param metric what is measured on the test split
 * @param score test values of its runs
 * @param baselines test values of its baselines
 */
public record SweepWinner(String id, Metric metric, SweepScore score, List<SweepScore> baselines) {
  /** Keeps a copy of the list. */
  public SweepWinner {
    baselines = List.copyOf(baselines);
  }
}
