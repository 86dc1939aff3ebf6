package lot4j.rl;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lot4j.train.DataException;
import lot4j.train.Split;
import org.bytedeco.javacpp.PointerScope;

/**
 * What every environment has to keep, checked by running it: for the tests of whoever writes one.
 * It takes a few thousand steps, more where episodes are long, and no display.
 *
 * <pre>{@code
 * assertThat(EnvironmentContract.violations(new Coin(0.5))).isEmpty();
 * }</pre>
 */
public final class EnvironmentContract {
  private static final long SEED = 20_240_229;
  private static final int MOVES = 400;
  private static final int COPIES = 5;

  /** Every kept game ends much earlier: Atari's limit is 27,000 agent steps. */
  private static final int LONGEST = 120_000;

  private final EnvironmentSpec spec;
  private final Split split;
  private final Set<String> found = new LinkedHashSet<>();

  private EnvironmentContract(EnvironmentSpec spec, Split split) {
    this.spec = spec;
    this.split = split;
  }

  /**
   * What {@code spec} breaks, a sentence each that names the environment, the step and the values;
   * none if it is sound. An environment without chance is sound: {@link #hasChance}.
   *
   * @throws DataException if what it needs is not there
   */
  public static List<String> violations(EnvironmentSpec spec) {
    Set<String> found = new LinkedHashSet<>(of(spec, Split.TRAIN));
    if (spec.levels()) {
      found.addAll(of(spec, Split.TEST));
    }
    return List.copyOf(found);
  }

  /** Whether episodes of different seeds differ, within a few hundred steps of like actions. */
  public static boolean hasChance(EnvironmentSpec spec) {
    try (Walk one = new Walk(spec.title(), spec.make(Split.TRAIN), SEED);
        Walk other = new Walk(spec.title(), spec.make(Split.TRAIN), SEED)) {
      one.reset(SEED);
      other.reset(SEED + 1);
      for (int i = 0; i < MOVES && one.sight().difference(other.sight()).isEmpty(); i++) {
        one.move();
        other.move();
      }
      return one.sight().difference(other.sight()).isPresent();
    }
  }

  private static Set<String> of(EnvironmentSpec spec, Split split) {
    EnvironmentContract contract = new EnvironmentContract(spec, split);
    contract.check("on a plain walk", contract::endsSometime);
    if (!contract.found.isEmpty()) {
      return contract.found; // Everything else would only find the same again.
    }
    contract.check("asked for its spaces", contract::keepsItsSpaces);
    contract.check("with the same seed", contract::repeats);
    contract.check("side by side", contract::isIndependent);
    contract.check("observed twice", contract::looksWithoutTouching);
    contract.check("reset", contract::beginsAnew);
    contract.check("saved and restored", contract::goesOnToTheBit);
    contract.check("given every action", contract::takesEveryAction);
    contract.check("drawn", contract::drawsOneSize);
    contract.check("in many copies", contract::dependsOnNoThreads);
    return contract.found;
  }

  // What the environment needs and is not there is the caller's matter.
  private void check(String when, Runnable check) {
    try (PointerScope scope = new PointerScope()) {
      check.run();
    } catch (DataException e) {
      throw e;
    } catch (EnvironmentException e) {
      found.add(e.getMessage());
    } catch (RuntimeException e) { // whatever an author's mistake throws is a finding
      found.add(spec.title() + ": " + when + ": threw " + e);
    }
  }

  private Walk walk() {
    return new Walk(spec.title(), spec.make(split), SEED);
  }

  private void endsSometime() {
    try (Walk walk = walk()) {
      for (int i = 0; i < LONGEST && !walk.sight().ended(); i++) {
        walk.move();
      }
      walk.demand(walk.sight().ended(), "no episode has ended yet; a time limit is asked for");
    }
  }

  private void keepsItsSpaces() {
    try (Walk walk = walk();
        Walk other = walk()) {
      Spaces first = walk.environment().spaces();
      for (int i = 0; i < MOVES; i++) {
        walk.move();
        Spaces now = walk.environment().spaces();
        walk.demand(now.equals(first), "spaces() is " + now + ", it was " + first);
      }
      Spaces others = other.environment().spaces();
      walk.demand(others.equals(first), "another one's spaces() is " + others + ", not " + first);
      if (first.action() instanceof ActionSpace.Box box) {
        for (int i = 0; i < box.width(); i++) {
          double low = box.low().get(i);
          double high = box.high().get(i);
          walk.demand(
              Double.isFinite(low) && Double.isFinite(high) && low < high,
              "action[" + i + "] goes from " + low + " to " + high + "; finite, rising bounds");
        }
      }
    }
  }

  private void repeats() {
    // One after the other, so that hidden chance, not shared state, makes the difference.
    try (Walk one = walk()) {
      List<Sight> first = one.record(MOVES);
      try (Walk other = walk()) {
        for (Sight sight : first) {
          other.move();
          other.same(sight, "the same seed and actions have to give the same bits");
        }
      }
    }
  }

