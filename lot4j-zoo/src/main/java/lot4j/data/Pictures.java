package lot4j.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.Shape;
import lot4j.train.DataException;

/**
 * All images of a set, of one size; grey if every one is. They are kept in memory if they fit
 * there, otherwise each is decoded again when it is asked for; the numbers are the same.
 */
final class Pictures {
  /** Part of the Java heap that images may fill. */
  private static final double MOST_OF_HEAP = 0.75;

  private final Archive archive;
  private final List<String> files;
  private final ImageReading reading;
  private final Shape shape;

  /** Every picture, or nothing if they are too large together. */
  private final Optional<List<Picture>> kept;

  private Pictures(
      Archive archive,
      List<String> files,
      ImageReading reading,
      Shape shape,
      Optional<List<Picture>> kept) {
    this.archive = archive;
    this.files = files;
    this.reading = reading;
    this.shape = shape;
    this.kept = kept;
  }

  /** Reads files one after the other; of each only what {@code reading} makes of it is kept. */
  static Pictures read(Archive archive, List<String> files, ImageReading reading) {
    return read(archive, files, reading, (long) (Runtime.getRuntime().maxMemory() * MOST_OF_HEAP));
  }

  /**
   * The same.
   *
   * @param most bytes that they may take in memory
   */
  static Pictures read(Archive archive, List<String> files, ImageReading reading, long most) {
    Optional<Shape> known = known(reading);
    if (known.isPresent() && archive.lasting() && known.get().count() * files.size() > most) {
      // There may be a million: decoding them all would take hours, and change nothing.
      files.forEach(file -> Picture.check(archive.read(file), archive.shown(file)));
      return new Pictures(archive, files, reading, known.get(), Optional.empty());
    }
    List<Picture> all = new ArrayList<>();
    boolean keeps = true;
    boolean grey = true;
    int width = 0;
    int height = 0;
    for (int i = 0; i < files.size(); i++) {
      String file = files.get(i);
      Picture picture = reading.of(Picture.decode(archive.read(file), archive.shown(file)));
      if (i == 0) {
        width = picture.width();
        height = picture.height();
      }
      if (picture.width() != width || picture.height() != height) {
        throw new DataException(
            archive.shown(file)
                + ": is "
                + picture.width()
                + "x"
                + picture.height()
                + ", "
                + DataFile.shown(files.get(0))
                + " is "
                + width
                + "x"
                + height
                + "; all images have to be of one size; task.size: 64 (or [height, width]) makes"
                + " them so");
      }
      grey &= picture.grey();
      long bytes = (long) planes(reading, grey) * width * height * files.size();
      if (keeps && bytes > most) {
        requireLasting(archive, files.size(), width, height, bytes, most);
        keeps = false;
        all.clear();
      }
      if (keeps) {
        all.add(picture);
      }
    }
    return new Pictures(
        archive,
        files,
        reading,
        Shape.of(planes(reading, grey), height, width),
        keeps ? Optional.of(all) : Optional.empty());
  }

  /** The shape that every image will have, whatever the files hold. */
  private static Optional<Shape> known(ImageReading reading) {
    return reading.size() instanceof ImageSize.Fixed size
            && reading.channels() instanceof Channels.Count channels
        ? Optional.of(Shape.of(channels.count(), size.height(), size.width()))
        : Optional.empty();
  }

  private static int planes(ImageReading reading, boolean grey) {
    return reading.channels() instanceof Channels.Count c ? c.count() : grey ? 1 : 3;
  }

  private static void requireLasting(
      Archive archive, int count, int width, int height, long bytes, long most) {
    if (!archive.lasting()) {
      throw new DataException(
          DataFile.shown(archive.root())
              + ": "
              + count
              + " images of "
              + width
              + "x"
              + height
              + " take "
              + (bytes >> 20)
              + " MiB, more than the "
              + (most >> 20)
              + " MiB that this Java has for them; unpack it (a folder's files are decoded when they"
              + " are needed), or a smaller task.size, or a larger -Xmx");
    }
  }

  LabelledImages part(int from, int count, List<String> classes, int[] labels) {
    Pixels pixels =
        kept.<Pixels>map(all -> loose(all.subList(from, from + count)))
            .orElseGet(
                () ->
                    new Pixels.Filed(
                        archive, List.copyOf(files.subList(from, from + count)), reading, shape));
    return new LabelledImages(shape, 255, classes, pixels, labels);
  }

  private Pixels loose(List<Picture> pictures) {
    int length = Math.toIntExact(shape.count());
    List<byte[]> pixels = new ArrayList<>();
    for (Picture picture : pictures) {
      boolean fits = picture.planes().length == length;
      byte[] planes = fits ? picture.planes() : new byte[length];
      if (!fits) {
        picture.fill(planes, 0, Math.toIntExact(shape.size(0)));
      }
      pixels.add(planes);
    }
    return new Pixels.Loose(pixels);
  }
}
