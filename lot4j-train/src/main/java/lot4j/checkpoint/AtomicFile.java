package lot4j.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Files that are there whole or not at all, also after a power cut.
 *
 * <p>The bytes go to a temporary name in the same directory, are forced on the channel that wrote
 * them (a channel opened later promises nothing), and are moved over the old file in one step; then
 * the directory is forced. Whatever fails on the way, a full disk included, leaves the old file as
 * it was and no temporary. Two processes must not write the same file at once.
 */
public final class AtomicFile {
  /** Hidden, so that nobody lists it as a result; a killed process may leave one. */
  static final String TEMPORARY = ".tmp-";

  private AtomicFile() {}

  /** Writes the bytes of a file. */
  @FunctionalInterface
  public interface Body {
    /** Writes everything to {@code out}, which the caller closes. */
    void writeTo(WritableByteChannel out) throws IOException;
  }

  /**
   * Replaces or creates {@code file} with these bytes.
   *
   * @throws UncheckedIOException naming the file if it cannot be written
   */
  public static void write(Path file, byte[] bytes) {
    write(file, out -> writeFully(out, ByteBuffer.wrap(bytes)));
  }

  /**
   * Replaces or creates {@code file} with this text in UTF-8.
   *
   * @throws UncheckedIOException naming the file if it cannot be written
   */
  public static void write(Path file, String text) {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Replaces or creates {@code file} with what {@code body} writes.
   *
   * @throws UncheckedIOException naming the file if it cannot be written
   */
  public static void write(Path file, Body body) {
    try {
      put(prepared(file, body), file);
      forceDirectory(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /**
   * Replaces or creates several files of a directory, each at once or not at all, in their order.
   * They are forced together, and the directory once; when this returns, all of them last.
   *
   * @param files contents by name
   * @throws UncheckedIOException naming the file that cannot be written; then files before it may
   *     be the new ones
   */
  public static void writeAll(Path directory, Map<String, byte[]> files) {
    Map<Path, Path> temporaries = new LinkedHashMap<>();
    Path at = directory;
    try {
      try (NewFiles fresh = new NewFiles()) {
        for (Map.Entry<String, byte[]> each : files.entrySet()) {
          at = directory.resolve(each.getKey());
          Path temporary = temporary(at);
          Files.deleteIfExists(temporary);
          temporaries.put(at, temporary);
          fresh.write(temporary, out -> writeFully(out, ByteBuffer.wrap(each.getValue())));
        }
        fresh.force();
      }
      for (Map.Entry<Path, Path> each : temporaries.entrySet()) {
        at = each.getKey();
        put(each.getValue(), at);
      }
      at = directory;
      forceDirectory(directory.toAbsolutePath());
    } catch (IOException e) {
      throw unwritable(at, e);
    } finally {
      temporaries.values().forEach(AtomicFile::forget);
    }
  }

  static Path temporary(Path file) {
    Path whole = file.toAbsolutePath();
    return whole.resolveSibling(TEMPORARY + whole.getFileName());
  }

  /** What was put is not there any more; else something failed, and this is not what to report. */
  private static void forget(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      return;
    }
  }

  /** Writes and forces what {@link #put} makes a file; gives the temporary name. */
  static Path prepared(Path file, Body body) throws IOException {
    Path temporary = temporary(file);
    boolean written = false;
    try {
      Files.deleteIfExists(temporary);
      writeForced(temporary, body);
      written = true;
      return temporary;
    } finally {
      if (!written) {
        Files.deleteIfExists(temporary);
      }
    }
  }

  /** Makes a prepared file the file, in one step; it lasts once its directory is forced. */
  static void put(Path prepared, Path file) throws IOException {
    boolean moved = false;
    try {
      Files.move(
          prepared,
          file.toAbsolutePath(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      moved = true;
    } finally {
      if (!moved) {
        Files.deleteIfExists(prepared);
      }
    }
  }

  /** Writes a new file in place and forces it on the same channel. */
  private static void writeForced(Path file, Body body) throws IOException {
    try (NewFiles fresh = new NewFiles()) {
      fresh.write(file, body);
      fresh.force();
    }
  }

  /** Makes the names in a directory durable; Windows has no such call and does it by itself. */
  public static void forceDirectory(Path directory) throws IOException {
    if (forcesDirectories(directory)) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  static boolean forcesDirectories(Path directory) {
    return directory.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Writes until nothing remains; one call of a channel may write less. */
  static void writeFully(WritableByteChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /** A failed write in the house form: the file, and what the system said. */
  public static UncheckedIOException unwritable(Path file, IOException cause) {
    return new UncheckedIOException(file + ": cannot be written; " + reason(cause), cause);
  }

  /** What the system said, without the path that it repeats. */
  static String reason(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (cause instanceof FileSystemException e && e.getReason() != null) {
      return e.getReason();
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
