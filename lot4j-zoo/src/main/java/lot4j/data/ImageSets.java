package lot4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lot4j.train.DataException;

/** Finds a set of images by name or by path and reads it; its kind is told by what is there. */
public final class ImageSets {
  private ImageSets() {}

  /**
   * Reads a set.
   *
   * @param dataDirectory where {@code <name>/} is looked for
   * @param data a name of {@link DataSets}, or a path
   * @throws DataException if it is missing, unreadable or damaged
   */
  public static ImageSet read(Path dataDirectory, String data) {
    return read(dataDirectory, data, ImageReading.plain());
  }

  /** The same with images of another size or other channels than they have. */
  public static ImageSet read(Path dataDirectory, String data, ImageReading reading) {
    if (DataSets.named(data).isPresent() && DataSets.images(data).isEmpty()) {
      throw new DataException("data = " + data + " is a text, not a set of images");
    }
    return DataSets.named(data).isPresent()
        ? readNamed(dataDirectory, data, reading)
        : readPath(path(data), reading);
  }

  /**
   * The path that {@code data} means if it is no name.
   *
   * @throws DataException if nothing is there
   */
  public static Path path(String data) {
    return DataSets.path(data, DataSet.Images.class);
  }

  /** A set of the official sizes with meaningless pixels, for planning and timing without data. */
  public static ImageSet standIn(DataSet.Images set) {
    return ImageSet.split(
        set.name(), meaningless(set, set.train()), meaningless(set, set.test()), List.of());
  }

  /** One image, again and again: there may be a million of them. */
  private static LabelledImages meaningless(DataSet.Images set, int size) {
    byte[] pixels = new byte[Math.toIntExact(set.shape().count())];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 31);
    }
    return new LabelledImages(
        set.shape(),
        255,
        IntStream.range(0, set.classes()).mapToObj(Integer::toString).toList(),
        new Pixels.Loose(Collections.nCopies(size, pixels)),
        IntStream.range(0, size).map(i -> i % set.classes()).toArray());
  }

  /** Whether {@code path} holds CIFAR or IDX files. */
  public static boolean isBinary(Path path) {
    return Cifar.at(path).isPresent() || (Files.isDirectory(path) && Idx.in(path));
  }

  private static ImageSet readNamed(Path dataDirectory, String name, ImageReading reading) {
    if (name.equals("digits")) {
      return reading.of(Digits.read());
    }
    Path directory = dataDirectory.resolve(name);
    if (!Files.isDirectory(directory)) {
      throw new DataException(
          DataFile.shown(directory)
              + ": not found; "
              + DataStore.howToGet(DataSets.images(name).orElseThrow(), dataDirectory));
    }
    if (!DataSets.images(name).orElseThrow().home().isEmpty()) {
      return renamed(ImageFolder.read(directory, reading), name);
    }
    Optional<Cifar> cifar = Stream.of(Cifar.values()).filter(c -> c.key().equals(name)).findFirst();
    if (cifar.isEmpty()) {
      return reading.of(Idx.read(directory, name));
    }
    if (cifar.get().complete(directory)) {
      return reading.of(cifar.get().read(directory));
    }
    return folder(directory)
        .map(path -> renamed(ImageFolder.read(path, reading), name))
        .orElseThrow(
            () ->
                new DataException(
                    DataFile.shown(directory)
                        + ": a split is missing; "
                        + cifar.get().expected()
                        + " are needed"));
  }

  private static ImageSet readPath(Path path, ImageReading reading) {
    Optional<Cifar> cifar = Cifar.at(path);
    if (!Files.isDirectory(path)) {
      if (cifar.isPresent()) {
        return reading.of(cifar.get().readFile(path));
      }
      if (!path.toString().toLowerCase(Locale.ROOT).endsWith(".zip")) {
        throw new DataException(
            DataFile.shown(path) + ": is no set of images; a directory, a zip, or a CIFAR file");
      }
      return ImageFolder.read(path, reading);
    }
    if (cifar.isPresent() && !cifar.get().complete(path)) {
      Optional<Path> folder = folder(path);
      if (folder.isPresent()) {
        return renamed(ImageFolder.read(folder.get(), reading), cifar.get().key());
      }
    }
    if (cifar.isPresent()) {
      return reading.of(cifar.get().read(path));
    }
    return Idx.in(path)
        ? reading.of(Idx.read(path, ImageFolder.nameOf(path)))
        : ImageFolder.read(path, reading);
  }

  /** The one zip in a directory, or the directory itself if it has a folder of training images. */
  private static Optional<Path> folder(Path directory) {
    if (Files.isDirectory(directory.resolve("train"))) {
      return Optional.of(directory);
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> zips = files.filter(file -> file.toString().endsWith(".zip")).toList();
      return zips.size() == 1 ? Optional.of(zips.get(0)) : Optional.empty();
    } catch (IOException e) {
      throw DataFile.unreadable(directory, e);
    }
  }

  private static ImageSet renamed(ImageSet set, String name) {
    return new ImageSet(name, set.train(), set.valid(), set.test(), set.drawnTest(), set.sources());
  }
}
