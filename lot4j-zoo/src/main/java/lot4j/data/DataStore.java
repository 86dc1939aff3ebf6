package lot4j.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import lot4j.train.DataException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The data sets in a directory, one folder each: what is there, fetching, verifying. Behind {@code
 * lot data}.
 *
 * @param directory the data directory
 */
public record DataStore(Path directory) {
  private static final String SUMS = "SHA256SUMS";
  private static final long LARGEST_MEMBER = 200L << 20;

  /** How far a set could be verified. */
  public enum State {
    /** Complete, and every file's digest is the expected one. */
    VERIFIED,
    /** Complete and readable, but with no digest to compare. */
    COMPLETE,
    /** Readable, with other counts than the official set. */
    SUBSET,
    /** Its folder is not there. */
    ABSENT
  }

  /**
   * What a check found.
   *
   * @param name the set
   * @param state how far it could be verified
   * @param shown the name with counts, as results show it
   * @param detail one line
   */
  public record Finding(String name, State state, String shown, String detail) {}

  /** How a user gets a set that has no public home to fetch it from. */
  static String byHand(DataSet set, Path directory) {
    return set.name()
        + " cannot be fetched: "
        + set.home()
        + "; put "
        + set.files()
        + " into "
        + DataFile.shown(directory.resolve(set.name()));
  }

  /** How a user gets a set that is not there. */
  static String howToGet(DataSet set, Path directory) {
    return set.home().isEmpty()
        ? "lot data get " + set.name() + " fetches it"
        : byHand(set, directory);
  }

  /** Whether the folder of a set is there and something in it, without reading it. */
  public boolean has(DataSet set) {
    if (set.builtIn() || !Files.isDirectory(folder(set))) {
      return set.builtIn();
    }
    try (Stream<Path> inside = Files.list(folder(set))) {
      return inside.anyMatch(file -> !file.getFileName().toString().startsWith("."));
    } catch (IOException e) {
      throw DataFile.unreadable(folder(set), e);
    }
  }

  /** Fetches a set from its official home. */
  public List<Path> get(String name) {
    return get(name, Optional.empty());
  }

  /**
   * Fetches a set. Files that are there already and the same are left alone.
   *
   * @param mirror an address that holds the official files under their names, instead of their
   *     homes
   * @return the set's files
   * @throws DataException if the name is unknown, a file cannot be had, is not the official one, or
   *     another file of its name is there
   */
  public List<Path> get(String name, Optional<URI> mirror) {
    return get(named(name), mirror);
  }

  List<Path> get(DataSet set, Optional<URI> mirror) {
    if (!set.home().isEmpty()) {
      throw new DataException(byHand(set, directory));
    }
    List<Path> made =
        Stream.of(folder(set), directory).filter(each -> !Files.exists(each)).toList();
    try {
      return fetched(set, mirror);
    } catch (DataException e) {
      made.forEach(DataStore::discardEmpty);
      throw e;
    }
  }

