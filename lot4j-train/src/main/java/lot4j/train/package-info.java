/**
 * A run from its configuration to its result. {@link lot4j.train.RunSession} begins, continues and
 * scores what stands in a run directory; {@link lot4j.train.Plan} says beforehand what runs will
 * compute; {@link lot4j.train.Task} and {@link lot4j.train.Prepared} are the seams through which
 * the loop sees images, text or anything else. Depends on {@code lot4j}, {@code lot4j.method},
 * {@code lot4j.optim}, {@code lot4j.checkpoint}, {@code lot4j.config}, {@code lot4j.log}, {@code
 * lot4j.random} and a JSON library.
 *
 * <pre>{@code
 * RunSession session = new RunSession(Catalog.load(), dataDirectory);
 * try (Prepared<?> data = session.prepare(config)) {
 *   session.create(directory, config, "lot", data);
 * }
 * Outcome outcome = session.proceed(directory, Listener.none(), () -> false);
 * }</pre>
 */
package lot4j.train;
