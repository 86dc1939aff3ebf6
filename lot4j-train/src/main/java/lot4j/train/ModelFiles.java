package lot4j.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import lot4j.ModelSpec;
import lot4j.checkpoint.AtomicFile;
import lot4j.config.RunConfig;

/** The files that a run's networks are built from, and its own copies of them. */
public final class ModelFiles {
  private static final String FOLDER = "models";

  private ModelFiles() {}

  /**
   * The configuration with the digests of its networks' files.
   *
   * @throws DataException if a file is missing, or has another digest than the configuration says
   */
  static RunConfig pinned(RunConfig config) {
    return config.withSpecs(
        spec -> spec instanceof FileModel model ? model.pinned(model.file(), digest(model)) : spec);
  }

  /** Copies the files of a pinned configuration into a run's directory, each content once. */
  static void keep(RunConfig config, Path directory) {
    config.withSpecs(
        spec -> {
          if (spec instanceof FileModel model && !Files.exists(copy(model, directory))) {
            copy(model.file(), copy(model, directory));
          }
          return spec;
        });
  }

  /** The configuration with a run's own copies in place of the user's files. */
  public static RunConfig kept(RunConfig config, Path directory) {
    return config.withSpecs(spec -> kept(spec, directory));
  }

  private static ModelSpec kept(ModelSpec spec, Path directory) {
    return spec instanceof FileModel model
            && model.sha256().isPresent()
            && Files.exists(copy(model, directory))
        ? model.pinned(copy(model, directory), model.sha256().orElseThrow())
        : spec;
  }

  private static Path copy(FileModel model, Path directory) {
    return directory.resolve(FOLDER).resolve(model.sha256().orElseThrow());
  }

  private static void copy(Path from, Path to) {
    try {
      Files.createDirectories(to.getParent());
    } catch (IOException e) {
      throw AtomicFile.unwritable(to, e);
    }
    AtomicFile.write(to, out -> transfer(from, out));
  }

  /** Writes a file's content to {@code out}. */
  public static void transfer(Path from, WritableByteChannel out) throws IOException {
    try (FileChannel in = FileChannel.open(from)) {
      for (long at = 0; at < in.size(); ) {
        at += in.transferTo(at, in.size() - at, out);
      }
    }
  }

  /**
   * SHA-256 of a network's file, lower-case hex.
   *
   * @throws DataException if there is no such file, or its digest is not the one that is asked for
   */
  public static String digest(FileModel model) {
    Path file = model.file();
    if (!Files.isRegularFile(file)) {
      throw new DataException(file + ": no such file");
    }
    String found = digest(file);
    model
        .sha256()
        .filter(expected -> !expected.equals(found))
        .ifPresent(
            expected -> {
              throw new DataException(
                  file + ": its SHA-256 is " + found + "; the configuration has " + expected);
            });
    return found;
  }

  private static String digest(Path file) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
