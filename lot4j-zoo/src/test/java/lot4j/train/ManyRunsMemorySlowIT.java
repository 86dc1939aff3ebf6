package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lot4j.config.RunConfig;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker of a sweep trains a thousand runs one after another, and takes no more than for ten. */
@Tag("slow")
class ManyRunsMemorySlowIT {
  private static final int RUNS = 1000;
  private static final int EVERY = 100;

  /** As small as a run with everything can be; it is the number of them that counts. */
  private static final String TINY =
      """
      name: tiny
      task: {kind: image, data: digits, train-examples: 40, validation: 0.1}
      method: lot
      teacher: {model: mlp, hidden: [8]}
      students: [{model: mlp, hidden: [8]}]
      optimizer: {kind: sgd, lr: 0.1, momentum: 0.9}
      schedule: {kind: cosine}
      budget: {updates: 2}
      batch-size: 8
      ema: 0.9
      threads: 1
      """;

  @TempDir Path temporary;

  private record Sample(long live, long resident) {}

  @Test
  void memoryStaysFlatOverAThousandRuns() {
    assumeTrue(NativeMemory.canBeRead(), "no /proc/self/status: resident memory is not checked");
    NativeMemory.fillHeap();
    RunSession session = Runs.session();
    List<Sample> samples = new ArrayList<>();
    try (Prepared<?> data = session.prepare(Runs.config(TINY))) {
      for (int i = 1; i <= RUNS; i++) {
        RunConfig config = Runs.config(TINY, "seeds=[" + i + "]");
        Path directory = temporary.resolve("run" + i);
        session.create(directory, config, "lot", data);
        Outcome outcome = session.proceed(directory, any -> data, Listener.none(), () -> false);
        assertThat(outcome.status()).isEqualTo(RunStatus.DONE);
        if (i % EVERY == 0) {
          samples.add(new Sample(Pointer.totalCount(), NativeMemory.resident()));
        }
      }
    }
    Sample early = samples.get(1);
    Sample late = samples.get(samples.size() - 1);
    // What the collector has not come to yet is a few runs' worth; a leak would be 800 runs'.
    assertThat(late.live() - early.live()).as(samples.toString()).isLessThan(800);
    assertThat(late.resident() - early.resident())
        .as(samples.toString())
        .isLessThan(40 * NativeMemoryTest.MEBIBYTE);
  }
}
