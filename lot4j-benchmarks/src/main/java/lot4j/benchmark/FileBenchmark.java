package lot4j.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import lot4j.checkpoint.Safetensors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Writing 64 MiB of weights: 16 tensors, checksum and flush to the disk included. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FileBenchmark {
  private static final int TENSORS = 16;
  private static final long NUMBERS = 1 << 20;

  private final Map<String, Tensor> tensors = new java.util.TreeMap<>();
  private PointerScope scope;
  private Path file;

  /** Makes the tensors and a place for the file. */
  @Setup
  public void make() throws IOException {
    scope = new PointerScope();
    for (int i = 0; i < TENSORS; i++) {
      tensors.put("weight" + i, torch.randn(NUMBERS));
    }
    file = Files.createTempFile("lot-benchmark", ".safetensors");
  }

  /** Writes the file anew. */
  @Benchmark
  public void writeSafetensors() {
    Safetensors.write(file, tensors, Map.of());
  }

  /** Removes the file. */
  @TearDown
  public void remove() throws IOException {
    Files.delete(file);
    scope.close();
  }
}
