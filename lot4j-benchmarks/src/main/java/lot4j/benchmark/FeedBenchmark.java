package lot4j.benchmark;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import lot4j.Shape;
import lot4j.data.Augmentation;
import lot4j.data.LabelledImages;
import lot4j.data.Normalization;
import lot4j.data.Renderer;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a batch costs before any network sees it, and an epoch's order. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FeedBenchmark {
  private static final int BATCH = 128;
  private static final int EPOCH = 50_000;
  private static final Shape SHAPE = Shape.of(3, 32, 32);

  private final RandomStream stream = new Streams(0).named("augment.task");
  private final Augmentation augmentation = Augmentation.of("crop-flip");
  private final float[] batch = new float[BATCH * (int) SHAPE.count()];
  private Renderer renderer;

  /** Makes up the images. */
  @Setup
  public void make() {
    byte[] pixels = new byte[BATCH * (int) SHAPE.count()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) stream.below(256);
    }
    List<String> classes = IntStream.range(0, 10).mapToObj(String::valueOf).toList();
    LabelledImages images = new LabelledImages(SHAPE, 255, classes, pixels, new int[BATCH]);
    renderer = new Renderer(images, Normalization.half(3));
  }

  /** Crop, flip and normalise 128 images of 3x32x32. */
  @Benchmark
  public float[] augmentedBatch() {
    for (int i = 0; i < BATCH; i++) {
      renderer.render(i, augmentation.draw(SHAPE, stream), batch, i * renderer.length());
    }
    return batch;
  }

  /** The order of an epoch of 50,000 images. */
  @Benchmark
  public int[] epochOrder() {
    return stream.permutation(EPOCH);
  }
}
