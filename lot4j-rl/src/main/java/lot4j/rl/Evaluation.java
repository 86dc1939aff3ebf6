package lot4j.rl;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.Require;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import lot4j.train.Split;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.global.torch;

/**
 * Lets a network play. Every one of a fixed number of episodes is played to its end, whatever its
 * length, so that short ones count no more than long ones. Seeds depend on the split and the seed
 * given, not on the run: all networks play the same episodes.
 *
 * @param environment what is played
 * @param episodes how many, 1 or more
 * @param by how actions are chosen
 * @param seed of episodes and choices
 */
public record Evaluation(EnvironmentSpec environment, int episodes, ActBy by, long seed) {
  private static final int AT_ONCE = 32;

  public Evaluation {
    Require.atLeast("episodes", episodes, 1);
  }

  /**
   * What was reached.
   *
   * @param scores return of each episode, undiscounted, in the environment's own reward
   * @param lengths agent steps of each episode
   */
  public record Result(List<Double> scores, List<Long> lengths) {
    public Result {
      scores = List.copyOf(scores);
      lengths = List.copyOf(lengths);
    }

    /** Mean return. */
    public double mean() {
      return scores.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    /** Standard deviation of the returns, of a sample; 0 of one episode. */
    public double deviation() {
      double mean = mean();
      double squares = scores.stream().mapToDouble(s -> (s - mean) * (s - mean)).sum();
      return scores.size() < 2 ? 0 : Math.sqrt(squares / (scores.size() - 1));
    }

    /** Mean length in agent steps. */
    public double length() {
      return lengths.stream().mapToLong(Long::longValue).average().orElse(Double.NaN);
    }
  }

  /** Plays all episodes; the network is in eval mode by the caller's care. */
  public Result of(Network network, Split split) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard();
        Play play = new Play(network, split)) {
      return play.all();
    }
  }

  /**
   * Plays one episode and shows it.
   *
   * @param frames takes the picture of every state, the first one included
   * @return the episode's return
   * @throws EnvironmentException if the environment has no pictures
   */
  public double film(Network network, Split split, Consumer<BufferedImage> frames) {
    Streams streams = streams(split);
    double sum = 0;
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard();
        Environment one = environment.make(split);
        Copies copies = new Copies(List.of(one), 1);
        Observations seen = new Observations(one.spaces().observation(), 1)) {
      RandomStream seeds = streams.named("seeds");
      Choices choices = choices(one.spaces(), streams);
      float[] action = new float[one.spaces().action().width()];
      do {
        one.reset(seeds.generator().nextLong());
        frames.accept(picture(one));
        while (!one.terminated() && !one.truncated()) {
          seen.write(0, copies, 0, this::fault);
          try (PointerScope step = new PointerScope()) {
            choices.choose(network.forward(seen.seen(0, 1), new Memory()), action, new float[0]);
          }
          choices.bound(action);
          one.step(action, 0);
          sum += one.score();
          frames.accept(picture(one));
        }
      } while (!one.over());
    }
    return sum;
  }

  private BufferedImage picture(Environment one) {
    return one.render()
        .orElseThrow(
            () -> new EnvironmentException(environment.title() + ": has no pictures to record"));
  }

  private EnvironmentException fault(int environment, String what) {
    return new EnvironmentException(
        this.environment.title() + ": environment " + environment + ", evaluation: " + what);
  }

  private Streams streams(Split split) {
    return new Streams(new Streams(seed).engineSeed("evaluation." + split.key()));
  }

  private Choices choices(Spaces spaces, Streams streams) {
    return new Choices(spaces.action(), streams.named("action"), by);
  }

  /** All episodes of one network, as many at once as there is room for. */
  private final class Play implements AutoCloseable {
    private final Network network;
    private final Environments slots;
    private final Observations seen;
    private final Choices choices;
    private final long[] seeds = new long[episodes];
    private final double[] scores = new double[episodes];
    private final long[] lengths = new long[episodes];
    private final int[] playing;
    private final boolean[] active;
    private final float[] actions;
    private final int width;
    private int begun;

    Play(Network network, Split split) {
      this.network = network;
      int count = Math.min(episodes, AT_ONCE);
      this.slots = environment.make(split, count, torch.get_num_threads());
      this.seen = new Observations(slots.spaces().observation(), count);
      Streams streams = streams(split);
      this.choices = choices(slots.spaces(), streams);
      RandomStream stream = streams.named("seeds");
      for (int episode = 0; episode < episodes; episode++) {
        seeds[episode] = stream.generator().nextLong();
      }
      this.playing = new int[count];
      this.active = new boolean[count];
      this.width = slots.spaces().action().width();
      this.actions = new float[count * width];
    }

    Result all() {
      for (int slot = 0; slot < active.length; slot++) {
        begin(slot);
      }
      while (step()) {
        // Until every slot has played its last episode.
      }
      List<Double> score = new ArrayList<>();
      List<Long> length = new ArrayList<>();
      for (int episode = 0; episode < episodes; episode++) {
        score.add(scores[episode]);
        length.add(lengths[episode]);
      }
      return new Result(score, length);
    }

    private void begin(int slot) {
      active[slot] = begun < episodes;
      if (active[slot]) {
        playing[slot] = begun;
        slots.reset(slot, seeds[begun++]);
      }
    }

    private boolean step() {
      int rows = 0;
      for (int slot = 0; slot < active.length; slot++) {
        if (active[slot]) {
          seen.write(rows++, slots, slot, Evaluation.this::fault);
        }
      }
      if (rows == 0) {
        return false;
      }
      float[] chosen = new float[rows * width];
      try (PointerScope scope = new PointerScope()) {
        Output policy = network.forward(seen.seen(0, rows), new Memory());
        choices.choose(policy, chosen, new float[0]);
      }
      choices.bound(chosen);
      for (int slot = 0, row = 0; slot < active.length; slot++) {
        if (active[slot]) {
          System.arraycopy(chosen, width * row++, actions, slot * width, width);
        }
      }
      slots.step(actions, active);
      for (int slot = 0; slot < active.length; slot++) {
        if (active[slot]) {
          note(slot);
        }
      }
      return true;
    }

    private void note(int slot) {
      int episode = playing[slot];
      scores[episode] += slots.score(slot);
      lengths[episode]++;
      if (slots.over(slot)) {
        begin(slot);
      } else if (slots.terminated(slot) || slots.truncated(slot)) {
        slots.reset(slot, seeds[episode]); // the game goes on, with another life for instance
      }
    }

    @Override
    public void close() {
      slots.close();
      seen.close();
    }
  }
}
