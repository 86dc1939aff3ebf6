package lot4j.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who keeps the others waiting, for how long, and when that is too long. */
class StragglersTest {
  private static final long SECOND = 1_000_000_000;

  private final Stragglers stragglers =
      new Stragglers(
          new Patience(Duration.ofSeconds(300), Duration.ofSeconds(15), Duration.ofSeconds(5)));

  private static Headway waits(long meetings) {
    return new Headway(meetings, true, false, true, SECOND / 10, "step " + meetings);
  }

  private static Headway computes(long meetings) {
    return new Headway(meetings, false, false, true, SECOND / 10, "step " + meetings);
  }

  private static Headway excused(long meetings) {
    return new Headway(meetings, false, true, true, SECOND / 10, "the checkpoint of step 3");
  }

  /** What is found at the end of so many looks, a second apart. */
  private Optional<Loss> after(int looks, Map<Integer, Headway> all) {
    Optional<Loss> found = Optional.empty();
    for (int i = 0; i < looks; i++) {
      found = stragglers.look(all, SECOND);
    }
    return found;
  }

  @Test
  void whoDoesNotComeIsNamedWithItsPlace() {
    Map<Integer, Headway> all = Map.of(0, waits(8), 1, computes(7), 2, waits(8));
    assertThat(after(6, all)).isEmpty();
    assertThat(after(1, all))
        .hasValue(
            new Loss(
                1,
                1,
                false,
                "rank 1 is stuck: at step 7 it has kept the others waiting for 6 s;"
                    + " LOT_STALL_TIMEOUT = 5 s, the longest step so far took 0.1 s"));
  }

  @Test
  void rankZeroIsNoException() {
    assertThat(after(7, Map.of(0, computes(7), 1, waits(8))).map(Loss::rank)).hasValue(0);
  }

  @Test
  void ofSeveralTheOneThatIsLeastFarIsNamed() {
    Map<Integer, Headway> all = Map.of(0, waits(8), 1, computes(7), 2, computes(6));
    assertThat(after(7, all).map(Loss::rank)).hasValue(2);
  }

  @Test
  void whoComesAfterAllIsForgiven() {
    for (int meetings = 1; meetings < 9; meetings++) {
      assertThat(after(5, Map.of(0, waits(meetings + 1), 1, computes(meetings)))).isEmpty();
    }
  }

  @Test
  void tenTimesTheLongestStepIsAllowed() {
    Headway slow = new Headway(7, false, false, true, 2 * SECOND, "step 7");
    Map<Integer, Headway> all = Map.of(0, waits(8), 1, slow);
    assertThat(after(21, all)).isEmpty();
    assertThat(after(1, all)).isPresent();
  }

  @Test
  void beforeTheFirstSumTheyWaitAsLongAsAtTheStart() {
    Headway reading = new Headway(1, false, false, false, 0, "the start");
    Map<Integer, Headway> all = Map.of(0, waits(2), 1, reading);
    assertThat(after(301, all)).isEmpty();
    assertThat(after(1, all)).isPresent();
  }

  @Test
  void whatOneRankDoesForAllIsWaitedForWithoutEnd() {
    assertThat(after(10_000, Map.of(0, excused(7), 1, waits(8)))).isEmpty();
    // Rank 0 judges: it is in the meeting that the others wait in.
    Headway judges = new Headway(8, true, true, true, SECOND / 10, "the evaluation after step 7");
    assertThat(after(10_000, Map.of(0, judges, 1, waits(8)))).isEmpty();
    assertThat(after(10_000, Map.of(0, judges, 1, computes(7)))).isEmpty();
  }

  @Test
  void whereNobodyWaitsNobodyIsLate() {
    assertThat(after(10_000, Map.of(0, computes(8), 1, computes(7)))).isEmpty();
  }
}
