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
   * Replaces or creates several files of a directory, one after the other in their order, each at
   * once or not at all. When this returns, all of them last; the directory is forced once.
   *
   * @param files contents by name
   * @throws UncheckedIOException naming the file that cannot be written
   */
  public static void writeAll(Path directory, Map<String, byte[]> files) {
    for (Map.Entry<String, byte[]> each : files.entrySet()) {
      Path file = directory.resolve(each.getKey());
      try {
        put(prepared(file, out -> writeFully(out, ByteBuffer.wrap(each.getValue()))), file);
      } catch (IOException e) {
        throw unwritable(file, e);
      }
    }
    try {
      forceDirectory(directory.toAbsolutePath());
    } catch (IOException e) {
      throw unwritable(directory, e);
    }
  }

  /** Writes and forces what {@link #put} makes a file; gives the temporary name. */
  static Path prepared(Path file, Body body) throws IOException {
    Path whole = file.toAbsolutePath();
    Path temporary = whole.resolveSibling(TEMPORARY + whole.getFileName());
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
  static void writeForced(Path file, Body body) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      body.writeTo(channel);
      channel.force(true);
    }
  }

  /** Makes the names in a directory durable; Windows has no such call and does it by itself. */
  public static void forceDirectory(Path directory) throws IOException {
    if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
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
