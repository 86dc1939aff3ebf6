package lot4j.data;

import lot4j.Require;
import lot4j.Shape;

/** Turns stored bytes into normalised float32 numbers, one image at a time. */
public final class Renderer {
  private final byte[] pixels;
  private final int channels;
  private final int height;
  private final int width;
  private final float[][] value;

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
        "normalize",
        normalization.mean().size() + " numbers",
        channels + ", one for each channel");
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

  /**
   * Writes image {@code row}, changed as {@code view} says, to {@code into} from {@code offset}.
   */
  public void render(int row, Augmentation.View view, float[] into, int offset) {
    int at = offset;
    for (int c = 0; c < channels; c++) {
      int plane = (row * channels + c) * height * width;
      float[] of = value[c];
      for (int y = 0; y < height; y++) {
        int sourceY = y + view.down();
        boolean rowInside = sourceY >= 0 && sourceY < height;
        boolean rowCut = y >= view.top() && y < view.bottom();
        int line = plane + sourceY * width;
        for (int x = 0; x < width; x++) {
          int sourceX = (view.flip() ? width - 1 - x : x) + view.right();
          boolean inside = rowInside && sourceX >= 0 && sourceX < width;
          boolean cut = rowCut && x >= view.left() && x < view.edge();
          into[at++] = cut ? 0f : of[inside ? pixels[line + sourceX] & 0xff : 0];
        }
      }
    }
  }
}
