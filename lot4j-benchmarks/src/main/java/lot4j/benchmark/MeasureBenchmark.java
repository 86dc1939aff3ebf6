package lot4j.benchmark;

import java.util.concurrent.TimeUnit;
import lot4j.Mask;
import lot4j.Output;
import lot4j.imitability.KlDivergence;
import lot4j.train.Threads;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The default measure, forward and backward: images' and text's sizes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MeasureBenchmark {
  /** Rows and classes. */
  @Param({"128x100", "700x10000"})
  public String size;

  private final KlDivergence metric = new KlDivergence(1.5);
  private PointerScope scope;
  private Tensor free;
  private Tensor reference;

  /** Makes the logits. */
  @Setup
  public void make() {
    Threads.use(1);
    scope = new PointerScope();
    String[] sizes = size.split("x");
    long rows = Long.parseLong(sizes[0]);
    long classes = Long.parseLong(sizes[1]);
    free = torch.randn(rows, classes).set_requires_grad(true);
    reference = torch.randn(rows, classes);
  }

  /** One measure with its gradient. */
  @Benchmark
  public void klDivergence() {
    try (PointerScope step = new PointerScope()) {
      metric.measure(Output.logits(free), Output.logits(reference), Mask.none()).backward();
    }
  }

  /** Releases the logits. */
  @TearDown
  public void release() {
    scope.close();
  }
}
