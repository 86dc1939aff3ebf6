package lot4j.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import lot4j.Network;
import lot4j.checkpoint.Checkpoint;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import org.bytedeco.javacpp.PointerScope;

/** What the networks of a saved run score, with the weights that the run is judged by. */
record SavedScores(RunSession session, Catalog catalog, Path dataDirectory) {
  /**
   * Scores a saved run's learners on a split, or on another data set.
   *
   * @param directory a run, or one checkpoint of a run
   * @throws DataException if there is no such split or data
   */
  RunSession.Evaluated evaluate(
      Path directory, Split split, Optional<String> data, Listener listener) {
    Path run = RunSession.runOf(directory);
    RunConfig config = session.config(run);
    Checkpoint checkpoint = RunSession.checkpoint(directory, run, listener);
    Threads.use(config.execution().threads().orElseThrow());
    try (Prepared<?> prepared = session.prepare(config, run)) {
      return new RunSession.Evaluated(
          checkpoint.step(), score(config, prepared, checkpoint, split, data));
    }
  }

  /** Judges a saved run's learners in a way of the caller's own. */
  <R> Map<String, R> judge(
      Path directory, Listener listener, BiFunction<Prepared<?>, List<Network>, List<R>> judge) {
    Path run = RunSession.runOf(directory);
    RunConfig config = session.config(run);
    Checkpoint checkpoint = RunSession.checkpoint(directory, run, listener);
    Threads.use(config.execution().threads().orElseThrow());
    try (Prepared<?> prepared = session.prepare(config, run)) {
      return scores(config, prepared, checkpoint, networks -> judge.apply(prepared, networks));
    }
  }

  private <B> Map<String, Map<String, Double>> score(
      RunConfig config,
      Prepared<B> prepared,
      Checkpoint checkpoint,
      Split split,
      Optional<String> data) {
    if (data.isEmpty() && !prepared.splits().contains(split)) {
      List<String> there = new ArrayList<>();
      prepared.splits().forEach(s -> there.add(s.key()));
      throw new DataException(
          prepared.dataName() + ": split " + split.key() + " is not there; there are " + there);
    }
    return scores(
        config,
        prepared,
        checkpoint,
        networks ->
            data.isPresent()
                ? prepared.scoreOn(networks, dataDirectory, data.get())
                : prepared.task().score(networks, split));
  }

  private <B, R> Map<String, R> scores(
      RunConfig config,
      Prepared<B> prepared,
      Checkpoint checkpoint,
      Function<List<Network>, List<R>> score) {
    try (PointerScope scope = new PointerScope();
        Course<B> course = new Assembly<>(config, prepared, catalog).course()) {
      course.seats().forEach(seat -> seat.recall(checkpoint));
      course.average().ifPresent(ema -> ema.restore(checkpoint.state().section("ema")));
      return Scoring.scores(course, score);
    }
  }
}
