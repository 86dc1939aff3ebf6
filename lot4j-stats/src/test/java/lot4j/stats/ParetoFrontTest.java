package lot4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ParetoFrontTest {
  @Test
  void isWhatNothingBeatsInBoth() {
    double[] cost = {1, 2, 3, 2, 4};
    double[] gain = {0, 5, 4, 3, 6};
    // The third costs more than the second and gains less; the fourth costs the same and gains
    // less; the fifth costs most but gains most.
    assertThat(ParetoFront.of(cost, gain)).containsExactly(true, true, false, false, true);
  }

  @Test
  void equalChoicesStandTogether() {
    assertThat(ParetoFront.of(new double[] {1, 1, 1}, new double[] {2, 2, 1}))
        .containsExactly(true, true, false);
  }

  @Test
  void sharesAreThoseOfTheDrawnSeeds() {
    // Two seeds with gains +1 and -3 against 0 at no cost: the mean is positive only if the first
    // seed is drawn twice, in a quarter of all draws.
    double[] shares = ParetoFront.shares(new double[] {1, 2}, new double[][] {{0, 0}, {1, -3}});
    assertThat(shares[0]).isCloseTo(1, within(1e-9));
    assertThat(shares[1]).isCloseTo(0.25, within(0.015));
  }

  @Test
  void refusesUnequalLengths() {
    assertThatThrownBy(() -> ParetoFront.of(new double[1], new double[2]))
        .hasMessage("1 costs for 2 gains");
    assertThatThrownBy(() -> ParetoFront.shares(new double[2], new double[][] {{1}, {1, 2}}))
        .hasMessageContaining("same seeds");
  }

  @Property(tries = 200)
  void whoeverIsOffTheFrontIsBeatenBySomeoneOnIt(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 5) Integer> cost,
      @ForAll @Size(8) List<@IntRange(max = 5) Integer> gain) {
    double[] costs = cost.stream().mapToDouble(Integer::doubleValue).toArray();
    double[] gains = gain.stream().limit(cost.size()).mapToDouble(Integer::doubleValue).toArray();
    boolean[] front = ParetoFront.of(costs, gains);
    for (int i = 0; i < costs.length; i++) {
      boolean beaten = false;
      for (int j = 0; j < costs.length; j++) {
        boolean noWorse = costs[j] <= costs[i] && gains[j] >= gains[i];
        beaten |= front[j] && noWorse && (costs[j] < costs[i] || gains[j] > gains[i]);
      }
      assertThat(beaten).isEqualTo(!front[i]);
    }
  }
}
