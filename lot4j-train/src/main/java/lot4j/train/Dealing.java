package lot4j.train;

import java.util.ArrayList;
import java.util.List;

/**
 * How the steps of a run are divided among the processes that train it together. The run as a whole
 * is what one process would do with a larger step; each process takes its part of every step.
 */
public interface Dealing<B> {
  /**
   * The batch size of the run as a whole.
   *
   * @param own each process's
   */
  int batchSize(int own, int processes);

  /**
   * Over how many batches the run as a whole accumulates.
   *
   * @param own each process
   */
  int accumulate(int own, int processes);

  /**
   * What one process takes of a step.
   *
   * @param whole the batches of the step, one or more
   * @param rank the process's number, from 0; the first has something of every step
   */
  List<B> own(List<B> whole, int rank, int processes);

  /**
   * Whole batches, dealt out in turn: the run is one that accumulates over as many times as many
   * batches as there are processes. Where a step has fewer, some processes have none.
   */
  static <B> Dealing<B> batches() {
    return new Dealing<>() {
      @Override
      public int batchSize(int own, int processes) {
        return own;
      }

      @Override
      public int accumulate(int own, int processes) {
        return Math.multiplyExact(own, processes);
      }

      @Override
      public List<B> own(List<B> whole, int rank, int processes) {
        List<B> own = new ArrayList<>();
        for (int i = rank; i < whole.size(); i += processes) {
          own.add(whole.get(i));
        }
        return own;
      }
    };
  }
}
