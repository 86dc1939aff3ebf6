package lot4j.atari;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lot4j.Require;
import lot4j.rl.Copies;
import lot4j.rl.Environment;
import lot4j.rl.EnvironmentSpec;
import lot4j.rl.Environments;
import lot4j.train.Prepared.Source;
import lot4j.train.Split;

/**
 * An Atari 2600 game in the Arcade Learning Environment, as {@code NoFrameskip-v4} and its usual
 * wrappers make it. An observation is [stack, size, size] grey bytes, the oldest picture first.
 *
 * <p>Sources: Mnih et al., "Human-level control through deep reinforcement learning", 2015, for the
 * pictures, the skipped frames, lives as episodes and clipped rewards; Machado et al., "Revisiting
 * the Arcade Learning Environment", 2018, for sticky actions and the length of a game.
 *
 * @param rom the game's file
 * @param frameSkip raw frames that an action is held for; the picture is the brighter of the last
 *     two, pixel by pixel, since the console draws some things in every other frame only
 * @param noopMax a game begins with 1 to this many idle raw frames, equally likely; 0 for none
 * @param episodicLife whether a lost life ends the episode; the game goes on with the next
 * @param fireReset whether an episode begins with pressing the button, and then the action after
 *     it, in games that have the button as their second of three or more actions
 * @param clipRewards whether the agent learns from the sign of the points
 * @param stack pictures in an observation
 * @param size rows and columns of a picture
 * @param sticky chance that a raw frame repeats the action of the one before
 * @param fullActions whether the agent has all 18 actions, or those alone that the game takes
 * @param maxFrames raw frames after which a game is cut off
 * @param reward what the agent is rewarded for
 */
public record Ale(
    Path rom,
    int frameSkip,
    int noopMax,
    boolean episodicLife,
    boolean fireReset,
    boolean clipRewards,
    int stack,
    int size,
    double sticky,
    boolean fullActions,
    int maxFrames,
    Reward reward)
    implements EnvironmentSpec {
  /** The console's picture is this wide; pictures are only made smaller. */
  private static final int WIDTH = 160;

  /** What the agent is rewarded for. */
  public enum Reward {
    /** The game's points. */
    SCORE,
    /** 1 for every step that did not end in a lost life or game; the points do not count. */
    SURVIVAL
  }

  public Ale {
    Require.within("frameSkip", frameSkip, 1, 60);
    Require.within("noopMax", noopMax, 0, 10_000);
    Require.within("stack", stack, 1, 64);
    Require.within("size", size, 1, WIDTH);
    Require.below("sticky", sticky, 0, 1);
    Require.atLeast("maxFrames", maxFrames, 1);
  }

  /** The published setting; its game is still to be named: {@link #withRom}. */
  public static Ale standard() {
    return new Ale(Path.of(""), 4, 30, true, true, true, 4, 84, 0, false, 108_000, Reward.SCORE);
  }

  /** The same for another game. */
  public Ale withRom(Path other) {
    return new Ale(
        other,
        frameSkip,
        noopMax,
        episodicLife,
        fireReset,
        clipRewards,
        stack,
        size,
        sticky,
        fullActions,
        maxFrames,
        reward);
  }

  @Override
  public Environment make(Split split) {
    Rom read = Rom.read(rom);
    return new Game(this, Emulator.of(read, fullActions), read.sha256());
  }

  /**
   * Games that step on {@code threads} threads: four frames and their picture take far longer than
   * handing them over. Emulators share nothing, so that each does the same on any thread.
   */
  @Override
  public Environments make(Split split, int count, int threads) {
    List<Environment> each = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      each.add(make(split));
    }
    return new Copies(each, threads);
  }

  @Override
  public String title() {
    return "ale:" + Rom.name(rom) + (reward == Reward.SURVIVAL ? "[survival]" : "");
  }

  @Override
  public List<Source> sources() {
    return List.of(Rom.read(rom).source());
  }

  @Override
  public List<String> notes() {
    return reward == Reward.SURVIVAL
        ? List.of(
            "the reward is survival, 1 for each step: scores are steps, not the game's points, and"
                + " compare with no published score")
        : List.of();
  }
}
