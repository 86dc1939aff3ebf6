/**
 * Statistics of comparisons over seeds: arithmetic on numbers already in memory.
 *
 * <p>The types to know are {@link lot4j.stats.Sample}, the values of one method; {@link
 * lot4j.stats.PairedTest}, the difference of two methods over the seeds they share; and {@link
 * lot4j.stats.Bootstrap}, the interval. For reinforcement learning: {@link lot4j.stats.Scores},
 * runs × tasks, {@link lot4j.stats.StratifiedBootstrap}, the intervals of interquartile mean and
 * probability of improvement, {@link lot4j.stats.PerformanceProfile}, the whole distribution, and
 * {@link lot4j.stats.SampleEfficiency}, the curve. Around them: {@link lot4j.stats.SignFlipTest},
 * {@link lot4j.stats.Holm} and {@link lot4j.stats.EffectSize} for claims, {@link
 * lot4j.stats.PairedPower} for planning them, {@link lot4j.stats.RankCorrelation} for whether one
 * number foretells another. Every result is a function of the values alone: no clock, no global
 * random state, and the order in which seeds are given does not matter.
 *
 * <p>Depends on: commons-math3 (distributions, root finding) and commons-rng. No files, no tensors.
 *
 * <pre>{@code
 * PairedTest test = PairedTest.of(Map.of(0L, 0.91, 1L, 0.92), Map.of(0L, 0.90, 1L, 0.90));
 * test.difference();  // 0.015
 * test.resolved();    // false: two pairs decide nothing
 * }</pre>
 */
package lot4j.stats;
