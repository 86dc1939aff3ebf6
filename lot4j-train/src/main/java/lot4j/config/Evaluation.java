package lot4j.config;

import java.util.Optional;
import lot4j.Require;

/**
 * When a run is scored and what that decides.
 *
 * @param evalEvery how often it is scored, in the budget's unit; a tenth of the budget where that
 *     is in updates or env-steps
 * @param select which weights it ends with
 * @param earlyStopping when it ends before its budget; none: never
 */
public record Evaluation(
    double evalEvery, Selection select, Optional<EarlyStopping> earlyStopping) {
  /** Checks the interval. */
  public Evaluation {
    Require.positive("eval-every", evalEvery);
  }
}
