package lot4j.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.Shape;
import lot4j.train.DataException;

/** Single image files, for prediction. */
public final class ImageFiles {
  private ImageFiles() {}

  /**
   * Reads files as images of a given shape. Grey files serve a network for colour, with three equal
   * channels; colour files serve one for grey by their luma (ITU-R BT.601).
   *
   * @param shape [channels, height, width]
   * @throws DataException naming a file that cannot be read or is of another size
   */
  public static LabelledImages read(List<Path> files, Shape shape) {
    return read(files, shape, Optional.empty());
  }

  /**
   * The same, files of other sizes resized.
   *
   * @param fit how; empty if other sizes are refused
   */
  public static LabelledImages read(List<Path> files, Shape shape, Optional<Fit> fit) {
    int height = Math.toIntExact(shape.size(1));
    int width = Math.toIntExact(shape.size(2));
    int channels = Math.toIntExact(shape.size(0));
    ImageReading reading =
        new ImageReading(
            fit.isPresent() ? new ImageSize.Fixed(height, width) : new ImageSize.Own(),
            fit.orElse(Fit.CROP),
            new Channels.Count(channels));
    List<byte[]> pixels = new ArrayList<>();
    for (Path file : files) {
      Picture picture = reading.of(Picture.decode(bytes(file), DataFile.shown(file)));
      if (picture.width() != width || picture.height() != height) {
        throw new DataException(
            DataFile.shown(file)
                + ": is "
                + picture.width()
                + "x"
                + picture.height()
                + "; the network takes "
                + width
                + "x"
                + height);
      }
      byte[] planes = new byte[Math.toIntExact(shape.count())];
      picture.fill(planes, 0, channels);
      pixels.add(planes);
    }
    return new LabelledImages(shape, 255, List.of(), new Pixels.Loose(pixels), new int[0]);
  }

  private static byte[] bytes(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(Archive.LARGEST_FILE);
      if (in.read() >= 0) {
        throw new DataException(
            DataFile.shown(file)
                + ": is larger than "
                + (Archive.LARGEST_FILE >> 20)
                + " MiB, the most for an image");
      }
      return bytes;
    } catch (IOException e) {
      throw DataFile.unreadable(file, e);
    }
  }
}
