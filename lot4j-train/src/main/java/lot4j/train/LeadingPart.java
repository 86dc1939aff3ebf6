package lot4j.train;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import lot4j.checkpoint.Checkpoint;
import lot4j.checkpoint.CheckpointStore;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import lot4j.distributed.Company;
import lot4j.log.JsonLinesSink;
import lot4j.log.MetricSink;
import lot4j.log.TensorBoardSink;
import org.bytedeco.javacpp.PointerScope;

/** Rank 0's part in training a run, which is all of it for a process alone: it writes. */
record LeadingPart(Catalog catalog, Company company) {
  /**
   * Trains from wherever the run is to its end; whoever calls this has the directory's lock.
   *
   * @throws DataException if another process has other data
   */
  <B> Outcome train(
      Path directory,
      RunConfig config,
      RunFiles files,
      Prepared<B> prepared,
      Listener listener,
      BooleanSupplier stop) {
    Accord accord = new Accord(company);
    accord.requireSame(prepared);
    files.status(RunStatus.RUNNING, "");
    PeakMemory.reset();
    Threads.use(config.execution().threads().orElseThrow());
    boolean ended = false;
    CheckpointStore store =
        new CheckpointStore(directory, config.checkpoint().keep(), Provenance.versions());
    // Who goes on has the weights; the files that the run began with may be gone.
    Optional<Checkpoint> found = company.apart(() -> store.latest(listener::warning));
    accord.begin(found);
    Assembly<B> assembly = new Assembly<>(accord.placed(config), prepared, catalog, company);
    try (PointerScope scope = new PointerScope();
        Course<B> course = found.isEmpty() ? assembly.begin(listener::warning) : assembly.course();
        MetricSink lines = JsonLinesSink.open(directory.resolve("metrics.jsonl"));
        MetricSink events =
            TensorBoardSink.open(
                directory.resolve("events.out.tfevents.0.lot4j"), Clock.systemUTC());
        Tracking watched = Tracking.of(directory, files, listener)) {
      Outcome outcome =
          new Trainer<>(
                  course,
                  Optional.of(store),
                  List.of(lines, events),
                  watched,
                  new Talk(company, stop))
              .fit(found);
      if (outcome.status() == RunStatus.DONE) {
        files.done(outcome, prepared.primary(), prepared.classes(), PeakMemory.bytes());
      } else {
        files.status(outcome.status(), outcome.message());
      }
      watched.end(outcome.status());
      ended = true;
      return outcome;
    } finally {
      if (!ended) {
        files.status(RunStatus.FAILED, "");
      }
    }
  }
}
