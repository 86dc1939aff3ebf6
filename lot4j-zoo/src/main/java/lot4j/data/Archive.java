package lot4j.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import lot4j.train.DataException;
import lot4j.train.Prepared.Source;

/** The files of a directory tree or of a zip, in the order of their names. */
sealed interface Archive extends Closeable {
  /** Largest file that is read. */
  int LARGEST_FILE = 64 << 20;

  /** Pictures are compressed already: what a zip may unpack to, as a multiple of its size. */
  int MOST_UNPACKED = 100;

  /** However small the zip is, it may unpack to so many bytes. */
  long FREE_UNPACKED = 1L << 30;

  /** Where it is. */
  Path root();

  /** Relative paths with {@code /}, sorted; directories end in {@code /}. */
  List<String> names();

  /** The bytes of one file. */
  byte[] read(String name);

  /** Whether files can be read {@linkplain #again again} once this is closed. */
  boolean lasting();

  /**
   * The bytes of a file that was read before; no part of {@link #sources}.
   *
   * @throws UnsupportedOperationException if it is not {@link #lasting}
   */
  byte[] again(String name);

  /** Size and digest of what was read. */
  List<Source> sources();

  @Override
  void close();

  /** Opens a directory or a zip. */
  static Archive open(Path path) {
    return Files.isDirectory(path) ? Tree.open(path) : Zip.open(path);
  }

  /** How an error names one file. */
  default String shown(String name) {
    return DataFile.shown(root()) + (this instanceof Zip ? "!/" : "/") + DataFile.shown(name);
  }

  private byte[] limited(InputStream in, String name) throws IOException {
    byte[] bytes = in.readNBytes(LARGEST_FILE);
    if (in.read() >= 0) {
      throw new DataException(
          shown(name) + ": is larger than " + (LARGEST_FILE >> 20) + " MiB, the most for an image");
    }
    return bytes;
  }

  /** A directory tree; links are followed. */
  final class Tree implements Archive {
    private final Path root;
    private final List<String> names;
    private final MessageDigest digest = DataFile.digest("SHA-256");
    private long bytes;

    private Tree(Path root, List<String> names) {
      this.root = root;
      this.names = names;
    }

    static Tree open(Path root) {
      try (Stream<Path> files = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
        List<String> names =
            files
                .filter(path -> !path.equals(root))
                .map(
                    path -> {
                      String name = root.relativize(path).toString();
                      String slashed = name.replace(root.getFileSystem().getSeparator(), "/");
                      return Files.isDirectory(path) ? slashed + "/" : slashed;
                    })
                .sorted()
                .toList();
        return new Tree(root, names);
      } catch (IOException e) {
        throw DataFile.unreadable(root, e);
      } catch (UncheckedIOException e) {
        throw DataFile.unreadable(root, e.getCause());
      }
    }

    @Override
    public Path root() {
      return root;
    }

    @Override
    public List<String> names() {
      return names;
    }

    @Override
    public byte[] read(String name) {
      byte[] content = again(name);
      // One line a file, as sha256sum prints it: the digest of a tree is that of its list.
      String line =
          HexFormat.of().formatHex(DataFile.digest("SHA-256").digest(content)) + "  " + name + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
      bytes += content.length;
      return content;
    }

    @Override
    public boolean lasting() {
      return true;
    }

    @Override
    public byte[] again(String name) {
      Path path = root.resolve(name);
      try (InputStream in = Files.newInputStream(path)) {
        return ((Archive) this).limited(in, name);
      } catch (IOException e) {
        throw DataFile.unreadable(path, e);
      }
    }

    @Override
    public List<Source> sources() {
      return List.of(new Source(root.toString(), bytes, HexFormat.of().formatHex(digest.digest())));
    }

    @Override
    public void close() {}
  }

  /** A zip, read in place. */
  final class Zip implements Archive {
    private final Path root;
    private final ZipFile file;
    private final List<String> names;
    private long unpacked;

    private Zip(Path root, ZipFile file, List<String> names) {
      this.root = root;
      this.file = file;
      this.names = names;
    }

    static Zip open(Path root) {
      try {
        ZipFile file = new ZipFile(root.toFile());
        try {
          return new Zip(root, file, names(root, file));
        } catch (DataException e) {
          file.close();
          throw e;
        }
      } catch (IOException e) {
        throw DataFile.unreadable(root, e);
      } catch (IllegalArgumentException e) {
        throw new DataException(DataFile.shown(root) + ": is damaged: a bad entry name", e);
      }
    }

    private static List<String> names(Path root, ZipFile file) {
      List<String> names = new ArrayList<>();
      for (ZipEntry entry : Collections.list(file.entries())) {
        String name = entry.getName();
        boolean absolute =
            name.startsWith("/") || name.startsWith("\\") || name.matches("[A-Za-z]:.*");
        if (absolute || List.of(name.split("[/\\\\]")).contains("..")) {
          throw new DataException(
              DataFile.shown(root)
                  + ": entry "
                  + DataFile.shown(name)
                  + " is not allowed; relative paths without '..'");
        }
        names.add(name);
      }
      names.sort(Comparator.naturalOrder());
      return List.copyOf(names);
    }

    @Override
    public Path root() {
      return root;
    }

    @Override
    public List<String> names() {
      return names;
    }

    @Override
    public byte[] read(String name) {
      try (InputStream in = file.getInputStream(file.getEntry(name))) {
        byte[] content = ((Archive) this).limited(in, name);
        unpacked += content.length;
        long most = Math.max(FREE_UNPACKED, MOST_UNPACKED * Files.size(root));
        if (unpacked > most) {
          throw new DataException(
              shown(name)
                  + ": up to here the zip unpacks to "
                  + unpacked
                  + " bytes; a hundred times its size, or 1 GiB, at most");
        }
        return content;
      } catch (IOException e) {
        throw new DataException(
            shown(name) + ": cannot be read: " + DataFile.shown(String.valueOf(e.getMessage())), e);
      }
    }

    @Override
    public boolean lasting() {
      return false;
    }

    @Override
    public byte[] again(String name) {
      throw new UnsupportedOperationException(shown(name) + ": the zip may be closed");
    }

    @Override
    public List<Source> sources() {
      return List.of(DataFile.sourceOf(root));
    }

    @Override
    public void close() {
      try {
        file.close();
      } catch (IOException e) {
        throw DataFile.unreadable(root, e);
      }
    }
  }
}
