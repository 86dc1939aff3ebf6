/**
 * The measures of imitability, one record a file. Each is differentiable in both arguments, sums
 * over classes, averages over counted positions, treats a class that is {@code -inf} on both sides
 * as absent and 0·log 0 as 0. Depends on {@code lot4j} and the engine.
 *
 * <pre>{@code
 * Tensor mu = new KlDivergence(1.5).measure(Output.logits(free), Output.logits(reference), Mask.none());
 * }</pre>
 */
package lot4j.imitability;
