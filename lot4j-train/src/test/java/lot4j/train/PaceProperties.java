package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class PaceProperties {
  @Property(tries = 300)
  void theTotalIsTheSumOfTheSamples(
      @ForAll @LongRange(min = 1, max = 500) long epoch,
      @ForAll @IntRange(min = 1, max = 60) int batch,
      @ForAll @IntRange(min = 1, max = 4) int accumulate,
      @ForAll @IntRange(min = 0, max = 200) int steps) {
    Pace pace = Pace.of(epoch, batch, accumulate);
    long sum = 0;
    for (int i = 0; i < steps; i++) {
      assertThat(pace.samples(i)).isBetween(1L, pace.step());
      sum += pace.samples(i);
    }
    assertThat(pace.total(steps)).isEqualTo(sum);
    assertThat(pace.total(pace.stepsPerEpoch())).isEqualTo(epoch);
  }

  @Property(tries = 300)
  void stepsForAreTheFewest(
      @ForAll @LongRange(min = 1, max = 500) long epoch,
      @ForAll @IntRange(min = 1, max = 60) int batch,
      @ForAll @IntRange(min = 1, max = 4) int accumulate,
      @ForAll @LongRange(min = 1, max = 100_000) long samples) {
    Pace pace = Pace.of(epoch, batch, accumulate);
    long steps = pace.stepsFor(samples);
    assertThat(pace.total(steps)).isGreaterThanOrEqualTo(samples);
    assertThat(pace.total(steps - 1)).isLessThan(samples);
  }

  @Property(tries = 300)
  void aFractionOfAStepIsTheSumOfItsBatchesParts(
      @ForAll @LongRange(min = 1, max = 200) long epoch,
      @ForAll @IntRange(min = 1, max = 20) int batch,
      @ForAll @IntRange(min = 1, max = 4) int accumulate,
      @ForAll @DoubleRange(min = 0.01, max = 1) double fraction,
      @ForAll @IntRange(min = 0, max = 50) int index) {
    Pace pace = Pace.of(epoch, batch, accumulate);
    long sum = 0;
    for (long left = pace.samples(index); left > 0; left -= batch) {
      sum += Pace.part(Math.min(batch, left), fraction);
    }
    assertThat(pace.samples(index, fraction)).isEqualTo(sum);
    assertThat(sum).isBetween(1L, pace.samples(index));
  }
}
