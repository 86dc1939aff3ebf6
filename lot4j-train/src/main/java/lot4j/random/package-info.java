/**
 * Random numbers: {@link lot4j.random.Streams} gives named streams from one seed, {@link
 * lot4j.random.RandomStream} is one of them. Depends on {@code lot4j.checkpoint} and a kept library
 * of generators.
 *
 * <pre>{@code
 * int[] order = new Streams(7).named("order.task").permutation(50_000);
 * }</pre>
 */
package lot4j.random;
