package lot4j.data;

import java.util.ArrayList;
import java.util.List;
import lot4j.Shape;
import lot4j.train.DataException;

/** All images of a set, of one size; grey if every one is. */
final class Pictures {
  /** Part of the Java heap that images may fill. */
  private static final double MOST_OF_HEAP = 0.75;

  private final List<Picture> all;
  private final int channels;

  private Pictures(List<Picture> all, int channels) {
    this.all = all;
    this.channels = channels;
  }

  /** Reads files one after the other; of each only what {@code reading} makes of it is kept. */
  static Pictures read(Archive archive, List<String> files, ImageReading reading) {
    List<Picture> all = new ArrayList<>();
    boolean grey = true;
    for (String file : files) {
      Picture picture = reading.of(Picture.decode(archive.read(file), archive.shown(file)));
      Picture first = all.isEmpty() ? picture : all.get(0);
      if (picture.width() != first.width() || picture.height() != first.height()) {
        throw new DataException(
            archive.shown(file)
                + ": is "
                + picture.width()
                + "x"
                + picture.height()
                + ", "
                + DataFile.shown(files.get(0))
                + " is "
                + first.width()
                + "x"
                + first.height()
                + "; all images have to be of one size; task.size: 64 (or [height, width]) makes"
                + " them so");
      }
      boolean greyBefore = grey;
      grey &= picture.grey();
      all.add(picture);
      if (all.size() == 1 || grey != greyBefore) {
        requireRoom(archive, planes(reading, grey), picture, files.size());
      }
    }
    return new Pictures(all, planes(reading, grey));
  }

  private static int planes(ImageReading reading, boolean grey) {
    return reading.channels() instanceof Channels.Count c ? c.count() : grey ? 1 : 3;
  }

  private static void requireRoom(Archive archive, int channels, Picture picture, int count) {
    long bytes = (long) channels * picture.width() * picture.height() * count;
    long most = (long) (Runtime.getRuntime().maxMemory() * MOST_OF_HEAP);
    if (bytes > most) {
      throw new DataException(
          DataFile.shown(archive.root())
              + ": "
              + count
              + " images of "
              + picture.width()
              + "x"
              + picture.height()
              + " take "
              + (bytes >> 20)
              + " MiB, more than the "
              + (most >> 20)
              + " MiB that this Java has for them; a smaller task.size, or a larger -Xmx");
    }
  }

  LabelledImages part(int from, int count, List<String> classes, int[] labels) {
    int width = all.get(0).width();
    int height = all.get(0).height();
    List<byte[]> pixels = new ArrayList<>();
    for (Picture picture : all.subList(from, from + count)) {
      boolean fits = picture.planes().length == channels * width * height;
      byte[] planes = fits ? picture.planes() : new byte[channels * width * height];
      if (!fits) {
        picture.fill(planes, 0, channels);
      }
      pixels.add(planes);
    }
    return new LabelledImages(
        Shape.of(channels, height, width), 255, classes, new Pixels.Loose(pixels), labels);
  }
}
