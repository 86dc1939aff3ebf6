package lot4j.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import lot4j.train.DataException;

/**
 * One decoded image file; transparency is dropped.
 *
 * @param width in pixels
 * @param height in pixels
 * @param planes [1 or 3, height, width], unsigned; one plane if red, green and blue are the same
 *     everywhere
 */
record Picture(int width, int height, byte[] planes) {
  /** Most pixels that a header may declare. */
  static final long MOST_PIXELS = 64L << 20;

  /** Whether it has one plane. */
  boolean grey() {
    return planes.length == width * height;
  }

  /** The same in grey: its luma (ITU-R BT.601). */
  Picture luma() {
    if (grey()) {
      return this;
    }
    byte[] plane = new byte[width * height];
    fill(plane, 0, 1);
    return new Picture(width, height, plane);
  }

  /** The same in another size. */
  Picture resized(ImageSize.Fixed size, Fit fit) {
    if (size.height() == height && size.width() == width) {
      return this;
    }
    Resampler resampler = new Resampler(height, width, size, fit);
    int plane = width * height;
    int smaller = size.width() * size.height();
    byte[] resized = new byte[planes.length / plane * smaller];
    for (int c = 0; c < planes.length / plane; c++) {
      resampler.plane(planes, c * plane, resized, c * smaller);
    }
    return new Picture(size.width(), size.height(), resized);
  }

  /** Writes it as 1 or 3 channels: three equal ones of a grey picture, the luma of a colour one. */
  void fill(byte[] pixels, int from, int channels) {
    int plane = width * height;
    if (channels == 1 && !grey()) {
      for (int i = 0; i < plane; i++) {
        int red = planes[i] & 0xff;
        int green = planes[plane + i] & 0xff;
        int blue = planes[2 * plane + i] & 0xff;
        pixels[from + i] = (byte) Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
      }
      return;
    }
    for (int c = 0; c < channels; c++) {
      System.arraycopy(planes, grey() ? 0 : c * plane, pixels, from + c * plane, plane);
    }
  }

  /**
   * Decodes a file; the size its header declares is checked first.
   *
   * @param where how errors name the file
   */
  static Picture decode(byte[] file, String where) {
    return open(file, where, reader -> of(reader.read(0)));
  }

  /**
   * Checks what a file's header says, without decoding the rest.
   *
   * @param where how errors name the file
   */
  static void check(byte[] file, String where) {
    open(file, where, reader -> true);
  }

  private interface Use<T> {
    T of(ImageReader reader) throws IOException;
  }

  private static <T> T open(byte[] file, String where, Use<T> use) {
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new DataException(
            where
                + (where.toLowerCase(Locale.ROOT).endsWith(".webp")
                    ? ": this Java has no reader for WebP; convert it to PNG or JPEG"
                    : ": is no image that can be read; PNG or JPEG"));
      }
      ImageReader reader = readers.next();
      try {
        // Without metadata: compressed text and colour profiles in a file are not even looked at.
        reader.setInput(in, true, true);
        long declared = (long) reader.getWidth(0) * reader.getHeight(0);
        if (declared > MOST_PIXELS) {
          throw new DataException(
              where
                  + ": declares "
                  + reader.getWidth(0)
                  + "x"
                  + reader.getHeight(0)
                  + " pixels; "
                  + MOST_PIXELS
                  + " at most");
        }
        return use.of(reader);
      } finally {
        reader.dispose();
      }
    } catch (DataException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The platform's readers answer damaged files with many kinds of unchecked exceptions.
      throw new DataException(
          where
              + ": is a damaged or unsupported image ("
              + DataFile.shown(String.valueOf(e.getMessage()))
              + ")",
          e);
    }
  }

  private static Picture of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    int plane = width * height;
    byte[] planes = new byte[3 * plane];
    boolean grey = true;
    if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
      // Read from the raster: getRGB would convert from linear grey and change the values.
      Raster raster = image.getRaster();
      int shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
      for (int i = 0; i < plane; i++) {
        planes[i] = (byte) (raster.getSample(i % width, i / width, 0) >> shift);
      }
    } else {
      int[] row = new int[width];
      for (int y = 0; y < height; y++) {
        image.getRGB(0, y, width, 1, row, 0, width);
        for (int x = 0; x < width; x++) {
          int at = y * width + x;
          planes[at] = (byte) (row[x] >> 16);
          planes[plane + at] = (byte) (row[x] >> 8);
          planes[2 * plane + at] = (byte) row[x];
          grey &= planes[at] == planes[plane + at] && planes[at] == planes[2 * plane + at];
        }
      }
    }
    return new Picture(width, height, grey ? Arrays.copyOf(planes, plane) : planes);
  }
}
