package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ClassCountsTest {
  @Test
  void meansOverClassesByHand() {
    ClassCounts counts = new ClassCounts(4);
    int[][] pairs = {{0, 0}, {0, 0}, {0, 0}, {0, 1}, {1, 1}, {1, 0}, {2, 0}};
    for (int[] pair : pairs) {
      counts.add(pair[0], pair[1]);
    }

    // found: 3 of 4, 1 of 2, 0 of 1; class 3 occurs nowhere
    assertThat(counts.balancedAccuracy()).isCloseTo((0.75 + 0.5 + 0) / 3, within(1e-15));
    // 2·3 / (4 + 5), 2·1 / (2 + 2), 0 / (1 + 0)
    assertThat(counts.macroF1()).isCloseTo((6.0 / 9 + 0.5 + 0) / 3, within(1e-15));
  }

  @Test
  void ofNothingThereIsNoMean() {
    assertThat(new ClassCounts(2).balancedAccuracy()).isNaN();
    assertThat(new ClassCounts(2).macroF1()).isNaN();
  }
}
