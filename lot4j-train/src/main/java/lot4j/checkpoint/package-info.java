/**
 * Files that survive: {@link lot4j.checkpoint.CheckpointStore} keeps the checkpoints of a run,
 * {@link lot4j.checkpoint.Stateful} is what goes into one, {@link lot4j.checkpoint.Safetensors}
 * reads and writes weights; {@link lot4j.checkpoint.AtomicFile} and {@link
 * lot4j.checkpoint.DirectoryLock} serve whoever else writes into a run directory. Depends on the
 * core module and a JSON library.
 *
 * <pre>{@code
 * try (DirectoryLock lock = DirectoryLock.acquire(run)) {
 *   CheckpointStore store = new CheckpointStore(run, 2, Map.of("lot4j", version));
 *   store.latest(System.err::println).ifPresent(checkpoint -> {
 *     checkpoint.restoreLearner("teacher", weights);
 *     trainer.restore(checkpoint.state());
 *   });
 *   store.save(step, Map.of("teacher", weights), trainer::save);
 * }
 * }</pre>
 */
package lot4j.checkpoint;