  /** A folder that was made for files that did not come would be taken for a set that is here. */
  private static void discardEmpty(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException kept) {
      return; // something else came meanwhile, or a part of the set
    } catch (IOException e) {
      throw DataFile.unreadable(folder, e);
    }
  }

  private List<Path> fetched(DataSet set, Optional<URI> mirror) {
    List<Path> files = new ArrayList<>();
    for (DataSet.Download download : set.downloads()) {
      Path kept = folder(set).resolve(download.file());
      if (download.members().isEmpty() && isOfficial(kept, download)) {
        files.add(kept);
        continue;
      }
      URI address =
          mirror
              .map(home -> URI.create(home + (home.toString().endsWith("/") ? "" : "/")))
              .map(home -> home.resolve(download.file()))
              .orElseGet(() -> URI.create(download.address()));
      Path part = Transfer.fetch(address, download.md5(), folder(set));
      if (download.members().isEmpty()) {
        Transfer.publish(part, kept);
        files.add(kept);
      } else {
        try {
          files.addAll(unpack(part, address, set, download));
        } finally {
          Transfer.discard(part);
        }
      }
    }
    if (!files.isEmpty()) {
      writeSums(set, files);
    }
    return files;
  }

  /**
   * Reads a set whole and compares what can be compared: counts, the official digests, and the
   * digests noted when it was fetched.
   *
   * @throws DataException if the name is unknown, or a file is damaged or differs
   */
  public Finding check(String name) {
    DataSet set = named(name);
    if (!has(set)) {
      return new Finding(
          name, State.ABSENT, name, folder(set) + ": not found; " + howToGet(set, directory));
    }
    return set instanceof DataSet.Text text
        ? new TextCheck(directory, text).finding()
        : check((DataSet.Images) set);
  }

  private Finding check(DataSet.Images set) {
    String name = set.name();
    ImageSet images = ImageSets.read(directory, name);
    String shown = DataSets.shownName(images);
    if (DataSets.isSubset(images)) {
      return new Finding(
          name,
          State.SUBSET,
          shown,
          "a subset: "
              + images.trainSize()
              + " of "
              + set.train()
              + " training and "
              + images.testSize()
              + " of "
              + set.test()
              + " test images");
    }
    if (set.builtIn()) {
      return new Finding(name, State.VERIFIED, shown, "built in");
    }
    List<String> compared = compare(set);
    return compared.isEmpty()
        ? new Finding(
            name, State.COMPLETE, shown, "complete; no digest to compare these files with")
        : new Finding(
            name, State.VERIFIED, shown, "complete; digests agree: " + String.join(", ", compared));
  }

  /** Files whose digest was compared and agrees. */
  private List<String> compare(DataSet set) {
    List<String> compared = new ArrayList<>();
    for (DataSet.Download download : set.downloads()) {
      Path file = folder(set).resolve(download.file());
      if (download.members().isEmpty() && Files.exists(file)) {
        if (!isOfficial(file, download)) {
          throw new DataException(
              DataFile.shown(file) + ": its MD5 is not the official " + download.md5());
        }
        compared.add(download.file());
      }
    }
    Path sums = folder(set).resolve(SUMS);
    if (compared.isEmpty() && Files.exists(sums)) {
      for (String line : DataFile.lines(sums)) {
        String[] fields = line.split("  ", 2);
        Path file = folder(set).resolve(fields.length == 2 ? fields[1] : "");
        if (!DataFile.sourceOf(file).sha256().equals(fields[0])) {
          throw new DataException(
              DataFile.shown(file) + ": differs from what was fetched (" + SUMS + ")");
        }
        compared.add(fields[1]);
      }
    }
    return compared;
  }

  private List<Path> unpack(Path archive, URI address, DataSet set, DataSet.Download download) {
    Map<String, Path> parts = new TreeMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive))))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        // Only the last part of an entry's path is used, and only if it is one of the set's files.
        String file = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
        if (entry.isFile() && download.members().contains(file) && !parts.containsKey(file)) {
          Path part = Transfer.temporary(folder(set));
          parts.put(file, part);
          Transfer.write(part, tar, LARGEST_MEMBER);
        }
      }
      List<String> missing =
          download.members().stream().filter(member -> !parts.containsKey(member)).toList();
      if (!missing.isEmpty()) {
        throw new DataException(address + ": lacks " + String.join(", ", missing));
      }
      List<Path> files = new ArrayList<>();
      for (String member : download.members()) {
        Path file = folder(set).resolve(member);
        Transfer.publish(parts.get(member), file);
        files.add(file);
      }
      return files;
    } catch (IOException e) {
      throw new DataException(
          address + ": cannot be unpacked: " + DataFile.shown(String.valueOf(e.getMessage())), e);
    } finally {
      parts.values().forEach(Transfer::discard);
    }
  }

  private void writeSums(DataSet set, List<Path> files) {
    String lines =
        files.stream()
            .map(f -> DataFile.sourceOf(f).sha256() + "  " + f.getFileName() + "\n")
            .collect(Collectors.joining());
    Path part = Transfer.temporary(folder(set));
    Path sums = folder(set).resolve(SUMS);
    try (InputStream in = new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8))) {
      Transfer.write(part, in, LARGEST_MEMBER);
    } catch (IOException e) {
      Transfer.discard(part);
      throw DataFile.unreadable(sums, e);
    }
    Transfer.publish(part, sums);
  }

  private static boolean isOfficial(Path file, DataSet.Download download) {
    if (!Files.exists(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      DigestInputStream md5 = new DigestInputStream(in, DataFile.digest("MD5"));
      md5.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(md5.getMessageDigest().digest()).equals(download.md5());
    } catch (IOException e) {
      throw DataFile.unreadable(file, e);
    }
  }

  private Path folder(DataSet set) {
    return directory.resolve(set.name());
  }

  private static DataSet named(String name) {
    return DataSets.named(name)
        .orElseThrow(
            () ->
                new DataException(
                    "data set '"
                        + DataFile.shown(name)
                        + "' is not known; "
                        + DataSets.all().stream()
                            .map(DataSet::name)
                            .collect(Collectors.joining(", "))));
  }
}
