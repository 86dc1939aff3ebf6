package lot4j.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.tensor;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What three processes, here threads, make of statistics that each has moved by its own batches.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES) // who waits for another may wait without end
class RunningStatisticsTest {
  private static final int SIZE = 3;
  private static final Duration MINUTE = Duration.ofSeconds(60);

  private static <T> List<T> together(Function<Company, T> part) throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    List<CompletableFuture<T>> parts = new ArrayList<>();
    for (int rank = 0; rank < SIZE; rank++) {
      Ranks own = new Ranks(rank, SIZE, rank, SIZE, "127.0.0.1", port);
      parts.add(
          CompletableFuture.supplyAsync(
              () -> {
                Patience patience = new Patience(MINUTE, MINUTE, MINUTE);
                try (Crew crew =
                    Crew.join(own, patience, "the same", Bucketing.usual(), false, loss -> {})) {
                  return part.apply(crew);
                }
              },
              task -> new Thread(task).start()));
    }
    List<T> results = new ArrayList<>();
    for (CompletableFuture<T> each : parts) {
      results.add(each.get());
    }
    return results;
  }

  private static float[] floats(Tensor values) {
    float[] read = new float[Math.toIntExact(values.numel())];
    values.data_ptr_float().get(read);
    return read;
  }

  /** Samples of two features that each process has seen. */
  private static final double[][][] SEEN = {
    {{1000, 1}, {1002, 3}}, {{1010, -5}, {1020, 0}}, {{1001, 2}, {1001, 2}}
  };

  private static double mean(double[][] samples, int feature) {
    double sum = 0;
    for (double[] sample : samples) {
      sum += sample[feature] / samples.length;
    }
    return sum;
  }

  private static double variance(double[][] samples, int feature) {
    double mean = mean(samples, feature);
    double sum = 0;
    for (double[] sample : samples) {
      sum += (sample[feature] - mean) * (sample[feature] - mean) / samples.length;
    }
    return sum;
  }

  private static Tensor of(double first, double second) {
    return tensor((float) first, (float) second);
  }

  private static void share(Map<String, Tensor> buffers, Company company) {
    RunningStatistics statistics = new RunningStatistics(buffers, company.size());
    List<Tensor> own = statistics.own();
    company.sum(own);
    statistics.take(own);
  }

  @Test
  void ofEverythingSeenTheyAreThoseOfAllSamples() throws Exception {
    List<float[]> results =
        together(
            company -> {
              try (PointerScope scope = new PointerScope()) {
                double[][] own = SEEN[company.rank()];
                Map<String, Tensor> buffers = new LinkedHashMap<>();
                buffers.put("norm.mean", of(mean(own, 0), mean(own, 1)));
                buffers.put("norm.var", of(variance(own, 0), variance(own, 1)));
                buffers.put("norm.count", tensor(2f));
                buffers.put("other.count", tensor(7f + company.rank()));
                share(buffers, company);
                assertThat(floats(buffers.get("norm.count"))).containsExactly(2f);
                assertThat(floats(buffers.get("other.count"))).containsExactly(7f + company.rank());
                float[] means = floats(buffers.get("norm.mean"));
                float[] variances = floats(buffers.get("norm.var"));
                return new float[] {means[0], means[1], variances[0], variances[1]};
              }
            });
    double[][] all = {SEEN[0][0], SEEN[0][1], SEEN[1][0], SEEN[1][1], SEEN[2][0], SEEN[2][1]};
    for (float[] result : results) {
      assertThat(result).isEqualTo(results.get(0));
      for (int feature = 0; feature < 2; feature++) {
        assertThat((double) result[feature]).isCloseTo(mean(all, feature), within(1e-3));
        assertThat((double) result[2 + feature]).isCloseTo(variance(all, feature), within(1e-3));
      }
    }
  }

  @Test
  void ofBatchNormsTheyAreAverages() throws Exception {
    List<float[]> results =
        together(
            company -> {
              try (PointerScope scope = new PointerScope()) {
                int rank = company.rank();
                Map<String, Tensor> buffers = new LinkedHashMap<>();
                buffers.put("bn.running_mean", of(rank, 10 * rank));
                buffers.put("bn.running_var", of(1 + rank, 2 + 3 * rank));
                buffers.put("bn.num_batches_tracked", tensor(1L));
                share(buffers, company);
                float[] means = floats(buffers.get("bn.running_mean"));
                float[] variances = floats(buffers.get("bn.running_var"));
                return new float[] {means[0], means[1], variances[0], variances[1]};
              }
            });
    assertThat(results).allSatisfy(each -> assertThat(each).containsExactly(1, 10, 2, 5));
  }
}