  private void isIndependent() {
    try (Walk alone = walk();
        Walk beside = walk();
        Walk stranger = new Walk(spec.title(), spec.make(split), SEED + 1)) {
      for (Sight sight : alone.record(MOVES)) {
        stranger.move();
        beside.move();
        beside.same(sight, "another one beside it may change nothing");
      }
    }
  }

  private void looksWithoutTouching() {
    try (Walk plain = walk();
        Walk watched = walk()) {
      for (Sight sight : plain.record(MOVES)) {
        watched.move();
        watched.look();
        watched.same(sight, "looking twice may change nothing");
      }
    }
  }

  private void beginsAnew() {
    try (Walk used = walk()) {
      used.record(7);
      anew(used, "a reset amid an episode has to forget it");
      for (int i = 0; i < LONGEST && !used.sight().over(); i++) {
        used.move();
      }
      anew(used, "a reset after the end has to begin anew");
    }
  }

  private void anew(Walk used, String promise) {
    try (Walk fresh = used.follower(spec.make(split))) {
      fresh.reset(SEED);
      used.reset(SEED);
      used.same(fresh.sight(), promise);
      for (int i = 0; i < 60; i++) {
        fresh.move();
        used.move();
        used.same(fresh.sight(), promise);
      }
    }
  }

  private void goesOnToTheBit() {
    for (int when : List.of(0, 1, 2, 9, 61, 250)) {
      try (Walk walk = walk()) {
        walk.record(when);
        goesOnToTheBit(walk, when > 0);
      }
    }
    try (Walk walk = walk()) {
      do {
        walk.move();
      } while (!walk.sight().ended());
      goesOnToTheBit(walk, true);
    }
  }

  private void goesOnToTheBit(Walk walk, boolean begun) {
    try (PointerScope scope = new PointerScope();
        Walk untouched = walk();
        Walk fresh = walk.follower(spec.make(split));
        Walk used = walk.follower(spec.make(split))) {
      Snapshot saved = new Snapshot(scope);
      walk.environment().save(saved);
      used.environment().reset(SEED + 3);
      fresh.environment().restore(saved);
      used.environment().restore(saved);
      if (begun) {
        fresh.look();
        fresh.same(walk.sight(), "restored into a fresh one it has to be the same");
        used.look();
        used.same(walk.sight(), "restored into a used one it has to be the same");
      }
      for (int i = 0; i < MOVES; i++) {
        walk.move();
        fresh.move();
        fresh.same(walk.sight(), "restored into a fresh one it has to go on to the bit");
        used.move();
        used.same(walk.sight(), "restored into a used one it has to go on to the bit");
      }
      untouched.catchUp(walk);
      walk.same(untouched.sight(), "saving may change nothing");
    }
  }

  private void takesEveryAction() {
    try (Walk walk = walk()) {
      for (double[] action : actions(walk.environment().spaces().action())) {
        walk.reset(SEED);
        for (int i = 0; i < 3 && !walk.sight().ended(); i++) {
          walk.step(action);
        }
      }
    }
  }

  private static List<double[]> actions(ActionSpace space) {
    if (space instanceof ActionSpace.Box box) {
      return Stream.of(box.low(), box.high())
          .map(
              bound ->
                  bound.stream().mapToDouble(x -> Math.max(-1000, Math.min(1000, x))).toArray())
          .toList();
    }
    return IntStream.range(0, space.outputs()).mapToObj(i -> new double[] {i}).toList();
  }

  private void drawsOneSize() {
    try (Walk plain = walk();
        Walk drawn = walk()) {
      String size = "";
      for (Sight sight : plain.record(60)) {
        drawn.move();
        String now =
            drawn
                .environment()
                .render()
                .map(p -> p.getWidth() + "x" + p.getHeight())
                .orElse("none");
        drawn.demand(
            size.isEmpty() || now.equals(size), "render() is " + now + " large, it was " + size);
        size = now;
        drawn.look();
        drawn.same(sight, "render() may change nothing");
      }
    }
  }

  private void dependsOnNoThreads() {
    List<Environment> single = new ArrayList<>();
    for (int i = 0; i < COPIES; i++) {
      single.add(spec.make(split));
    }
    try (PointerScope scope = new PointerScope();
        Environments each = new Copies(single, 1);
        Environments one = spec.make(split, COPIES, 1);
        Environments two = spec.make(split, COPIES, 2);
        Environments restored = spec.make(split, COPIES, 2)) {
      Lockstep lockstep = new Lockstep(spec.title(), each.spaces(), COPIES, SEED);
      lockstep.walk(List.of(each, one, two), MOVES / 2);
      Snapshot saved = new Snapshot(scope);
      two.save(saved);
      restored.restore(saved);
      lockstep.walk(List.of(each, one, two, restored), MOVES / 2);
    }
  }
}
