package lot4j.rl;

import java.util.List;

/**
 * Groups of like environments that are led alike and have to show the same, whatever steps them.
 */
final class Lockstep {
  private final String title;
  private final long seed;
  private final float[] actions;
  private final boolean[] active;
  private int moves;

  Lockstep(String title, Spaces spaces, int count, long seed) {
    this.title = title;
    this.seed = seed;
    this.actions = new float[count * spaces.action().width()];
    this.active = new boolean[count];
  }

  /** Leads them so much further; one environment after the other pauses for a move. */
  void walk(List<Environments> groups, int count) {
    Environments first = groups.get(0);
    ActionSpace space = first.spaces().action();
    for (int last = moves + count; moves < last; moves++) {
      int pausing = moves % (active.length + 1);
      Sight[] before = new Sight[active.length];
      for (int i = 0; i < active.length; i++) {
        if (moves == 0 || first.terminated(i) || first.truncated(i)) {
          int own = i;
          groups.forEach(group -> group.reset(own, Walk.mixed(seed + own, moves)));
        }
        before[i] = Sight.of(first, i);
        active[i] = i != pausing;
        Walk.draw(space, Walk.mixed(~seed + i, moves), actions, i * space.width());
      }
      groups.forEach(group -> group.step(actions, active));
      if (pausing < active.length) {
        same(groups, pausing, before[pausing], "an inactive one has to stay as it is");
      }
      for (int i = 0; i < active.length; i++) {
        same(groups, i, Sight.of(first, i), "how it is stepped may change nothing");
      }
    }
  }

  private void same(List<Environments> groups, int i, Sight expected, String promise) {
    for (Environments group : groups) {
      expected
          .difference(Sight.of(group, i))
          .ifPresent(
              difference -> {
                throw new EnvironmentException(
                    title
                        + ": move "
                        + (moves + 1)
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
