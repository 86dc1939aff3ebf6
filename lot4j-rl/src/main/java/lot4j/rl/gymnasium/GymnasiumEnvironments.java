package lot4j.rl.gymnasium;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import lot4j.Require;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.rl.EnvironmentException;
import lot4j.rl.Environments;
import lot4j.rl.Spaces;

/**
 * Environments in Python, stepped by one message to each process; the processes step at the same
 * time. The state of a stranger's environment cannot be saved: a restore plays the present episodes
 * again from their seeds and refuses to go on where it does not arrive at the same state.
 */
final class GymnasiumEnvironments implements Environments {
  private static final int TERMINATED = 1;
  private static final int TRUNCATED = 2;

  private final Gymnasium spec;
  private final List<Worker> workers;
  private final Worker[] workerOf;
  private final Spaces spaces;
  private final int width;
  private final Episode[] episodes;
  private final double[] rewards;
  private final byte[] flags;
  private final byte[][] observations;

  private GymnasiumEnvironments(Gymnasium spec, List<Worker> workers, int count) {
    this.spec = spec;
    this.workers = workers;
    this.spaces = workers.get(0).spaces();
    this.width = spaces.action().width();
    this.workerOf = new Worker[count];
    this.episodes = new Episode[count];
    this.rewards = new double[count];
    this.flags = new byte[count];
    this.observations = new byte[count][spaces.observation().bytes()];
    for (Worker worker : workers) {
      Arrays.fill(workerOf, worker.first(), worker.first() + worker.count(), worker);
    }
    Arrays.setAll(episodes, i -> new Episode());
  }

  /**
   * Starts as many processes as threads, though not more than environments.
   *
   * @param render whether pictures will be asked for
   * @param limit how long Python may take to start
   * @throws lot4j.train.DataException if Python, the package or the environment is not there or
   *     does not fit
   */
  static GymnasiumEnvironments open(
      Gymnasium spec, int count, int threads, boolean render, Duration limit) {
    Require.atLeast("environments", count, 1);
    int parts = Math.max(1, Math.min(threads, count));
    List<Worker> workers = new ArrayList<>();
    boolean whole = false;
    try {
      for (int part = 0; part < parts; part++) {
        int first = part * count / parts;
        int next = (part + 1) * count / parts;
        workers.add(Worker.start(spec, first, next - first, render, limit));
      }
      whole = true;
    } finally {
      if (!whole) {
        workers.forEach(Worker::close);
      }
    }
    return new GymnasiumEnvironments(spec, List.copyOf(workers), count);
  }

  @Override
  public int count() {
    return episodes.length;
  }

  @Override
  public Spaces spaces() {
    return spaces;
  }

  @Override
  public void reset(int environment, long seed) {
    take(workerOf[environment].reset(environment, seedOf(seed)), 0, 1, 0, environment);
    episodes[environment].begin(seed);
  }

  /** Many environments take no more than 31 bits. */
  static long seedOf(long seed) {
    return (seed ^ seed >>> 32) & Integer.MAX_VALUE;
  }

  @Override
  public void step(float[] actions, boolean[] active) {
    for (int i = 0; i < episodes.length; i++) {
      if (active[i] && (!episodes[i].begun() || flags[i] != 0)) {
        throw new IllegalStateException(spec.name() + ": a step without a reset before it");
      }
    }
    try {
      for (Worker worker : workers) {
        worker.step(actions, active, width);
      }
      for (Worker worker : workers) {
        take(worker, active);
      }
    } catch (EnvironmentException e) {
      // Some have stepped and some have not, and answers may be under way: nothing fits any more.
      close();
      throw e;
    }
    for (int i = 0; i < episodes.length; i++) {
      if (active[i]) {
        episodes[i].add(actions, i * width, width);
      }
    }
  }

  private void take(Worker worker, boolean[] active) {
    ByteBuffer answer = worker.stepped();
    int rows = 0;
    for (int i = worker.first(); i < worker.first() + worker.count(); i++) {
      rows += active[i] ? 1 : 0;
    }
    int row = 0;
    for (int i = worker.first(); i < worker.first() + worker.count(); i++) {
      if (active[i]) {
        take(answer, 0, rows, row++, i);
      }
    }
  }

