package lot4j.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import lot4j.checkpoint.Checkpoint;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import lot4j.distributed.Company;
import org.bytedeco.javacpp.PointerScope;

/** The part that another process than rank 0 has in training a run: it writes nothing. */
record AssistingPart(Catalog catalog, Company company) {
  /**
   * Trains along with rank 0.
   *
   * @param directory the run's, if it is gone on with: the checkpoint is read from there
   * @throws DataException if this process's data is not rank 0's
   */
  <B> Outcome train(
      RunConfig config, Prepared<B> prepared, Optional<Path> directory, BooleanSupplier stop) {
    Accord accord = new Accord(company);
    accord.requireSame(prepared);
    Threads.use(config.execution().threads().orElseThrow());
    Optional<Checkpoint> found = accord.begun(directory);
    Assembly<B> assembly = new Assembly<>(accord.placed(config), prepared, catalog, company);
    try (PointerScope scope = new PointerScope();
        Course<B> course = found.isEmpty() ? assembly.begin(note -> {}) : assembly.course()) {
      return new Trainer<>(
              course, Optional.empty(), List.of(), Listener.none(), new Talk(company, stop))
          .fit(found);
    }
  }
}
