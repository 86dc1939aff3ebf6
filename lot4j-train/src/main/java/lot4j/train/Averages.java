package lot4j.train;

import java.util.ArrayList;
import java.util.List;
import lot4j.optim.Average;
import org.bytedeco.pytorch.Tensor;

/**
 * The time during which every network of a run has the weights it is judged and deployed by: the
 * teacher's moving average if the run keeps one, else its optimizer's average if there is one, else
 * its own. Closing gives back the weights that training goes on with, every bit.
 */
final class Averages implements AutoCloseable {
  private final List<Runnable> backs = new ArrayList<>();

  private Averages() {}

  /** Call it without gradients, in a scope that outlives the result. */
  static Averages swapIn(Course<?> course) {
    Averages averages = new Averages();
    for (Seat seat : course.seats()) {
      if (seat == course.teacher() && course.average().isPresent()) {
        Average.Swap swap = course.average().get().swapIn();
        averages.backs.add(swap::close);
      } else {
        seat.descender().optimizer().averaging().ifPresent(mean -> averages.add(seat, mean));
      }
    }
    return averages;
  }

  private void add(Seat seat, Tensor mean) {
    Tensor values = seat.weights().values();
    Tensor own = values.clone();
    values.copy_(mean);
    backs.add(() -> values.copy_(own));
  }

  @Override
  public void close() {
    backs.forEach(Runnable::run);
  }
}
