package lot4j.config;

import java.util.Optional;
import lot4j.Require;

/**
 * When a run is scored and what that decides.
 *
 * @param evalEvery interval in the budget's unit, above 0
 * @param select which weights it ends with
 * @param earlyStopping when it ends before its budget; empty: never
 */
public record Evaluation(
    double evalEvery, Selection select, Optional<EarlyStopping> earlyStopping) {
  /** Checks the interval. */
  public Evaluation {
    Require.positive("eval-every", evalEvery);
  }
}
