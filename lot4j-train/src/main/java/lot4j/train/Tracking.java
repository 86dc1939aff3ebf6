package lot4j.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import lot4j.log.MetricLine;
import lot4j.log.mlflow.MlflowRun;
import lot4j.log.mlflow.MlflowTracker;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A listener that also reports the run to an MLflow server if its directory asks for it. It watches
 * only: nothing of the run depends on it.
 */
final class Tracking implements Listener, AutoCloseable {
  private final Listener listener;
  private final Optional<MlflowTracker> tracker;

  private Tracking(Listener listener, Optional<MlflowTracker> tracker) {
    this.listener = listener;
    this.tracker = tracker;
  }

  static Tracking of(Path directory, RunFiles files, Listener listener) {
    return new Tracking(listener, tracker(directory, files, listener));
  }

  private static Optional<MlflowTracker> tracker(
      Path directory, RunFiles files, Listener listener) {
    try {
      return MlflowRun.read(directory)
          .map(
              run ->
                  MlflowTracker.start(
                      directory,
                      run,
                      description(directory, files),
                      Optional.ofNullable(System.getenv(MlflowTracker.TOKEN))
                          .filter(token -> !token.isBlank()),
                      listener::warning,
                      Clock.systemUTC()));
    } catch (IllegalArgumentException e) { // a damaged record must not stop a run
      listener.warning(e.getMessage() + "; nothing is sent");
      return Optional.empty();
    }
  }

  private static MlflowTracker.Description description(Path directory, RunFiles files) {
    String label = files.text("label");
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("mlflow.source.name", "lot4j");
    tags.put("lot4j.version", Provenance.versions().getOrDefault("lot4j", "unknown"));
    tags.put("lot4j.label", label);
    tags.put("lot4j.config_digest", files.text("config_digest"));
    return new MlflowTracker.Description(
        files.text("name") + "/" + label + "-seed" + files.seed(), tags, params(directory));
  }

  /** The resolved configuration, nested keys joined by points. */
  private static Map<String, String> params(Path directory) {
    Map<String, String> params = new TreeMap<>();
    try {
      String yaml = Files.readString(directory.resolve("config.yaml"));
      flatten("", new Load(LoadSettings.builder().build()).loadFromString(yaml), params);
    } catch (IOException e) {
      throw new UncheckedIOException(directory + ": config.yaml: " + e.getMessage(), e);
    }
    return params;
  }

  private static void flatten(String path, Object value, Map<String, String> into) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach((key, at) -> flatten(path.isEmpty() ? "" + key : path + "." + key, at, into));
    } else if (value instanceof List<?> list && list.stream().anyMatch(Map.class::isInstance)) {
      for (int i = 0; i < list.size(); i++) {
        flatten(path + "." + i, list.get(i), into);
      }
    } else {
      into.put(path, String.valueOf(value));
    }
  }

  /** Says how the run ended. */
  void end(RunStatus status) {
    MlflowTracker.End how =
        switch (status) {
          case DONE -> MlflowTracker.End.FINISHED;
          case INTERRUPTED -> MlflowTracker.End.KILLED;
          case RUNNING, FAILED, DIVERGED -> MlflowTracker.End.FAILED;
        };
    tracker.ifPresent(to -> to.end(how));
  }

  @Override
  public void progress(Progress progress) {
    listener.progress(progress);
  }

  @Override
  public void line(MetricLine line) {
    listener.line(line);
    tracker.ifPresent(to -> to.line(line));
  }

  @Override
  public void warning(String message) {
    listener.warning(message);
  }

  @Override
  public void close() {
    tracker.ifPresent(MlflowTracker::close);
  }
}
