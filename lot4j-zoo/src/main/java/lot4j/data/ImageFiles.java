package lot4j.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    int length = Math.toIntExact(shape.count());
    byte[] pixels = new byte[Math.multiplyExact(files.size(), length)];
    for (int i = 0; i < files.size(); i++) {
      Picture picture = Picture.decode(bytes(files.get(i)), DataFile.shown(files.get(i)));
      if (picture.width() != shape.size(2) || picture.height() != shape.size(1)) {
        throw new DataException(
            DataFile.shown(files.get(i))
                + ": is "
                + picture.width()
                + "x"
                + picture.height()
                + "; the network takes "
                + shape.size(2)
                + "x"
                + shape.size(1));
      }
      fill(picture, pixels, i * length, (int) shape.size(0));
    }
    return new LabelledImages(shape, 255, List.of(), pixels, new int[0]);
  }

  private static void fill(Picture picture, byte[] pixels, int from, int channels) {
    int plane = picture.width() * picture.height();
    byte[] planes = picture.planes();
    if (channels == 1 && !picture.grey()) {
      for (int i = 0; i < plane; i++) {
        int red = planes[i] & 0xff;
        int green = planes[plane + i] & 0xff;
        int blue = planes[2 * plane + i] & 0xff;
        pixels[from + i] = (byte) Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
      }
      return;
    }
    for (int c = 0; c < channels; c++) {
      System.arraycopy(planes, picture.grey() ? 0 : c * plane, pixels, from + c * plane, plane);
    }
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
