package lot4j.cli;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import lot4j.Network;
import lot4j.task.ImagePrediction;
import lot4j.train.DataException;

/** Image files, folders of them and zips of them, classified by a saved network. */
final class ImagePredictor implements Predictor {
  private static final int TOGETHER = 64;
  private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "webp");

  private final ImagePrediction prediction;
  private final Network network;
  private final List<FileSystem> zips = new ArrayList<>();

  /** With the classes and the normalisation that lie in the run's directory. */
  ImagePredictor(Path run, Network network) {
    this.prediction = ImagePrediction.read(run.resolve(ImagePrediction.FILE));
    this.network = network;
  }

  @Override
  public Stream<Input> inputs(String argument) {
    Path path = path(argument);
    if (Files.isDirectory(path)) {
      return images(path, argument, name -> path.resolve(name).toString());
    }
    if (ending(path).equals("zip") && Files.isRegularFile(path)) {
      return images(opened(path).getPath("/"), argument, name -> argument + "!/" + name);
    }
    return Stream.of(new Input(argument, Optional.of(path)));
  }

  private static Path path(String argument) {
    try {
      return Path.of(argument);
    } catch (InvalidPathException e) {
      throw new DataException(argument + ": is no path: " + e.getReason(), e);
    }
  }

  /** How an image below a folder is called. */
  private interface Naming {
    String of(String name);
  }

  /** The images below a folder, whatever the folders between, in the order of their names. */
  private static Stream<Input> images(Path root, String argument, Naming naming) {
    List<Path> files;
    try (Stream<Path> all = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
      files =
          all.filter(file -> ENDINGS.contains(ending(file)) && !hidden(file))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new DataException(argument + ": cannot be read: " + e.getMessage(), e);
    }
    if (files.isEmpty()) {
      throw new DataException(argument + ": holds no image; png, jpg, jpeg, webp");
    }
    return files.stream()
        .map(file -> new Input(naming.of(root.relativize(file).toString()), Optional.of(file)));
  }

  /** By its name, as systems leave such files in zips. */
  private static boolean hidden(Path file) {
    return file.getFileName().toString().startsWith(".");
  }

  private FileSystem opened(Path zip) {
    try {
      // Refuses entries whose names lead out of the archive.
      FileSystem opened = FileSystems.newFileSystem(zip);
      zips.add(opened);
      return opened;
    } catch (IOException | RuntimeException e) {
      // The platform answers damaged archives with several kinds of unchecked exceptions.
      throw new DataException(zip + ": is no zip that can be read: " + e.getMessage(), e);
    }
  }

  private static String ending(Path file) {
    String name = file.getFileName() == null ? "" : file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  @Override
  public int together() {
    return TOGETHER;
  }

  @Override
  public void answer(List<Input> inputs, Consumer<Prediction> to) {
    List<Path> files = inputs.stream().map(input -> input.file().orElseThrow()).toList();
    List<List<Double>> all = prediction.probabilities(network, files);
    for (int i = 0; i < inputs.size(); i++) {
      to.accept(
          new Prediction.Classified(
              inputs.get(i).name(),
              prediction.classes(),
              prediction.multi(),
              prediction.said(all.get(i)),
              all.get(i)));
    }
  }

  @Override
  public void close() {
    for (FileSystem zip : zips) {
      try {
        zip.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(zip + ": cannot be closed: " + e.getMessage(), e);
      }
    }
  }
}
