package lot4j.config;

import java.util.Optional;
import java.util.regex.Pattern;
import lot4j.Require;
import lot4j.train.Precision;

/**
 * What a run computes on.
 *
 * @param precision of matrix products and convolutions
 * @param threads of one run, part of its result; auto: 1 in {@code compare} and {@code sweep}, the
 *     cores in {@code train}
 * @param device what networks and batches live on; auto: the first CUDA device, else the CPU
 */
public record Execution(
    Precision precision, @WhenAbsent("auto") Optional<Integer> threads, String device) {
  private static final Pattern DEVICE = Pattern.compile("auto|cpu|cuda(:[0-9]{1,3})?");

  /** Checks the values. */
  public Execution {
    threads.ifPresent(
        n -> Require.that(n >= 1 && n <= 4096, "threads", n, "auto, or a number from 1 to 4096"));
    Require.that(DEVICE.matcher(device).matches(), "device", device, "auto, cpu, cuda or cuda:i");
  }
}
