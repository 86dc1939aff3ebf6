package lot4j.data;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import lot4j.train.DataException;
import lot4j.train.Prepared.Source;

/**
 * A file of data, gzip or not, read once from front to end while its digest is taken. Every failure
 * is a {@link DataException} that names the file.
 */
final class DataFile implements Closeable {
  private static final int BUFFER = 1 << 16;
  private static final int TEXT_LIMIT = 1 << 16;

  private final Path path;
  private final DigestInputStream raw;
  private final InputStream content;

  private DataFile(Path path, DigestInputStream raw, InputStream content) {
    this.path = path;
    this.raw = raw;
    this.content = content;
  }

  /** Opens {@code path}; a name that ends in {@code .gz} is gunzipped on the way. */
  static DataFile open(Path path) {
    if (Files.isDirectory(path)) {
      throw new DataException(shown(path) + ": is a directory, not a file");
    }
    try {
      DigestInputStream raw =
          new DigestInputStream(
              new BufferedInputStream(Files.newInputStream(path), BUFFER), digest("SHA-256"));
      try {
        InputStream content =
            path.toString().endsWith(".gz") ? new GZIPInputStream(raw, BUFFER) : raw;
        return new DataFile(path, raw, content);
      } catch (IOException e) {
        raw.close();
        throw e;
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** {@code directory/name}, or the same with {@code .gz}, whichever is there. */
  static Optional<Path> find(Path directory, String name) {
    return List.of(name, name + ".gz").stream()
        .map(directory::resolve)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /**
   * Fills {@code into} as far as the content goes; returns the number of bytes, 0 at the end.
   *
   * @param record the number of the record that is read, for errors
   */
  int read(byte[] into, int record) {
    try {
      return content.readNBytes(into, 0, into.length);
    } catch (IOException e) {
      throw unreadable(shown(path) + ": record " + record, e);
    }
  }

  /** Fills {@code into} as far as the content goes; returns the number of bytes, 0 at the end. */
  int read(byte[] into) {
    try {
      return content.readNBytes(into, 0, into.length);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** The rest of the content, of which there may be {@code limit} bytes. */
  byte[] rest(int limit) {
    try {
      byte[] bytes = content.readNBytes(limit);
      if (content.read() >= 0) {
        throw new DataException(
            shown(path) + ": holds more than " + limit + " bytes; that is too much for its kind");
      }
      return bytes;
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** The content as a stream; closing this file closes it. */
  InputStream content() {
    return content;
  }

  /** The path as it was given. */
  Path path() {
    return path;
  }

  /** Reads what is left of the file and gives its size and digest. */
  Source source() {
    try {
      raw.transferTo(OutputStream.nullOutputStream());
      return new Source(
          path.toString(),
          Files.size(path),
          HexFormat.of().formatHex(raw.getMessageDigest().digest()));
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  @Override
  public void close() {
    try {
      content.close();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** The lines of a small UTF-8 file that are not blank, in order. */
  static List<String> lines(Path path) {
    try (DataFile file = open(path)) {
      return text(path, file.rest(TEXT_LIMIT))
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .toList();
    }
  }

  /** Strict UTF-8. */
  static String text(Path path, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new DataException(shown(path) + ": is not UTF-8 text", e);
    }
  }

  /** The digest and size of a whole file. */
  static Source sourceOf(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      DigestInputStream raw = new DigestInputStream(in, digest("SHA-256"));
      long size = raw.transferTo(OutputStream.nullOutputStream());
      return new Source(
          path.toString(), size, HexFormat.of().formatHex(raw.getMessageDigest().digest()));
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }

  /** The house form of a file that cannot be read. */
  static DataException unreadable(Path path, IOException e) {
    return unreadable(shown(path), e);
  }

  private static DataException unreadable(String where, IOException e) {
    String reason;
    if (e instanceof NoSuchFileException) {
      reason = "not found";
    } else if (e instanceof EOFException) {
      reason = "ends too early; it was cut short";
    } else if (e instanceof ZipException) {
      reason =
          "is damaged or not in the format its name says: " + shown(String.valueOf(e.getMessage()));
    } else {
      reason = "cannot be read: " + shown(e.getClass().getSimpleName() + " " + e.getMessage());
    }
    return new DataException(where + ": " + reason, e);
  }

  /** A path with control characters escaped, fit for one line. */
  static String shown(Path path) {
    return shown(path.toString());
  }

  /** A text with control characters escaped, fit for one line. */
  static String shown(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                out.append(String.format("\\u%04x", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }
}
