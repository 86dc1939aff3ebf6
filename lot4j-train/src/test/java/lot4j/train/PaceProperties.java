package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import lot4j.Work;
import lot4j.method.Paces;
import lot4j.method.TeacherOnly;
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
  void theTotalIsTheSumOfWhatIsTaken(
      @ForAll @LongRange(min = 1, max = 200) long epoch,
      @ForAll @IntRange(min = 1, max = 60) int batch,
      @ForAll @IntRange(min = 1, max = 3) int accumulate,
      @ForAll @IntRange(min = 1, max = 5) int passes,
      @ForAll @LongRange(min = 0, max = 300) long acting,
      @ForAll @IntRange(min = 0, max = 200) int steps) {
    Pace pace = Pace.of(epoch, batch, accumulate).rollout(passes, acting);
    long taken = 0;
    long studied = 0;
    long acted = 0;
    for (int i = 0; i < steps; i++) {
      taken += pace.taken(i);
      studied += pace.samples(i);
      acted += i % pace.stepsPerEpoch() == 0 ? acting : 0;
    }
    assertThat(pace.total(steps)).isEqualTo(taken);
    assertThat(pace.studied(steps)).isEqualTo(studied);
    assertThat(pace.acted(steps)).isEqualTo(acted);
    assertThat(pace.total(pace.stepsPerEpoch())).isEqualTo(epoch);
    assertThat(pace.studied(pace.stepsPerEpoch())).isEqualTo(passes * epoch);
  }

  @Property(tries = 300)
  void stepsForAreTheFewestWholeEpochsWhereEpochsAreMade(
      @ForAll @LongRange(min = 1, max = 200) long epoch,
      @ForAll @IntRange(min = 1, max = 60) int batch,
      @ForAll @IntRange(min = 2, max = 5) int passes,
      @ForAll @LongRange(min = 0, max = 300) long acting,
      @ForAll @LongRange(min = 1, max = 100_000) long samples) {
    Pace pace = Pace.of(epoch, batch, 1).rollout(passes, acting);
    long steps = pace.stepsFor(samples);
    assertThat(steps % pace.stepsPerEpoch()).isZero();
    assertThat(pace.total(steps)).isGreaterThanOrEqualTo(samples);
    assertThat(pace.total(steps - pace.stepsPerEpoch())).isLessThan(samples);
  }

  @Property(tries = 300)
  void equalComputeIsTheFewestStepsThatCostAsMuch(
      @ForAll @LongRange(min = 1, max = 200) long epoch,
      @ForAll @IntRange(min = 1, max = 60) int batch,
      @ForAll @IntRange(min = 1, max = 5) int passes,
      @ForAll @LongRange(min = 0, max = 300) long acting,
      @ForAll @LongRange(min = 1, max = 20_000) long forwards) {
    Pace pace = Pace.of(epoch, batch, 1).rollout(passes, acting);
    long steps = Plan.fewest(pace, forwards);
    assertThat(forwards(pace, steps)).isGreaterThanOrEqualTo(forwards);
    if (steps > 1) {
      assertThat(forwards(pace, steps - 1)).isLessThan(forwards);
    }
    if (passes == 1 && acting == 0) {
      assertThat(steps).isEqualTo(pace.stepsFor((long) Math.ceil(forwards / 3.0)));
    }
  }

  /** A backward counts as two forwards. */
  private static double forwards(Pace pace, long steps) {
    Work work = new TeacherOnly().bill(steps, 0, new Paces(pace, pace)).teacher();
    return work.forward() + 2.0 * work.backward();
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
