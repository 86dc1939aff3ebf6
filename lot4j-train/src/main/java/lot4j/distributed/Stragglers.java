package lot4j.distributed;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Rank 0's eye on ranks that give signs of life and get nowhere. A rank keeps the others waiting
 * while one of them is in a meeting that it has not come to; how long that may be goes by {@link
 * Patience#stall} and by the longest time between meetings so far, whatever is longer.
 *
 * <p>Waiting is counted look by look, so that a machine that was asleep as a whole, whose clock
 * went on, is not taken for a rank that is stuck.
 */
final class Stragglers {
  private static final int TIMES = 10;

  private final Patience patience;
  private final Map<Integer, Kept> kept = new TreeMap<>();

  private record Kept(long meetings, long nanos) {}

  Stragglers(Patience patience) {
    this.patience = patience;
  }

  /**
   * Looks at all ranks.
   *
   * @param all how far each is
   * @param nanos since the last look
   * @return who has kept the others waiting for too long, if someone has
   */
  Optional<Loss> look(Map<Integer, Headway> all, long nanos) {
    long most = all.values().stream().mapToLong(Headway::meetings).max().orElse(0);
    boolean waited =
        all.values().stream()
            .anyMatch(each -> each.meetings() == most && each.waits() && !each.excused());
    Optional<Integer> worst = Optional.empty();
    for (Map.Entry<Integer, Headway> each : all.entrySet()) {
      int rank = each.getKey();
      Headway headway = each.getValue();
      Kept before = kept.getOrDefault(rank, new Kept(-1, 0));
      boolean behind = waited && headway.meetings() < most && !headway.excused();
      boolean still = behind && before.meetings() == headway.meetings();
      kept.put(rank, new Kept(headway.meetings(), still ? before.nanos() + nanos : 0));
      boolean worse =
          worst.map(other -> headway.meetings() < all.get(other).meetings()).orElse(true);
      if (kept.get(rank).nanos() > allowed(all) && worse) {
        worst = Optional.of(rank);
      }
    }
    return worst.map(rank -> loss(rank, all));
  }

  private long allowed(Map<Integer, Headway> all) {
    long stall = patience.stall().toNanos();
    boolean begun = all.values().stream().allMatch(Headway::begun);
    return Math.max(stall, begun ? TIMES * longest(all) : patience.join().toNanos());
  }

  private static long longest(Map<Integer, Headway> all) {
    return all.values().stream().mapToLong(Headway::longestNanos).max().orElse(0);
  }

  private Loss loss(int rank, Map<Integer, Headway> all) {
    String message =
        String.format(
            Locale.ROOT,
            "rank %d is stuck: at %s it has kept the others waiting for %d s; %s = %d s, the longest"
                + " step so far took %.1f s",
            rank,
            all.get(rank).place(),
            kept.get(rank).nanos() / 1_000_000_000,
            Patience.STALL,
            patience.stall().toSeconds(),
            longest(all) / 1e9);
    return new Loss(rank, 1, false, message);
  }
}