  /** Takes over one row of an answer's transitions. */
  private void take(ByteBuffer answer, int offset, int rows, int row, int environment) {
    int bytes = observations[environment].length;
    if (answer.limit() != offset + rows * (Double.BYTES + 1 + bytes)) {
      throw new EnvironmentException(spec.name() + ": an answer of an unexpected size");
    }
    rewards[environment] = answer.getDouble(offset + row * Double.BYTES);
    flags[environment] = answer.get(offset + rows * Double.BYTES + row);
    answer.get(offset + rows * (Double.BYTES + 1) + row * bytes, observations[environment]);
  }

  @Override
  public void observe(int environment, ByteBuffer out) {
    out.put(observations[environment]);
  }

  @Override
  public float reward(int environment) {
    return (float) rewards[environment];
  }

  @Override
  public double score(int environment) {
    return rewards[environment];
  }

  @Override
  public boolean terminated(int environment) {
    return (flags[environment] & TERMINATED) != 0;
  }

  @Override
  public boolean truncated(int environment) {
    return (flags[environment] & TRUNCATED) != 0;
  }

  @Override
  public boolean over(int environment) {
    return flags[environment] != 0;
  }

  /** A picture of one of them, if it draws any. */
  Optional<BufferedImage> render(int environment) {
    ByteBuffer picture = workerOf[environment].picture(environment);
    if (picture.limit() == 0) {
      return Optional.empty();
    }
    int height = picture.getInt();
    int columns = picture.getInt();
    if (picture.remaining() != 3L * height * columns) {
      throw new EnvironmentException(spec.name() + ": a picture of an unexpected size");
    }
    BufferedImage image = new BufferedImage(columns, height, BufferedImage.TYPE_INT_RGB);
    int[] pixels = new int[height * columns];
    for (int i = 0; i < pixels.length; i++) {
      int red = picture.get() & 0xff;
      int green = picture.get() & 0xff;
      pixels[i] = red << 16 | green << 8 | picture.get() & 0xff;
    }
    image.setRGB(0, 0, columns, height, pixels, 0, columns);
    return Optional.of(image);
  }

  @Override
  public void save(StateWriter out) {
    for (int i = 0; i < episodes.length; i++) {
      StateWriter own = out.section("environment" + i);
      episodes[i].save(spec.name(), own);
      own.real("reward", rewards[i]);
      own.number("flags", flags[i]);
      own.bytes("observation", observations[i]);
    }
  }

  @Override
  public void restore(StateReader in) {
    for (int i = 0; i < episodes.length; i++) {
      StateReader own = in.section("environment" + i);
      episodes[i].restore(own);
      if (episodes[i].begun()) {
        replay(i);
        check(i, own);
      }
    }
  }

  private void replay(int environment) {
    Episode episode = episodes[environment];
    ByteBuffer answer = workerOf[environment].replay(environment, seedOf(episode.seed()), episode);
    int taken = answer.getInt(0);
    take(answer, Integer.BYTES, 1, 0, environment);
    if (taken * width != episode.size()) {
      throw unlike(environment, "it ended at step " + taken);
    }
  }

  private void check(int environment, StateReader saved) {
    if (!Arrays.equals(observations[environment], saved.bytes("observation"))) {
      throw unlike(environment, "it observes something else");
    }
    boolean same =
        Double.doubleToRawLongBits(rewards[environment])
            == Double.doubleToRawLongBits(saved.real("reward"));
    if (!same || flags[environment] != saved.number("flags")) {
      throw unlike(environment, "it was rewarded or ended in another way");
    }
  }

  private EnvironmentException unlike(int environment, String how) {
    return new EnvironmentException(
        spec.name()
            + ": environment "
            + environment
            + " does not repeat itself from its seed, so that the run cannot go on to the bit: "
            + how
            + " after its episode was played again (steps: "
            + episodes[environment].size() / width
            + ")");
  }

  /** The processes, for tests. */
  List<ProcessHandle> processes() {
    return workers.stream().map(Worker::handle).toList();
  }

  @Override
  public void close() {
    workers.forEach(Worker::close);
  }
}
