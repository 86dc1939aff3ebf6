package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** How the batches of a step are dealt out. */
class DealingTest {
  @Property
  void everyBatchIsOneProcesss(
      @ForAll @IntRange(min = 1, max = 9) int batches,
      @ForAll @IntRange(min = 1, max = 5) int processes) {
    List<Integer> whole = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      whole.add(i);
    }
    List<Integer> all = new ArrayList<>();
    for (int rank = 0; rank < processes; rank++) {
      List<Integer> own = Dealing.<Integer>batches().own(whole, rank, processes);
      int fair = batches / processes;
      assertThat(own.size()).isBetween(fair, fair + 1);
      all.addAll(own);
    }
    assertThat(all).containsExactlyInAnyOrderElementsOf(whole);
    assertThat(Dealing.<Integer>batches().own(whole, 0, processes)).contains(0);
  }

  @Test
  void theWholeAccumulatesOverTheBatchesOfAll() {
    Dealing<Integer> dealing = Dealing.batches();
    assertThat(dealing.batchSize(16, 3)).isEqualTo(16);
    assertThat(dealing.accumulate(2, 3)).isEqualTo(6);
  }
}
