package lot4j.rl;

import static org.bytedeco.pytorch.global.torch.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import lot4j.Require;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.random.RandomStream;
import lot4j.train.Portion;
import lot4j.train.ReplaySource;
import lot4j.train.Task;

/**
 * The students' states: drawn at random from the most recent ones, each as likely as any other
 * (Algorithm 2 of the paper), or all of them once, in a random order. Of several processes each has
 * the states that it met itself. Owns its memory.
 */
final class ReplayStream implements ReplaySource<Minibatch> {
  private final StateMemory memory;
  private final int batchSize;
  private final int accumulate;
  private final RandomStream order;
  private final Players players;

  ReplayStream(
      StateMemory memory, int batchSize, int accumulate, RandomStream order, Players players) {
    this.memory = memory;
    this.batchSize = batchSize;
    this.accumulate = accumulate;
    this.order = order;
    this.players = players;
  }

  @Override
  public List<Minibatch> next() {
    Require.that(memory.size() > 0, "replay", 0, "at least a state before students learn");
    List<Minibatch> batches = new ArrayList<>();
    for (int part = 0; part < accumulate; part++) {
      long[] places = new long[batchSize];
      for (int i = 0; i < batchSize; i++) {
        places[i] = order.below(Math.toIntExact(memory.size()));
      }
      batches.add(Minibatch.states(memory.at(tensor(places))));
    }
    return batches;
  }

  @Override
  public Portion<Minibatch> portion(Task<Minibatch> task) {
    return Portion.alike(task, next(), players.size());
  }

  @Override
  public Iterator<Portion<Minibatch>> pass(Task<Minibatch> task) {
    int[] places = order.permutation(Math.toIntExact(memory.size()));
    return new Iterator<>() {
      private int from;

      @Override
      public boolean hasNext() {
        return from < places.length;
      }

      @Override
      public Portion<Minibatch> next() {
        if (!hasNext()) {
          throw new NoSuchElementException("every state has been given");
        }
        List<Minibatch> batches = new ArrayList<>();
        int end = Math.min(places.length, from + batchSize * accumulate);
        for (; from < end; from += batchSize) {
          int[] part = Arrays.copyOfRange(places, from, Math.min(from + batchSize, end));
          batches.add(
              Minibatch.states(memory.at(tensor(Arrays.stream(part).asLongStream().toArray()))));
        }
        return Portion.alike(task, batches, players.size());
      }
    };
  }

  @Override
  public void save(StateWriter out) {
    order.save(out.section("order"));
    memory.save(out.section("memory"));
  }

  @Override
  public void restore(StateReader in) {
    order.restore(in.section("order"));
    memory.restore(in.section("memory"));
  }

  @Override
  public void close() {
    memory.close();
  }
}
