package lot4j.data;

import java.util.Arrays;
import lot4j.Require;
import lot4j.Shape;

/** Turns stored bytes into normalised float32 numbers, one image at a time. */
public final class Renderer {
  private final Pixels pixels;
  private final int channels;
  private final int height;
  private final int width;
  private final float[][] value;
  private final byte[] scratch;

  /**
   * For all images of {@code images}.
   *
   * @throws IllegalArgumentException if {@code normalization} is for another number of channels
   */
  public Renderer(LabelledImages images, Normalization normalization) {
    Shape shape = images.shape();
    this.pixels = images.pixels();
    this.channels = (int) shape.size(0);
    this.height = (int) shape.size(1);
    this.width = (int) shape.size(2);
    Require.that(
        normalization.mean().size() == channels,
        "task.normalize",
        normalization.mean().size() + " numbers",
        channels + ", one for each channel");
    this.scratch = new byte[channels * height * width];
    this.value = new float[channels][256];
    for (int c = 0; c < channels; c++) {
      float mean = normalization.mean().get(c).floatValue();
      float std = normalization.std().get(c).floatValue();
      for (int v = 0; v < 256; v++) {
        value[c][v] = ((float) v / images.white() - mean) / std;
      }
    }
  }

  /** Numbers of one image. */
  public int length() {
    return channels * height * width;
  }

  /** Writes image {@code row}, changed as {@code view} says, from {@code into[offset]} on. */
  public void render(int row, Augmentation.View view, float[] into, int offset) {
    byte[] image = pixels.array(row, scratch);
    int start = pixels.offset(row);
    for (int c = 0; c < channels; c++) {
      int plane = start + c * height * width;
      for (int y = 0; y < height; y++) {
        int line = offset + (c * height + y) * width;
        int sourceY = y + view.down();
        if (sourceY < 0 || sourceY >= height) {
          Arrays.fill(into, line, line + width, value[c][0]);
        } else {
          renderRow(image, plane + sourceY * width, value[c], view, into, line);
        }
        if (y >= view.top() && y < view.bottom()) {
          Arrays.fill(into, line + view.left(), line + view.edge(), 0f);
        }
      }
    }
  }

  /** One row of one channel; these loops are most of the cost of a batch. */
  private void renderRow(
      byte[] image, int source, float[] of, Augmentation.View view, float[] into, int line) {
    int from = Math.max(0, -view.right());
    int to = Math.min(width, width - view.right());
    if (from > 0 || to < width) {
      Arrays.fill(into, line, line + width, of[0]);
    }
    int shifted = source + view.right();
    if (view.flip()) {
      int last = line + width - 1;
      for (int x = from; x < to; x++) {
        into[last - x] = of[image[shifted + x] & 0xff];
      }
    } else {
      for (int x = from; x < to; x++) {
        into[line + x] = of[image[shifted + x] & 0xff];
      }
    }
  }
}
