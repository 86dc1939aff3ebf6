package lot4j.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import lot4j.train.DataException;
import lot4j.train.Prepared.Source;

/** Finds requests with answers by name or by path. */
public final class InstructionSets {
  /** Names whose folder in the data directory is looked for, with their official sizes. */
  private static final Map<String, List<Integer>> NAMED = Map.of("gsm8k", List.of(7473, 1319));

  private InstructionSets() {}

  /**
   * Reads a set.
   *
   * @param dataDirectory where {@code gsm8k/} is looked for
   * @param data {@code sums}, which is built in; {@code gsm8k}; a file of JSON Lines; or a
   *     directory with {@code train.jsonl} and perhaps {@code valid.jsonl} and {@code test.jsonl},
   *     each gzip or not
   * @param prompt the key of the request, or {@code auto}
   * @param answer the key of the answer, or {@code auto}
   * @throws DataException naming the file and the line at fault
   */
  public static InstructionSet read(Path dataDirectory, String data, String prompt, String answer) {
    if (data.equals(Sums.NAME)) {
      return Sums.make();
    }
    Path path = NAMED.containsKey(data) ? dataDirectory.resolve(data) : Path.of(data);
    if (!Files.isDirectory(path)) {
      if (NAMED.containsKey(data) || !Files.exists(path)) {
        throw new DataException(
            DataFile.shown(path)
                + ": not found"
                + (NAMED.containsKey(data) ? "; a folder with train.jsonl and test.jsonl" : ""));
      }
      InstructionFile file = InstructionFile.read(path, prompt, answer);
      return new InstructionSet(
          name(path), file.examples(), Optional.empty(), Optional.empty(), List.of(file.source()));
    }
    List<Source> sources = new ArrayList<>();
    Optional<List<Instruction>> train = part(path, "train", prompt, answer, sources);
    Optional<List<Instruction>> valid = part(path, "valid", prompt, answer, sources);
    Optional<List<Instruction>> test = part(path, "test", prompt, answer, sources);
    return new InstructionSet(
        name(path),
        train.orElseThrow(() -> new DataException(DataFile.shown(path) + ": holds no train.jsonl")),
        valid,
        test,
        sources);
  }

  /** One file, or of a directory its test part, or the training part. */
  public static InstructionSet one(Path dataDirectory, String data, String prompt, String answer) {
    InstructionSet set = read(dataDirectory, data, prompt, answer);
    return new InstructionSet(
        set.name(),
        set.test().orElse(set.train()),
        Optional.empty(),
        Optional.empty(),
        set.sources());
  }

  /** A file that was read as a whole, the tokenizer's for instance. */
  public static Source source(Path file) {
    return DataFile.sourceOf(file);
  }

  /**
   * Official numbers of training and test examples of a set that has a name and is not in the
   * directory; empty for all others.
   */
  public static Optional<List<Integer>> absent(Path dataDirectory, String data) {
    return Optional.ofNullable(NAMED.get(data))
        .filter(sizes -> !Files.isDirectory(dataDirectory.resolve(data)));
  }

  /** Tokens without meaning, of a number that is known; for planning. */
  public static Vocabulary outline(int size) {
    return TextOutline.vocabulary(size);
  }

  private static Optional<List<Instruction>> part(
      Path directory, String split, String prompt, String answer, List<Source> sources) {
    return DataFile.find(directory, split + ".jsonl")
        .map(
            path -> {
              InstructionFile file = InstructionFile.read(path, prompt, answer);
              sources.add(file.source());
              return file.examples();
            });
  }

  private static String name(Path path) {
    String name = String.valueOf(path.toAbsolutePath().normalize().getFileName());
    return name.toLowerCase(Locale.ROOT).matches(".*\\.jsonl?(\\.gz)?")
        ? name.replaceFirst("(?i)\\.jsonl?(\\.gz)?$", "")
        : name;
  }
}
