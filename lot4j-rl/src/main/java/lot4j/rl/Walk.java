package lot4j.rl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One environment on a walk of actions that look random and depend on the walk's seed alone: the
 * next episode is begun where one ends. Each move is looked at; what no environment may show is an
 * {@link EnvironmentException}.
 */
final class Walk implements AutoCloseable {
  private static final double FAR = 1000;

  /** Where actions are put, so that an environment which forgets the offset reads NaN. */
  private static final int OFFSET = 2;

  private static final int GUARD = 8;
  private static final byte UNTOUCHED = (byte) 0xA5;

  private final Environment environment;
  private final String title;
  private final Spaces spaces;
  private final long seed;
  private final float[] actions;
  private final ByteBuffer seen;
  private int moves;
  private int episodes;
  private Sight sight;

  /** A walk from its beginning; closes the environment. */
  Walk(String title, Environment environment, long seed) {
    this.title = title;
    this.environment = environment;
    this.spaces = environment.spaces();
    this.seed = seed;
    this.actions = new float[OFFSET + spaces.action().width() + OFFSET];
    this.seen = room(spaces);
    this.sight = new Sight(spaces, 0, 0, false, false, false, copy(seen));
  }

  private static ByteBuffer room(Spaces spaces) {
    return ByteBuffer.allocateDirect(GUARD + spaces.observation().bytes() + GUARD)
        .order(ByteOrder.nativeOrder());
  }

  /** Another environment that will be led as this one from here on; not looked at yet. */
  Walk follower(Environment other) {
    Walk walk = new Walk(title, other, seed);
    walk.moves = moves;
    walk.episodes = episodes;
    return walk;
  }

  Environment environment() {
    return environment;
  }

  Sight sight() {
    return sight;
  }

  /** The next so many moves. */
  List<Sight> record(int count) {
    List<Sight> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      move();
      all.add(sight);
    }
    return all;
  }

  /** Makes as many moves as another one has. */
  void catchUp(Walk other) {
    while (moves < other.moves) {
      move();
    }
  }

  /** Begins the first episode, or the next one after an end; else acts. */
  void move() {
    if (episodes == 0 || sight.ended()) {
      reset(mixed(seed, episodes));
    } else {
      Arrays.fill(actions, Float.NaN);
      draw(spaces.action(), mixed(~seed, moves), actions, OFFSET);
      step();
    }
  }

  /** Begins an episode. */
  void reset(long episodeSeed) {
    environment.reset(episodeSeed);
    episodes++;
    moves++;
    look();
    demand(sight.reward() == 0, "reward() is " + sight.reward() + " after a reset; 0 is asked for");
    demand(
        !sight.ended() && !sight.over(),
        "after a reset " + sight.flags() + "; all have to be false");
  }

  /** Takes an action of choice. */
  void step(double... action) {
    Arrays.fill(actions, Float.NaN);
    for (int i = 0; i < action.length; i++) {
      actions[OFFSET + i] = (float) action[i];
    }
    step();
  }

  private void step() {
    float[] given = actions.clone();
    ByteBuffer old = copy(seen);
    environment.step(actions, OFFSET);
    moves++;
    demand(
        Arrays.equals(given, actions),
        "step() changed its actions " + Arrays.toString(given) + " to " + Arrays.toString(actions));
    demand(old.equals(copy(seen)), "step() wrote into the buffer of an earlier observe()");
    look();
  }

  /**
   * Draws an action that lies at {@code offset} and touches nothing else.
   *
   * @param random decides on it
   */
  static void draw(ActionSpace space, long random, float[] actions, int offset) {
    if (space instanceof ActionSpace.Discrete discrete) {
      actions[offset] = Math.floorMod(random, discrete.choices());
    } else if (space instanceof ActionSpace.Box box) {
      for (int i = 0; i < box.width(); i++) {
        double part = (mixed(random, i) >>> 11) * 0x1p-53;
        double low = Math.max(-FAR, box.low().get(i)); // bounds may be infinite, actions are not
        double high = Math.min(FAR, box.high().get(i));
        actions[offset + i] = (float) (low + part * (high - low));
      }
    }
  }

  /** SplitMix64's finish: looks random, depends on nothing but its arguments. */
  static long mixed(long seed, long count) {
    long z = seed + (count + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Looks at what is there, which changes nothing. */
  void look() {
    observe();
    sight =
        new Sight(
            spaces,
            environment.reward(),
            environment.score(),
            environment.terminated(),
            environment.truncated(),
            environment.over(),
            copy(seen));
    demand(
        Float.isFinite(sight.reward()),
        "reward() is " + sight.reward() + "; a finite number is asked for");
    demand(
        Double.isFinite(sight.score()),
        "score() is " + sight.score() + "; a finite number is asked for");
    demand(
        !sight.over() || sight.ended(),
        sight.flags() + "; a game that is over has ended its episode");
    if (spaces.observation().type() == ObservationSpace.Type.FLOAT) {
      for (int i = 0; i < spaces.observation().count(); i++) {
        double value = sight.number(i);
        demand(
            Double.isFinite(value),
            "observation[" + i + "] is " + value + "; a finite number is asked for");
      }
    }
  }

  private void observe() {
    for (int i = 0; i < seen.capacity(); i++) {
      seen.put(i, UNTOUCHED);
    }
    int bytes = spaces.observation().bytes();
    seen.clear().position(GUARD);
    environment.observe(seen);
    int written = seen.position() - GUARD;
    demand(written == bytes, "observe() wrote " + written + " bytes; its space takes " + bytes);
    for (int i = 0; i < GUARD; i++) {
      demand(
          seen.get(i) == UNTOUCHED && seen.get(GUARD + bytes + i) == UNTOUCHED,
          "observe() wrote outside its " + bytes + " bytes");
    }
  }

  private ByteBuffer copy(ByteBuffer from) {
    byte[] bytes = new byte[spaces.observation().bytes()];
    from.get(GUARD, bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  /** Demands that this is what another one showed, to the bit. */
  void same(Sight other, String promise) {
    sight.difference(other).ifPresent(difference -> demand(false, promise + ", but " + difference));
  }

  /** Says where on the walk something is not as it has to be. */
  void demand(boolean kept, String otherwise) {
    if (!kept) {
      throw new EnvironmentException(
          title + ": move " + moves + " (episode " + episodes + "): " + otherwise);
    }
  }

  @Override
  public void close() {
    environment.close();
  }
}
