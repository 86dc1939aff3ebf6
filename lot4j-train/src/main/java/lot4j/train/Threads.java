package lot4j.train;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * How many threads the engine computes with. Its matrix products come from OpenBLAS, which has
 * threads of its own and does not follow {@code torch.set_num_threads}: left alone, runs with one
 * thread each would spin on every core and slow each other down a hundredfold.
 */
public final class Threads {
  private Threads() {}

  /** Uses {@code n} threads from now on, in the whole process. */
  public static void use(int n) {
    torch.set_num_threads(n);
    OpenBlas.threads(n);
  }

  /** Loaded once: to ask for it again looks through its files. */
  private static final class OpenBlas {
    static {
      Loader.load(org.bytedeco.openblas.global.openblas_nolapack.class);
    }

    static void threads(int n) {
      openblas_nolapack.blas_set_num_threads(n);
    }
  }
}
