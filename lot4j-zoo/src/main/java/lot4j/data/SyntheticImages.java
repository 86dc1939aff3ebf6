package lot4j.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lot4j.Require;
import lot4j.random.RandomStream;
import lot4j.random.Streams;

/**
 * Made-up images in a real set's layout, for trying a configuration where the real data is absent.
 * Each class has a coarse pattern of its own under noise, so that there is something to learn.
 *
 * @param kind the set whose layout and shape they take
 * @param train training images, the classes in turn
 * @param test test images, the classes in turn
 * @param seed decides every byte
 */
public record SyntheticImages(Cifar kind, int train, int test, long seed) {
  private static final int SIDE = 32;
  private static final int BLOCKS = 4;
  private static final int FILES = 5;
  private static final int NOISE = 97;

  public SyntheticImages {
    Require.atLeast("synthetic.train", train, 1);
    Require.atLeast("synthetic.test", test, 1);
  }

  /** Writes the official files, not compressed, into {@code directory}, which is made if absent. */
  public void write(Path directory) {
    Streams streams = new Streams(seed);
    RandomStream patterns = streams.named("synthetic.pattern");
    int classes = kind == Cifar.CIFAR10 ? 10 : 100;
    int[][] pattern = new int[classes][3 * BLOCKS * BLOCKS];
    for (int[] blocks : pattern) {
      for (int i = 0; i < blocks.length; i++) {
        blocks[i] = patterns.below(256 - NOISE);
      }
    }
    try {
      Files.createDirectories(directory);
      if (kind == Cifar.CIFAR10) {
        for (int file = 0; file < FILES; file++) {
          int from = (int) ((long) train * file / FILES);
          int to = (int) ((long) train * (file + 1) / FILES);
          if (to > from) {
            String name = "data_batch_" + (file + 1) + ".bin";
            records(directory.resolve(name), from, to, pattern, streams.named(name));
          }
        }
        records(directory.resolve("test_batch.bin"), 0, test, pattern, streams.named("test"));
        names(directory.resolve("batches.meta.txt"), classes);
      } else {
        records(directory.resolve("train.bin"), 0, train, pattern, streams.named("train"));
        records(directory.resolve("test.bin"), 0, test, pattern, streams.named("test"));
        names(directory.resolve("fine_label_names.txt"), classes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void records(Path file, int from, int to, int[][] pattern, RandomStream noise)
      throws IOException {
    byte[] record = new byte[kind.recordBytes()];
    int labels = record.length - 3 * SIDE * SIDE;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (int i = from; i < to; i++) {
        int label = i % pattern.length;
        record[0] = (byte) (kind == Cifar.CIFAR100 ? label / 5 : label);
        record[labels - 1] = (byte) label;
        for (int p = 0; p < 3 * SIDE * SIDE; p++) {
          record[labels + p] = (byte) (pattern[label][block(p)] + noise.below(NOISE));
        }
        out.write(record);
      }
    }
  }

  private static int block(int pixel) {
    int channel = pixel / (SIDE * SIDE);
    int y = pixel / SIDE % SIDE * BLOCKS / SIDE;
    int x = pixel % SIDE * BLOCKS / SIDE;
    return (channel * BLOCKS + y) * BLOCKS + x;
  }

  private static void names(Path file, int classes) throws IOException {
    Files.writeString(
        file,
        IntStream.range(0, classes)
            .mapToObj(i -> "synthetic" + i + "\n")
            .collect(Collectors.joining()),
        StandardCharsets.UTF_8);
  }
}
