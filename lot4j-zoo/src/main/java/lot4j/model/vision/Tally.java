package lot4j.model.vision;

import lot4j.Census;
import lot4j.Require;
import lot4j.Shape;

/**
 * Follows one image through a network and adds up parameters and multiply-accumulates. Each call is
 * a layer; the height, width and channels it leaves behind are the next one's input.
 */
final class Tally {
  private long channels;
  private long height;
  private long width;
  private Census sum = Census.NONE;

  private Tally(long channels, long height, long width) {
    this.channels = channels;
    this.height = height;
    this.width = width;
  }

  /**
   * Starts with an image.
   *
   * @param model the network's name, for the message
   * @param least the smallest height and width it takes
   * @throws IllegalArgumentException if {@code input} is no image or too small, or there is no
   *     output
   */
  static Tally of(String model, Shape input, int outputs, long least) {
    Require.that(
        input.rank() == 3 && input.size(0) >= 1 && input.size(1) >= least && input.size(2) >= least,
        "input",
        input,
        model + " takes images, channels x height x width, of at least " + least + "x" + least);
    Require.atLeast("outputs", outputs, 1);
    return new Tally(input.size(0), input.size(1), input.size(2));
  }

  /** A square convolution without bias whose padding keeps the size at stride 1. */
  Tally conv(long out, long kernel, long stride) {
    return conv(out, kernel, stride, 1);
  }

  /** The same in {@code groups} groups. */
  Tally conv(long out, long kernel, long stride, long groups) {
    height = strided(height, stride);
    width = strided(width, stride);
    add(Census.groupedConv(channels, out, kernel, groups, height, width, false));
    channels = out;
    return this;
  }

  /** A 1×1 convolution without bias beside the main path, which stays where it is. */
  Tally shortcut(long out, long stride) {
    return add(
        Census.conv(channels, out, 1, strided(height, stride), strided(width, stride), false));
  }

  /** Batch normalisation. */
  Tally norm() {
    return norm(channels);
  }

  /** Batch normalisation of a shortcut with {@code features} channels. */
  Tally norm(long features) {
    return add(Census.norm(features));
  }

  /** Pooling 3×3 with padding 1 and stride 2. */
  Tally halve() {
    height = strided(height, 2);
    width = strided(width, 2);
    return this;
  }

  /** Pooling 2×2 without padding: an odd last row or column is dropped. */
  Tally pool() {
    height /= 2;
    width /= 2;
    return this;
  }

  /** The mean over all places: what follows sees the channels alone. */
  Tally globalMean() {
    height = 1;
    width = 1;
    return this;
  }

  /** A linear layer with bias on all that is left. */
  Tally linear(long out) {
    add(Census.linear(features(), out, true));
    channels = out;
    return globalMean();
  }

  /** Channels at this point. */
  long channels() {
    return channels;
  }

  /** Numbers at this point: channels × height × width. */
  long features() {
    return Census.product(channels, height, width);
  }

  /** All that was added so far. */
  Census census() {
    return sum;
  }

  private Tally add(Census layer) {
    sum = sum.plus(layer);
    return this;
  }

  private static long strided(long size, long stride) {
    return (size - 1) / stride + 1;
  }
}
