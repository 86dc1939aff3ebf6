package lot4j.atari;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32;
import lot4j.Require;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import lot4j.rl.ActionSpace;
import lot4j.rl.Environment;
import lot4j.rl.ObservationSpace;
import lot4j.rl.Spaces;

/**
 * A game as the agent meets it: {@link Ale} says how. Its state is saved as the actions since
 * power-on and restored by playing them again.
 */
final class Game implements Environment {
  private final Ale setting;
  private final Console console;
  private final String rom;
  private final int[] actions;
  private final boolean fires;
  private final Area area;
  private final Stack stack;
  private final Spaces spaces;
  private final byte[] screen;
  private final byte[] before;
  private final byte[] small;
  private final Tape tape = new Tape();

  private RandomStream chance = new Streams(0).named("game");
  private boolean began;
  private int lives;
  private boolean terminated;
  private float reward;
  private double score;

  /**
   * Takes over the console.
   *
   * @param rom a digest of the game
   */
  Game(Ale setting, Console console, String rom) {
    this.setting = setting;
    this.console = console;
    this.rom = rom;
    this.actions = console.actions();
    this.fires = setting.fireReset() && actions.length >= 3 && actions[1] == Console.FIRE;
    int size = setting.size();
    this.area = new Area(console.height(), console.width(), size);
    this.stack = new Stack(setting.stack(), size * size);
    this.screen = new byte[console.height() * console.width()];
    this.before = new byte[screen.length];
    this.small = new byte[size * size];
    this.spaces =
        new Spaces(
            ObservationSpace.bytes(1 / 255.0, setting.stack(), size, size),
            new ActionSpace.Discrete(actions.length));
  }

  @Override
  public Spaces spaces() {
    return spaces;
  }

  @Override
  public void reset(long seed) {
    chance = new Streams(seed).named("game");
    begin(!began || !terminated || over());
    if (fires) {
      press(actions[1]);
      press(actions[2]);
    }
    began = true;
    terminated = false;
    reward = 0;
    score = 0;
    area.shrink(screen, small);
    stack.fill(small);
  }

  /** Begins a game, or goes on with one after a lost life. */
  private void begin(boolean anew) {
    if (anew) {
      powerOn();
      idle();
    } else {
      hold(Console.NOOP);
      if (over()) {
        begin(true);
      }
    }
    lives = console.lives();
  }

  private void powerOn() {
    console.powerOn();
    tape.clear();
    console.screen(screen);
  }

  private void idle() {
    int frames = setting.noopMax() == 0 ? 0 : 1 + chance.below(setting.noopMax());
    for (int i = 0; i < frames; i++) {
      frame(Console.NOOP);
      if (over()) {
        powerOn();
      }
    }
    console.screen(screen);
  }

  private void press(int action) {
    hold(action);
    if (over()) {
      begin(true);
    } else if (lifeLost()) {
      begin(false);
    }
  }

  @Override
  public void step(float[] choice, int offset) {
    if (!began || terminated || over()) {
      throw new IllegalStateException("step: the episode has ended or not begun; reset first");
    }
    int chosen = (int) choice[offset];
    Require.that(
        chosen >= 0 && chosen < actions.length, "action", chosen, "0 to " + (actions.length - 1));
    int points = hold(actions[chosen]);
    // Both are asked: the lives are those after this step, whatever it ended in.
    boolean lost = lifeLost();
    terminated = console.over() || lost;
    if (setting.reward() == Ale.Reward.SURVIVAL) {
      reward = terminated ? 0 : 1;
      score = reward;
    } else {
      reward = setting.clipRewards() ? Integer.signum(points) : points;
      score = points;
    }
    area.shrink(screen, small);
    stack.push(small);
  }

  /** Some games stay at no lives for a few frames before they end; those are not a lost life. */
  private boolean lifeLost() {
    int now = console.lives();
    boolean lost = now < lives && now > 0;
    lives = now;
    return lost && setting.episodicLife();
  }

  /** Holds an action for the skipped frames; the points that they brought. */
  private int hold(int action) {
    int points = 0;
    int last = setting.frameSkip() - 1;
    boolean two = false;
    for (int i = 0; i <= last; i++) {
      points += frame(action);
      boolean ended = over();
      if (ended || i == last) {
        console.screen(screen);
        break;
      }
      if (i == last - 1) {
        console.screen(before);
        two = true;
      }
    }
    if (two) {
      for (int i = 0; i < screen.length; i++) {
        screen[i] = (byte) Math.max(screen[i] & 255, before[i] & 255);
      }
    }
    return points;
  }

  private int frame(int action) {
    boolean sticks = setting.sticky() > 0 && chance.uniform() < setting.sticky();
    int held = sticks ? tape.last() : action;
    tape.add(held);
    return console.act(held);
  }

  @Override
  public void observe(ByteBuffer out) {
    stack.write(out);
  }

  @Override
  public float reward() {
    return reward;
  }

  @Override
  public double score() {
    return score;
  }

  @Override
  public boolean terminated() {
    return terminated;
  }

  @Override
  public boolean truncated() {
    return tape.length() >= setting.maxFrames();
  }

  @Override
  public boolean over() {
    return console.over() || truncated();
  }

  @Override
  public Optional<BufferedImage> render() {
    return Optional.of(console.picture());
  }

  @Override
  public void save(StateWriter out) {
    out.text("rom", rom);
    out.bytes("tape", Packed.of(tape.bytes()));
    out.bytes("pictures", Packed.of(stack.bytes()));
    out.number("screen", checksum());
    chance.save(out.section("chance"));
    out.number("began", began ? 1 : 0);
    out.number("lives", lives);
    out.number("terminated", terminated ? 1 : 0);
    out.real("reward", reward);
    out.real("score", score);
  }

  @Override
  public void restore(StateReader in) {
    if (!in.text("rom").equals(rom)) {
      throw new CheckpointException("rom: the game's file is not the one that the run began with");
    }
    tape.play(Packed.open("tape", in.bytes("tape")), console);
    if (checksum() != in.number("screen")) {
      throw new CheckpointException("screen: the same actions led the emulator somewhere else");
    }
    stack.bytes(Packed.open("pictures", in.bytes("pictures")));
    chance.restore(in.section("chance"));
    began = in.number("began") != 0;
    lives = Math.toIntExact(in.number("lives"));
    terminated = in.number("terminated") != 0;
    reward = (float) in.real("reward");
    score = in.real("score");
  }

  private long checksum() {
    console.screen(before);
    CRC32 crc = new CRC32();
    crc.update(before);
    return crc.getValue();
  }

  @Override
  public void close() {
    console.close();
  }
}
