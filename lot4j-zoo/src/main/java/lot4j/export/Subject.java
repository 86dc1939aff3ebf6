package lot4j.export;

import java.util.Optional;
import lot4j.ModelSpec;
import lot4j.Require;
import lot4j.config.Catalog;
import lot4j.train.SavedRun;

/**
 * What is exported.
 *
 * @param run a saved run, for as long as its networks last
 * @param learner {@code teacher}, {@code student0}, …
 * @param catalog the names that the run's configuration is written with
 * @param license the licence of the weights, for the card; free text
 */
public record Subject(SavedRun run, String learner, Catalog catalog, Optional<String> license) {
  /** Checks that the run has this learner. */
  public Subject {
    Require.that(
        run.states().containsKey(learner), "learner", learner, "one of " + run.states().keySet());
  }

  /** The name of its network as the configuration has it, {@code preresnet20} for instance. */
  public String model() {
    if (learner.equals("teacher")) {
      return run.config().teacher().model();
    }
    int index = Integer.parseInt(learner.substring("student".length()));
    return run.config().students().get(index).model();
  }

  /** The description of its network. */
  ModelSpec spec() {
    return run.config().learner(learner);
  }

  /** Its weights. */
  SavedRun.State state() {
    return run.states().get(learner);
  }
}
