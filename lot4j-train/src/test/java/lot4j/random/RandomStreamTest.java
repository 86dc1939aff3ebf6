package lot4j.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import lot4j.optim.MemoryState;
import org.junit.jupiter.api.Test;

class RandomStreamTest {
  @Test
  void goesOnToTheBitAfterARestore() {
    RandomStream stream = new Streams(3).named("order.task");
    stream.permutation(17);
    stream.below(5); // half a word may be left over
    MemoryState saved = new MemoryState();
    stream.save(saved);
    int[] expected = stream.permutation(50);
    double uniform = stream.uniform();

    RandomStream other = new Streams(99).named("elsewhere");
    other.restore(saved);
    assertThat(other.permutation(50)).isEqualTo(expected);
    assertThat(other.uniform()).isEqualTo(uniform);
    assertThat(other.state()).isEqualTo(stream.state());
  }

  @Test
  void goesOnToTheBitWhereverItIsSaved() {
    for (int drawn = 0; drawn < 9; drawn++) {
      RandomStream stream = new Streams(1).named("s");
      IntStream.range(0, drawn).forEach(i -> stream.below(1000));
      RandomStream other = new Streams(2).named("t");
      other.state(stream.state());
      assertThat(other.below(1 << 30)).isEqualTo(stream.below(1 << 30));
      assertThat(other.uniform()).isEqualTo(stream.uniform());
    }
  }

  @Test
  void aPermutationHoldsEachNumberOnce() {
    int[] order = new Streams(1).named("s").permutation(1000);
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    assertThat(sorted).isEqualTo(IntStream.range(0, 1000).toArray());
    assertThat(order).isNotEqualTo(sorted);
    assertThat(new Streams(1).named("s").permutation(0)).isEmpty();
  }

  /** Each of the 6 orders of 3 comes up a sixth of the time, within 5 standard deviations. */
  @Test
  void everyPermutationIsAsLikely() {
    RandomStream stream = new Streams(8).named("s");
    int[] counts = new int[9];
    int tries = 6000;
    for (int i = 0; i < tries; i++) {
      int[] order = stream.permutation(3);
      counts[3 * order[0] + order[1]]++;
    }
    for (int i : new int[] {1, 2, 3, 5, 6, 7}) {
      assertThat(counts[i]).isBetween(856, 1144); // 1000 ± 5 · 28.9
    }
  }
}
