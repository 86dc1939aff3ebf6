package lot4j.atari;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import lot4j.train.DataException;
import lot4j.train.Prepared.Source;

/**
 * A game's file, a cartridge's content, read and checked as a file. Whether the emulator knows the
 * game, {@link Emulator} says.
 *
 * @param path as the user wrote it
 * @param bytes its size
 * @param sha256 lower-case hex digest of its content
 */
record Rom(Path path, long bytes, String sha256) {
  /** No cartridge holds more. */
  private static final int LARGEST = 512 * 1024;

  /**
   * Reads it.
   *
   * @throws DataException naming the file if it is not there, cannot be read or is no cartridge
   */
  static Rom read(Path path) {
    if (Files.isDirectory(path)) {
      throw new DataException(shown(path) + ": is a directory, not a game's file");
    }
    byte[] content;
    try (InputStream in = Files.newInputStream(path)) {
      content = in.readNBytes(LARGEST + 1);
    } catch (NoSuchFileException e) {
      throw new DataException(shown(path) + ": not found", e);
    } catch (IOException e) {
      throw new DataException(
          shown(path) + ": cannot be read: " + e.getClass().getSimpleName() + " " + e.getMessage(),
          e);
    }
    if (content.length == 0) {
      throw new DataException(shown(path) + ": is empty, not a game's file");
    }
    if (content.length > LARGEST) {
      throw new DataException(
          shown(path) + ": is larger than any game of the console, " + LARGEST + " bytes");
    }
    return new Rom(path, content.length, digest(content));
  }

  /** The file's name without its ending: {@code breakout}. */
  String name() {
    return name(path);
  }

  static String name(Path path) {
    String file = String.valueOf(path.getFileName());
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }

  Source source() {
    return new Source(path.toString(), bytes, sha256);
  }

  /** A path with control characters escaped, fit for one line. */
  static String shown(Path path) {
    StringBuilder out = new StringBuilder();
    path.toString()
        .codePoints()
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

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
