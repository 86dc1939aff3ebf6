/**
 * Measurements of speed and memory, run by {@code lot bench}. {@link lot4j.bench.Benchmark} is one
 * of them, {@link lot4j.bench.Benchmarks} lists all, {@link lot4j.bench.Findings} is what one
 * found. Variants are measured in turn, round after round, so that a machine's moods hit all alike.
 * May depend on everything but the command line.
 */
package lot4j.bench;
