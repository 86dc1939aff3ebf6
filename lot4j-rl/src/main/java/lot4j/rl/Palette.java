package lot4j.rl;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Up to 256 colours for a picture: its own where they are enough, else those of median cut.
 *
 * <p>Source: P. Heckbert, "Color image quantization for frame buffer display", SIGGRAPH 1982.
 */
final class Palette {
  private static final int MOST = 256;
  private static final int SLOTS = 1 << 10;
  private static final int NONE = -1;
  private static final int RGB = 0xffffff;
  private static final int CHANNELS = 3;
  private static final int BIN_BITS = 5;
  private static final int BINS = 1 << CHANNELS * BIN_BITS;

  private final int[] colours; // a power of two of them, 2 or more; black at the end
  private final int count;
  private final int[] slots;
  private final short[] places;
  private final byte[] ofBin;

  /** Exact colours; {@code ofBin} gives those of all others, or is empty if there are none. */
  private Palette(int[] colours, byte[] ofBin) {
    this.count = colours.length;
    this.colours = Arrays.copyOf(colours, Math.max(2, Integer.highestOneBit(2 * count - 1)));
    this.ofBin = ofBin;
    this.slots = new int[SLOTS];
    this.places = new short[SLOTS];
    Arrays.fill(slots, NONE);
    for (int i = 0; i < count; i++) {
      int slot = slot(slots, colours[i]);
      slots[slot] = colours[i];
      places[slot] = (short) i;
    }
  }

  /** The colours for these pixels. */
  static Palette of(int[] pixels) {
    int[] slots = new int[SLOTS];
    Arrays.fill(slots, NONE);
    int[] colours = new int[MOST];
    int count = 0;
    for (int pixel : pixels) {
      int colour = pixel & RGB;
      int slot = slot(slots, colour);
      if (slots[slot] == NONE) {
        if (count == MOST) {
          return cut(pixels);
        }
        slots[slot] = colour;
        colours[count++] = colour;
      }
    }
    return new Palette(Arrays.copyOf(colours, count), new byte[0]);
  }

  /** Where a colour is or would be; there are always free slots. */
  private static int slot(int[] slots, int colour) {
    int slot = colour * 0x9e3779b1 >>> Integer.SIZE - 10;
    while (slots[slot] != NONE && slots[slot] != colour) {
      slot = slot + 1 & SLOTS - 1;
    }
    return slot;
  }

  /** How many colours: a power of two. */
  int size() {
    return colours.length;
  }

  /** One of them, red in the highest byte of three. */
  int colour(int index) {
    return colours[index];
  }

  /** Whether every pixel's colour is there exactly. */
  boolean holds(int[] pixels) {
    for (int pixel : pixels) {
      if (slots[slot(slots, pixel & RGB)] == NONE) {
        return false;
      }
    }
    return true;
  }

  /** These pixels, row by row, in these colours. */
  BufferedImage image(int[] pixels, int width, int height) {
    byte[][] channels = new byte[CHANNELS][colours.length];
    for (int i = 0; i < colours.length; i++) {
      for (int channel = 0; channel < CHANNELS; channel++) {
        channels[channel][i] = (byte) (colours[i] >> shift(channel));
      }
    }
    IndexColorModel model =
        new IndexColorModel(8, colours.length, channels[0], channels[1], channels[2]);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model);
    byte[] indices = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < indices.length; i++) {
      int slot = slot(slots, pixels[i] & RGB);
      indices[i] = slots[slot] == NONE ? ofBin[bin(pixels[i])] : (byte) places[slot];
    }
    return image;
  }

  private static int shift(int channel) {
    return 8 * (CHANNELS - 1 - channel);
  }

  /** The five highest bits of each channel. */
  private static int bin(int pixel) {
    return (pixel >> 19 & 31) << 10 | (pixel >> 11 & 31) << 5 | pixel >> 3 & 31;
  }

  private static int component(int bin, int channel) {
    return bin >> BIN_BITS * (CHANNELS - 1 - channel) & 31;
  }

  /**
   * Halves the box with the most to gain, at the median of its longest side, until 256 are made.
   */
  private static Palette cut(int[] pixels) {
    long[] count = new long[BINS];
    long[][] sum = new long[CHANNELS][BINS];
    for (int pixel : pixels) {
      int bin = bin(pixel);
      count[bin]++;
      for (int channel = 0; channel < CHANNELS; channel++) {
        sum[channel][bin] += pixel >> shift(channel) & 255;
      }
    }
    List<Integer> used = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      if (count[bin] > 0) {
        used.add(bin);
      }
    }
    PriorityQueue<Box> boxes = new PriorityQueue<>(Comparator.comparingLong(Box::gain).reversed());
    boxes.add(Box.of(used, count));
    while (boxes.size() < MOST && boxes.element().gain() > 0) {
      boxes.addAll(boxes.remove().halves(count));
    }
    int[] colours = new int[boxes.size()];
    byte[] ofBin = new byte[BINS];
    int index = 0;
    for (Box box : boxes) {
      for (int channel = 0; channel < CHANNELS; channel++) {
        long[] of = sum[channel];
        long total = box.bins().stream().mapToLong(bin -> of[bin]).sum();
        colours[index] |= (int) (total / box.pixels()) << shift(channel);
      }
      for (int bin : box.bins()) {
        ofBin[bin] = (byte) index;
      }
      index++;
    }
    return new Palette(colours, ofBin);
  }

  /** Bins that share a colour. */
  private record Box(List<Integer> bins, long pixels, int longest, int length) {
    static Box of(List<Integer> bins, long[] count) {
      int longest = 0;
      int length = NONE;
      for (int channel = 0; channel < CHANNELS; channel++) {
        int own = channel;
        int low = bins.stream().mapToInt(bin -> component(bin, own)).min().orElseThrow();
        int high = bins.stream().mapToInt(bin -> component(bin, own)).max().orElseThrow();
        if (high - low > length) {
          longest = channel;
          length = high - low;
        }
      }
      return new Box(bins, bins.stream().mapToLong(bin -> count[bin]).sum(), longest, length);
    }

    long gain() {
      return pixels * length;
    }

    List<Box> halves(long[] count) {
      List<Integer> sorted = new ArrayList<>(bins);
      sorted.sort(Comparator.comparingInt(bin -> component(bin, longest)));
      long before = 0;
      int middle = 0;
      while (middle < sorted.size() - 1 && (middle == 0 || 2 * before < pixels)) {
        before += count[sorted.get(middle++)];
      }
      return List.of(
          of(List.copyOf(sorted.subList(0, middle)), count),
          of(List.copyOf(sorted.subList(middle, sorted.size())), count));
    }
  }
}
