package lot4j.cli;

import java.util.Optional;
import lot4j.log.mlflow.MlflowRun;
import picocli.CommandLine.Option;

/** Where runs are reported to besides their directories; nowhere if nothing is said. */
final class TrackingOptions {
  @Option(
      names = "--mlflow",
      paramLabel = "URL",
      description =
          "Also reports to this MLflow server; a token comes from $MLFLOW_TRACKING_TOKEN.")
  private Optional<String> mlflow = Optional.empty();

  @Option(
      names = "--mlflow-experiment",
      paramLabel = "NAME",
      description = "The experiment there; default the configuration's name.")
  private Optional<String> experiment = Optional.empty();

  /** The record that a run's directory is to hold; empty if nothing is to be reported. */
  Optional<MlflowRun> mlflow(String name) {
    if (mlflow.isEmpty()) {
      if (experiment.isPresent()) {
        throw new UsageException("--mlflow-experiment is not allowed without --mlflow");
      }
      return Optional.empty();
    }
    try {
      return Optional.of(MlflowRun.at(mlflow.get(), experiment.orElse(name)));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--mlflow: " + e.getMessage());
    }
  }
}
