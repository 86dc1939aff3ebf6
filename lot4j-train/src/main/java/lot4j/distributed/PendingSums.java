package lot4j.distributed;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Work;

/**
 * Sums that were started in one of the engine's groups, whose own thread works on them in their
 * order. Waiting for them is what all ranks come to; to start one is not.
 */
final class PendingSums implements Channel {
  private final Sums group;
  private final Pacer pacer;
  private final Function<RuntimeException, IllegalStateException> failed;
  private final List<Work> started = new ArrayList<>();

  /**
   * In a group.
   *
   * @param failed makes what is thrown of the engine's exception
   */
  PendingSums(Sums group, Pacer pacer, Function<RuntimeException, IllegalStateException> failed) {
    this.group = group;
    this.pacer = pacer;
    this.failed = failed;
  }

  @Override
  public void start(Tensor tensor) {
    try (PointerScope scope = new PointerScope()) {
      started.add(group.start(tensor));
    } catch (RuntimeException e) { // the engine's, whatever the reason; a loss is told apart
      throw failed.apply(e);
    }
  }

  @Override
  public void finish() {
    pacer.come(System.nanoTime());
    try {
      started.forEach(Work::_wait);
    } catch (RuntimeException e) { // as above
      throw failed.apply(e);
    } finally {
      started.forEach(Work::close);
      started.clear();
      pacer.leave(System.nanoTime(), true);
    }
  }
}
