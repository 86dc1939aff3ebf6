package lot4j.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import lot4j.config.Budget;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HalvingTest {
  private static final Budget UPDATES = new Budget(Budget.Unit.UPDATES, 600);

  private static Map<String, OptionalDouble> scores(Object... pairs) {
    Map<String, OptionalDouble> scores = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      double score = (Double) pairs[i + 1];
      scores.put(
          (String) pairs[i],
          Double.isNaN(score) ? OptionalDouble.empty() : OptionalDouble.of(score));
    }
    return scores;
  }

  /** By hand: 600, 600/3 = 200, 200/3 = 66.7 → 67; 12, 4, 1 points. */
  @Test
  void twelvePointsTakeThreeRungs() {
    assertThat(Halving.of(UPDATES, 12, 3).rungs())
        .containsExactly(
            new Halving.Rung(67, 12), new Halving.Rung(200, 4), new Halving.Rung(600, 1));
  }

  /** By hand: 3 epochs have only one third that is an epoch or more. */
  @Test
  void theSmallestBudgetIsOneUnit() {
    assertThat(Halving.of(new Budget(Budget.Unit.EPOCHS, 3), 27, 3).rungs())
        .containsExactly(new Halving.Rung(1, 27), new Halving.Rung(3, 9));
    assertThatThrownBy(() -> Halving.of(new Budget(Budget.Unit.EPOCHS, 1), 27, 3))
        .hasMessage(
            "--halving: not allowed with 27 points and budget.epochs = 1; 3 or more of each");
    assertThatThrownBy(() -> Halving.of(UPDATES, 2, 3)).hasMessageContaining("2 points");
    assertThatThrownBy(() -> Halving.of(UPDATES, 9, 1))
        .hasMessage("--eta 1: not allowed; 2 or more");
  }

  @Test
  void theBestGoOnAndEqualOnesInTheirOrder() {
    Map<String, OptionalDouble> scores =
        scores("t0", 0.5, "t1", 0.9, "t2", Double.NaN, "t3", 0.7, "t4", 0.9, "t5", 0.1);

    assertThat(Halving.promoted(scores, 3, true)).containsExactly("t1", "t4", "t3");
    assertThat(Halving.promoted(scores, 3, false)).containsExactly("t5", "t0", "t3");
    // One without a score is the last in both directions.
    assertThat(Halving.promoted(scores, 6, true)).endsWith("t2");
    assertThat(Halving.promoted(scores, 6, false)).endsWith("t2");
  }

  /** 0.1 + 0.2 and 0.3 differ in the last bit: no reason to prefer one. */
  @Test
  void sumsThatDifferInTheLastBitAreEqual() {
    assertThat(Halving.promoted(scores("t0", 0.3, "t1", 0.1 + 0.2), 1, true)).containsExactly("t0");
  }

  @Property
  void rungsGrowToTheWholeBudgetWithFewerAndFewerPoints(
      @ForAll @IntRange(min = 2, max = 5) int eta,
      @ForAll @IntRange(min = 5, max = 500) int points,
      @ForAll @IntRange(min = 5, max = 100_000) int updates) {
    List<Halving.Rung> rungs =
        Halving.of(new Budget(Budget.Unit.UPDATES, updates), points, eta).rungs();

    assertThat(rungs.get(0).points()).isEqualTo(points);
    assertThat(rungs.get(rungs.size() - 1).budget()).isEqualTo(updates);
    for (int i = 1; i < rungs.size(); i++) {
      assertThat(rungs.get(i).points()).isEqualTo(rungs.get(i - 1).points() / eta);
      assertThat(rungs.get(i).budget()).isGreaterThan(rungs.get(i - 1).budget());
    }
    assertThat(rungs)
        .allSatisfy(rung -> assertThat(rung.budget()).isEqualTo(Math.rint(rung.budget())));
    assertThat(rungs).allSatisfy(rung -> assertThat(rung.points()).isPositive());
  }
}
