package lot4j.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * What tells whether a file is still the one that was read: a cheap question to the file system.
 *
 * @param size bytes
 * @param changed milliseconds since 1970
 * @param identity which file it is; a file that replaced another has another one. Text, empty where
 *     the file system has none
 */
record Stamp(long size, long changed, String identity) {
  /** Of a regular file; empty for anything else, symbolic links included. */
  static Optional<Stamp> of(Path file) {
    try {
      BasicFileAttributes is =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return is.isRegularFile()
          ? Optional.of(
              new Stamp(
                  is.size(),
                  is.lastModifiedTime().toMillis(),
                  is.fileKey() == null ? "" : is.fileKey().toString()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether a file that was this may have grown into {@code later}. */
  boolean mayHaveGrownInto(Stamp later) {
    return identity.equals(later.identity) && later.size >= size;
  }
}
