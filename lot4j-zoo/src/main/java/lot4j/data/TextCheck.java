package lot4j.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import lot4j.train.DataException;

/**
 * Compares a text with the official one: digests of the unpacked files, and counts.
 *
 * @param directory the data directory
 * @param set a set whose folder is there
 */
record TextCheck(Path directory, DataSet.Text set) {
  /**
   * What was found.
   *
   * @throws DataException if a file is missing or damaged, or has the official size and another
   *     digest
   */
  DataStore.Finding finding() {
    TextParts found = TextParts.find(directory, set.name());
    if (set.builtIn()) {
      return new DataStore.Finding(set.name(), DataStore.State.VERIFIED, set.name(), "built in");
    }
    List<Encoded.Counts> counts = new ArrayList<>();
    for (TextFile text : found.files()) {
      Encoded.Counts count = new Encoded.Counts();
      text.read(count);
      counts.add(count);
    }
    List<Long> sizes = counts.stream().map(count -> count.of(set.unit())).toList();
    List<Long> official = set.parts().stream().map(DataSet.Part::count).toList();
    String what = set.unit() == DataSet.Unit.WORDS ? " tokens" : " characters";
    if (!sizes.equals(official)) {
      return new DataStore.Finding(
          set.name(),
          DataStore.State.SUBSET,
          set.name() + "[" + joined(sizes) + "]",
          "a subset: " + joined(sizes) + " of " + joined(official) + what);
    }
    List<String> compared = compare();
    return compared.isEmpty()
        ? new DataStore.Finding(
            set.name(),
            DataStore.State.COMPLETE,
            set.name(),
            "complete; no digest to compare these files with")
        : new DataStore.Finding(
            set.name(),
            DataStore.State.VERIFIED,
            set.name(),
            "complete; digests agree: " + String.join(", ", compared));
  }

  private List<String> compare() {
    List<String> compared = new ArrayList<>();
    for (DataSet.Part part : set.parts()) {
      if (part.digest().isEmpty()) {
        continue;
      }
      Path file = DataFile.find(directory.resolve(set.name()), part.file()).orElseThrow();
      String algorithm = part.digest().length() == 32 ? "MD5" : "SHA-256";
      if (!digest(file, algorithm).equals(part.digest())) {
        throw new DataException(
            DataFile.shown(file) + ": its " + algorithm + " is not the official " + part.digest());
      }
      compared.add(part.file());
    }
    return compared;
  }

  private static String digest(Path file, String algorithm) {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        DigestInputStream in =
            new DigestInputStream(
                file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw,
                DataFile.digest(algorithm))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (IOException e) {
      throw DataFile.unreadable(file, e);
    }
  }

  private static String joined(List<Long> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining("/"));
  }
}
