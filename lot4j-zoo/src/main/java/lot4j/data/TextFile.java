package lot4j.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import lot4j.train.DataException;
import lot4j.train.Prepared.Source;

/**
 * A text that can be read again and again: a file, gzip or not, or one of the program's own. It is
 * streamed, never held whole.
 */
final class TextFile {
  private static final int CHUNK = 1 << 16;

  private final Optional<Path> path;
  private final String resource;
  // Taken when it is first needed: of several texts found, not all are read.
  private Optional<Source> source;

  private TextFile(Optional<Path> path, String resource, Optional<Source> source) {
    this.path = path;
    this.resource = resource;
    this.source = source;
  }

  /** A file, which is not looked at yet. */
  static TextFile at(Path path) {
    return new TextFile(Optional.of(path), "", Optional.empty());
  }

  /** A gzip file of the program, beside this class. */
  static TextFile builtIn(String resource) {
    byte[] packed = packed(resource);
    Source source =
        new Source(
            "built-in " + resource,
            packed.length,
            HexFormat.of().formatHex(DataFile.digest("SHA-256").digest(packed)));
    return new TextFile(Optional.empty(), resource, Optional.of(source));
  }

  /** The file as it lies there: name, bytes, SHA-256. */
  synchronized Source source() {
    if (source.isEmpty()) {
      try (DataFile file = DataFile.open(path.orElseThrow())) {
        source = Optional.of(file.source());
      }
    }
    return source.get();
  }

  /** Whether it is unpacked on the way: the same bytes are another text then. */
  String packing() {
    boolean packed = path.isEmpty() || path.get().toString().endsWith(".gz");
    return packed ? "gzip " : "plain ";
  }

  /** Its name for people. */
  String shown() {
    return path.map(DataFile::shown).orElse("built-in " + resource);
  }

  /**
   * Reads the text once, from front to end. A byte order mark is left out; the line ends of Windows
   * become {@code \n}.
   *
   * @throws DataException naming file and byte if it is not UTF-8, or the file if it is damaged, or
   *     changed since its digest was taken
   */
  void read(TextReader reader) {
    Utf8 decoder = new Utf8(shown(), reader);
    byte[] bytes = new byte[CHUNK];
    if (path.isPresent()) {
      try (DataFile file = DataFile.open(path.get())) {
        for (int got = file.read(bytes); got > 0; got = file.read(bytes)) {
          decoder.accept(bytes, got);
        }
        // Whatever is made of this text is kept under the digest.
        if (!file.source().sha256().equals(source().sha256())) {
          throw new DataException(shown() + ": changed while it was read");
        }
      }
    } else {
      try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed(resource)))) {
        for (int got = in.read(bytes); got > 0; got = in.read(bytes)) {
          decoder.accept(bytes, got);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    decoder.end();
  }

  private static byte[] packed(String resource) {
    try (InputStream in = TextFile.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(
            "the program's file lot4j/data/" + resource + " is missing");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
