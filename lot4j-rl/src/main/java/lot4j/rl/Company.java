package lot4j.rl;

import java.util.List;

/**
 * Groups of like environments that are led alike and have to show the same, whatever steps them.
 */
final class Company {
  private final String title;
  private final List<Environments> groups;
  private final ActionSpace space;
  private final float[] actions;
  private final boolean[] active;

  Company(String title, List<Environments> groups) {
    Environments first = groups.get(0);
    this.title = title;
    this.groups = groups;
    this.space = first.spaces().action();
    this.actions = new float[first.count() * space.width()];
    this.active = new boolean[first.count()];
  }

  /** Leads them; one after the other pauses for a step. */
  void walk(int moves, long seed) {
    int count = active.length;
    for (int move = 0; move < moves; move++) {
      int pausing = move % (count + 1);
      Sight[] before = new Sight[count];
      for (int i = 0; i < count; i++) {
        if (move == 0 || ended(i)) {
          begin(i, Walk.mixed(seed + i, move));
        }
        before[i] = Sight.of(groups.get(0), i);
        active[i] = i != pausing;
        Walk.draw(space, Walk.mixed(~seed + i, move), actions, i * space.width());
      }
      groups.forEach(group -> group.step(actions, active));
      if (pausing < count) {
        int still = pausing;
        same(move, still, before[still], "an inactive one has to stay as it is");
      }
      for (int i = 0; i < count; i++) {
        same(move, i, Sight.of(groups.get(0), i), "how it is stepped may change nothing");
      }
    }
  }

  private boolean ended(int i) {
    return groups.get(0).terminated(i) || groups.get(0).truncated(i);
  }

  private void begin(int i, long seed) {
    groups.forEach(group -> group.reset(i, seed));
  }

  private void same(int move, int i, Sight expected, String promise) {
    for (Environments group : groups) {
      expected
          .difference(Sight.of(group, i))
          .ifPresent(
              difference -> {
                throw new EnvironmentException(
                    title
                        + ": move "
                        + (move + 1)
                        + " of environment "
                        + i
                        + ": "
                        + promise
                        + ", but "
                        + difference);
              });
    }
  }
}
