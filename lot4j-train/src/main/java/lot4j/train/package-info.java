/**
 * The loop around the algorithm, and the seams that tasks plug into. {@link
 * lot4j.train.RunSession} begins, continues and scores a run directory, {@link lot4j.train.Task}
 * and {@link lot4j.train.Prepared} are what a kind of task implements, {@link lot4j.train.Plan}
 * says what an experiment will compute. Depends on {@code lot4j}, {@code lot4j.config}, {@code
 * lot4j.method}, {@code lot4j.optim}, {@code lot4j.checkpoint}, {@code lot4j.log}, {@code
 * lot4j.random} and the engine; it knows no images, text or environments.
 *
 * <pre>{@code
 * RunSession session = new RunSession(Catalog.load(), dataDirectory);
 * Outcome outcome = session.proceed(runDirectory, Listener.none(), () -> false);
 * }</pre>
 */
package lot4j.train;
