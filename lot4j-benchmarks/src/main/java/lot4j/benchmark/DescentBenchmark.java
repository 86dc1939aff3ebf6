package lot4j.benchmark;

import java.util.concurrent.TimeUnit;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Shape;
import lot4j.model.vision.PreResNet;
import lot4j.optim.Descender;
import lot4j.optim.Sgd;
import lot4j.optim.Weights;
import lot4j.train.Threads;
import org.bytedeco.javacpp.PointerScope;
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

/** What an optimizer step costs apart from the gradient: SGD with momentum on flat weights. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DescentBenchmark {
  /** Depth of the network. */
  @Param({"20", "110"})
  public int depth;

  private PointerScope scope;
  private Weights weights;
  private Descender descender;

  /** Builds the network. */
  @Setup
  public void build() {
    Threads.use(1);
    scope = new PointerScope();
    ModelSpec spec = new PreResNet(depth);
    Model model = spec.build(Shape.of(3, 32, 32), 100);
    weights = Weights.of(model.module());
    descender = Descender.of("teacher", weights, Sgd.defaults());
  }

  /** Zeroes the gradient and steps. */
  @Benchmark
  public void zeroAndStep() {
    descender.zeroGrad();
    descender.step();
  }

  /** Releases the network. */
  @TearDown
  public void release() {
    descender.close();
    weights.close();
    scope.close();
  }
}
