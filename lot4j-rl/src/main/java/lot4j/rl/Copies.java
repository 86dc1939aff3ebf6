package lot4j.rl;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import lot4j.Require;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;

/**
 * Environments side by side. Each is touched by one thread at a time and depends on nothing but its
 * own seed and actions, so that the number of threads changes no number. Owns them.
 */
public final class Copies implements Environments {
  private final List<Environment> each;
  private final Spaces spaces;
  private final int width;
  private final int threads;
  private final ExecutorService others;

  /**
   * Takes over the environments.
   *
   * @param threads how many step at the same time, the caller's included
   */
  public Copies(List<? extends Environment> environments, int threads) {
    Require.that(!environments.isEmpty(), "environments", 0, "1 or more");
    this.each = List.copyOf(environments);
    this.spaces = each.get(0).spaces();
    this.width = spaces.action().width();
    this.threads = Math.max(1, Math.min(threads, each.size()));
    this.others =
        Executors.newFixedThreadPool(
            Math.max(1, this.threads - 1),
            task -> {
              Thread thread = new Thread(task, "environments");
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public int count() {
    return each.size();
  }

  @Override
  public Spaces spaces() {
    return spaces;
  }

  @Override
  public void reset(int environment, long seed) {
    each.get(environment).reset(seed);
  }

  @Override
  public void step(float[] actions, boolean[] active) {
    if (threads == 1) {
      step(actions, active, 0);
      return;
    }
    List<Future<?>> running = new ArrayList<>();
    for (int part = 1; part < threads; part++) {
      int own = part;
      running.add(others.submit(() -> step(actions, active, own)));
    }
    step(actions, active, 0);
    running.forEach(Copies::await);
  }

  private void step(float[] actions, boolean[] active, int part) {
    for (int i = part; i < each.size(); i += threads) {
      if (active[i]) {
        each.get(i).step(actions, i * width);
      }
    }
  }

  private static void await(Future<?> running) {
    try {
      running.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new EnvironmentException("an environment failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("interrupted while environments were stepping", e);
    }
  }

  @Override
  public void observe(int environment, ByteBuffer out) {
    each.get(environment).observe(out);
  }

  @Override
  public float reward(int environment) {
    return each.get(environment).reward();
  }

  @Override
  public double score(int environment) {
    return each.get(environment).score();
  }

  @Override
  public boolean terminated(int environment) {
    return each.get(environment).terminated();
  }

  @Override
  public boolean truncated(int environment) {
    return each.get(environment).truncated();
  }

  @Override
  public boolean over(int environment) {
    return each.get(environment).over();
  }

  @Override
  public void save(StateWriter out) {
    for (int i = 0; i < each.size(); i++) {
      each.get(i).save(out.section("environment" + i));
    }
  }

  @Override
  public void restore(StateReader in) {
    for (int i = 0; i < each.size(); i++) {
      each.get(i).restore(in.section("environment" + i));
    }
  }

  @Override
  public void close() {
    others.shutdownNow();
    each.forEach(Environment::close);
  }
}
