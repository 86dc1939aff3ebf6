package lot4j.data;

import java.util.List;
import lot4j.Shape;
import lot4j.train.DataException;

/** Where the bytes of a set's images are. */
interface Pixels {
  /** Number of images. */
  int size();

  /**
   * An array that holds an image from {@link #offset} on; the caller does not change it.
   *
   * @param scratch as long as an image; the image may be put there
   */
  byte[] array(int row, byte[] scratch);

  /** Where an image begins in its array. */
  int offset(int row);

  /** Whether images are in memory, of whatever shape. */
  default boolean kept() {
    return true;
  }

  /** One after the other. */
  record Packed(byte[] all, int length) implements Pixels {
    @Override
    public int size() {
      return all.length / length;
    }

    @Override
    public byte[] array(int row, byte[] scratch) {
      return all;
    }

    @Override
    public int offset(int row) {
      return row * length;
    }
  }

  /** Each in an array of its own: together they may be larger than one array can be. */
  record Loose(List<byte[]> images) implements Pixels {
    @Override
    public int size() {
      return images.size();
    }

    @Override
    public byte[] array(int row, byte[] scratch) {
      return images.get(row);
    }

    @Override
    public int offset(int row) {
      return 0;
    }
  }

  /**
   * Files, decoded each time: more than fit in memory. Their sizes and colours were looked at
   * before.
   *
   * @param archive one that lasts
   * @param files of the images
   * @param shape [channels, height, width] of every image
   */
  record Filed(Archive archive, List<String> files, ImageReading reading, Shape shape)
      implements Pixels {
    @Override
    public int size() {
      return files.size();
    }

    @Override
    public byte[] array(int row, byte[] scratch) {
      String file = files.get(row);
      Picture picture = reading.of(Picture.decode(archive.again(file), archive.shown(file)));
      int channels = Math.toIntExact(shape.size(0));
      boolean same = picture.height() == shape.size(1) && picture.width() == shape.size(2);
      boolean tooColourful =
          channels == 1 && !picture.grey(); // where grey is asked for, it is made
      if (!same || tooColourful) {
        throw new DataException(archive.shown(file) + ": has been changed since it was first read");
      }
      picture.fill(scratch, 0, channels);
      return scratch;
    }

    @Override
    public boolean kept() {
      return false;
    }

    @Override
    public int offset(int row) {
      return 0;
    }
  }

  /**
   * Images of another shape, brought to form each time: small images made large stay small in
   * memory.
   */
  record Formed(Pixels source, Shape shape, int channels, ImageReading reading) implements Pixels {
    @Override
    public int size() {
      return source.size();
    }

    @Override
    public byte[] array(int row, byte[] scratch) {
      int length = Math.toIntExact(shape.count());
      byte[] planes = new byte[length];
      byte[] array = source.array(row, planes);
      System.arraycopy(array, source.offset(row), planes, 0, length);
      Picture picture =
          new Picture(Math.toIntExact(shape.size(2)), Math.toIntExact(shape.size(1)), planes);
      reading.of(picture).fill(scratch, 0, channels);
      return scratch;
    }

    @Override
    public boolean kept() {
      return source.kept();
    }

    @Override
    public int offset(int row) {
      return 0;
    }
  }
}
