package lot4j.example;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lot4j.Require;
import lot4j.Shape;
import lot4j.data.ImageSet;
import lot4j.data.LabelledImages;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import lot4j.task.ImageClassification;
import lot4j.task.PreparedImages;
import lot4j.train.Prepared;
import lot4j.train.TaskSpec;

/**
 * Data of one's own: noisy stripes, horizontal or vertical. Test and validation splits are drawn
 * from it as from any set that brings none.
 *
 * @param images how many, 20 or more
 * @param splitSeed seed of the images and of the splits
 */
public record Stripes(int images, long splitSeed) implements TaskSpec {
  private static final int SIDE = 8;
  private static final int WHITE = 255;

  public Stripes {
    Require.atLeast("task.images", images, 20);
  }

  @Override
  public Prepared<?> prepare(Path dataDirectory, int evalBatchSize) {
    RandomStream random = new Streams(splitSeed).named("stripes");
    byte[] pixels = new byte[images * SIDE * SIDE];
    int[] labels = new int[images];
    for (int i = 0; i < images; i++) {
      labels[i] = i % 2;
      for (int at = 0; at < SIDE * SIDE; at++) {
        int along = labels[i] == 0 ? at / SIDE : at % SIDE;
        pixels[i * SIDE * SIDE + at] = (byte) (along % 2 * WHITE / 2 + random.below(WHITE / 2));
      }
    }
    LabelledImages all =
        new LabelledImages(
            Shape.of(1, SIDE, SIDE), WHITE, List.of("horizontal", "vertical"), pixels, labels);
    ImageSet set =
        new ImageSet("stripes", all, Optional.empty(), Optional.empty(), images / 5, List.of());
    return PreparedImages.of(
        ImageClassification.of("stripes").withSplitSeed(splitSeed),
        set,
        dataDirectory,
        evalBatchSize);
  }
}
