package lot4j.cli;

import java.util.Set;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.config.Catalog;
import lot4j.config.Extension;
import lot4j.optim.LearningRate;
import lot4j.optim.ScheduleSpec;

/**
 * A schedule that at one step of one rank computes without end.
 *
 * @param rank which of several processes
 * @param step which step, from 0
 */
public record Endless(int rank, int step) implements ScheduleSpec {
  /** Its name, for whoever names this class as a service. */
  public static final class Name implements Extension {
    @Override
    public void register(Catalog catalog) {
      catalog.schedule("endless", new Endless(1, 0), Set.of(), "never comes to its end");
    }
  }

  @Override
  public LearningRate over(long updates, double updatesPerUnit) {
    return new LearningRate() {
      @Override
      public double factor(long at) {
        while (at == step && Integer.toString(rank).equals(System.getenv("RANK"))) {
          Thread.onSpinWait();
        }
        return 1;
      }

      @Override
      public void evaluated(double score, boolean higherIsBetter) {}

      @Override
      public void save(StateWriter out) {}

      @Override
      public void restore(StateReader in) {}
    };
  }
}
