/**
 * Optimizers, learning-rate schedules and the averaged teacher. {@link lot4j.optim.Weights} lays a
 * network's trainable parameters and their gradients out in one tensor each, so that every
 * optimizer is a handful of operations; {@link lot4j.optim.Descender} joins weights, optimizer,
 * schedule and clipping to what a learner needs; {@link lot4j.optim.OptimizerSpec} and {@link
 * lot4j.optim.ScheduleSpec} are the records of the configuration. Depends on {@code lot4j}, {@code
 * lot4j.checkpoint}, {@code lot4j.train.DivergedException} and the engine.
 *
 * <pre>{@code
 * Weights weights = Weights.of(model.module());
 * Descender descent =
 *     Descender.of("teacher", weights, Sgd.defaults(), Cosine.defaults().over(600, 1));
 * Learner teacher = Learner.of(model, descent);
 * }</pre>
 */
package lot4j.optim;
