package lot4j.checkpoint;

import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A process of its own that holds a run directory and saves a checkpoint after the other. */
final class SavingProcess {
  static final long FLOATS = 1 << 20;

  private SavingProcess() {}

  /** Arguments: the run directory, the first and the last step. */
  public static void main(String[] arguments) {
    Path run = Path.of(arguments[0]);
    try (DirectoryLock lock = DirectoryLock.acquire(run);
        PointerScope scope = new PointerScope()) {
      CheckpointStore store = new CheckpointStore(run, 2, Map.of());
      for (long step = Long.parseLong(arguments[1]); step <= Long.parseLong(arguments[2]); step++) {
        System.out.println("saving " + step);
        Tensor weights = torch.full(new long[] {FLOATS}, new Scalar((double) step));
        store.save(step, Map.of("teacher", Map.of("w", weights)), out -> {});
        System.out.println("saved " + step);
      }
    }
  }
}
