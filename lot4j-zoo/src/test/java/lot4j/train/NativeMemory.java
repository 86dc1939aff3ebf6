package lot4j.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/** Watches native memory while a run goes on. */
final class NativeMemory implements Listener {
  private static final Path STATUS = Path.of("/proc/self/status");

  private final long every;
  private final List<Sample> samples = new ArrayList<>();

  /**
   * One look.
   *
   * @param step teacher steps made
   * @param resident bytes of the process in memory
   * @param live native objects that Java owns
   * @param held objects that wait for the end of the run's own scope
   */
  record Sample(long step, long resident, long live, long held) {}

  NativeMemory(long every) {
    this.every = every;
  }

  static boolean canBeRead() {
    return Files.isReadable(STATUS);
  }

  /** Lets the Java heap take all the memory it will take, so that what grows later is native. */
  static void fillHeap() {
    long garbage = 0;
    for (int i = 0; i < 12_000; i++) {
      garbage += new byte[100_000].length;
    }
    if (garbage == 0) {
      throw new IllegalStateException("the arrays were left out");
    }
  }

  @Override
  public void progress(Progress progress) {
    if (progress.step() % every == 0) {
      samples.add(new Sample(progress.step(), resident(), Pointer.totalCount(), attached()));
    }
  }

  List<Sample> samples() {
    return samples;
  }

  /** Bytes of this process in memory. */
  static long resident() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long attached() {
    try {
      var field = PointerScope.class.getDeclaredField("pointerStack");
      field.setAccessible(true);
      return ((Collection<?>) field.get(PointerScope.getInnerScope())).size();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
