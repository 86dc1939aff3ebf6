package lot4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lot4j.config.ConfigSource;
import lot4j.data.Table;
import lot4j.data.TableSets;
import picocli.CommandLine.Option;

/** Data of one's own in place of CONFIG: what it is is found out, the rest are defaults. */
final class OwnDataOptions {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_./][A-Za-z0-9_./-]*");
  private static final List<String> WORDS =
      List.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");
  private static final Pattern TRAINING_TEXT =
      Pattern.compile("(?:.+\\.)?train\\.(?:txt|tokens)(?:\\.gz)?");
  private static final double UPDATES = 2000;
  private static final double TRAINED_PART = 0.72;
  private static final int FEWEST_EPOCHS = 20;
  private static final int MOST_EPOCHS = 200;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "In place of CONFIG, data of your own: a CSV file (with --target), a folder or zip of"
              + " images, a text file. The configuration used is printed.")
  private Optional<String> data = Optional.empty();

  @Option(
      names = "--target",
      paramLabel = "COLUMN",
      description = "With --data: the column of the table that is predicted.")
  private Optional<String> target = Optional.empty();

  /**
   * The configuration that the data gets; empty if there is none to be made.
   *
   * @param given CONFIG, if there is one
   * @throws UsageException if the options do not go together
   * @throws lot4j.train.DataException if the table cannot be read or has no such column
   */
  Optional<ConfigSource> config(Optional<String> given) {
    if (data.isEmpty()) {
      if (target.isPresent()) {
        throw new UsageException(
            "--target is not allowed without --data; in a configuration: --set task.target="
                + target.get());
      }
      return Optional.empty();
    }
    if (given.isPresent()) {
      throw new UsageException(
          "--data with a CONFIG ("
              + given.get()
              + ") is not allowed; it is in place of one: --set task.data="
              + data.get());
    }
    Path path = path(data.get());
    String name = name(path);
    String text =
        isTable(path)
            ? table(name, path)
            : isText(path) ? text(name) : isImages(path) ? images(name) : unknown(path);
    return Optional.of(ConfigSource.of(name + ".yaml", text));
  }

  private static Path path(String data) {
    try {
      return Path.of(data);
    } catch (InvalidPathException e) {
      throw new UsageException("--data " + Console.printable(data) + " is not allowed; a path");
    }
  }

  private static String ending(Path path) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    return name.replaceFirst("\\.gz$", "").replaceFirst("^.*\\.", "");
  }

  private static boolean isTable(Path path) {
    return Files.isDirectory(path)
        ? Files.exists(path.resolve("train.csv")) || Files.exists(path.resolve("train.csv.gz"))
        : List.of("csv", "tsv").contains(ending(path));
  }

  private static boolean isImages(Path path) {
    return Files.isDirectory(path) || ending(path).equals("zip");
  }

  /** A directory with a training text in it is one too. */
  private static boolean isText(Path path) {
    if (!Files.isDirectory(path)) {
      return ending(path).equals("txt");
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.anyMatch(file -> TRAINING_TEXT.matcher(file.getFileName().toString()).matches());
    } catch (IOException e) {
      return false; // whoever reads it says so
    }
  }

  private static String unknown(Path path) {
    throw new UsageException(
        "--data "
            + Console.printable(path.toString())
            + " is not allowed; a CSV file (.csv or .tsv, .gz or not), a directory with train.csv,"
            + " a folder or .zip of images, or a text (.txt)");
  }

  /**
   * About 2,000 updates, from 20 to 200 epochs; small batches for small tables. One thread: layers
   * this small gain nothing from a second one, which only waits for the first.
   */
  private String table(String name, Path path) {
    Table rows = TableSets.read(data.orElseThrow()).train();
    if (target.isEmpty()) {
      throw new UsageException(
          "--target COLUMN is missing, the column to predict; "
              + path
              + " has "
              + Console.printable(rows.listed()));
    }
    rows.column("--target", target.get());
    int batch = rows.size() <= 1000 ? 32 : rows.size() <= 10_000 ? 64 : 256;
    double perEpoch = Math.max(1, Math.ceil(rows.size() * TRAINED_PART / batch));
    long epochs = Math.max(FEWEST_EPOCHS, Math.min(MOST_EPOCHS, Math.round(UPDATES / perEpoch)));
    long every = Math.max(1, epochs / 20);
    return String.format(
        Locale.ROOT,
        """
    name: %s
    task:
      kind: tabular
      data: %s
      target: %s
    method: lot
    methods: [teacher-only, teacher-only-equal-compute, lot-paper]
    teacher: {model: mlp, hidden: [128, 128], dropout: 0.1}
    students: [{model: mlp, hidden: [128, 128], dropout: 0.1}]
    optimizer: {kind: adamw, lr: 1e-3, weight-decay: 0.01}
    schedule: {kind: cosine}
    budget: {epochs: %d}
    batch-size: %d
    eval-every: %d
    checkpoint: {every: %d}
    seeds: [0, 1, 2]
    threads: 1
    """,
        scalar(name),
        scalar(data.get()),
        scalar(target.get()),
        epochs,
        batch,
        every,
        every);
  }

  private String images(String name) {
    refuseTarget();
    return """
    name: %s
    task:
      kind: image
      data: %s
      augment: none
    method: lot
    methods: [teacher-only, teacher-only-equal-compute, lot-paper]
    teacher: {model: cnn}
    students: [{model: cnn}]
    optimizer: {kind: sgd, lr: 0.05, momentum: 0.9, nesterov: true, weight-decay: 1e-4}
    schedule: {kind: cosine}
    budget: {epochs: 30}
    batch-size: 64
    seeds: [0, 1, 2]
    """
        .formatted(scalar(name), scalar(data.orElseThrow()));
  }

  private String text(String name) {
    refuseTarget();
    return """
    name: %s
    task:
      kind: text
      data: %s
      tokens: char
      length: 64
    method: lot
    methods: [teacher-only, teacher-only-equal-compute, lot-paper]
    teacher: {model: lstm, embedding: 64, hidden: 128, layers: 1, dropout: 0.1}
    students: [{model: lstm, embedding: 64, hidden: 128, layers: 1, dropout: 0.1}]
    optimizer: {kind: adam, lr: 0.004, clip: 1}
    schedule: {kind: cosine, warmup: 0.1}
    budget: {epochs: 2}
    batch-size: 32
    eval-every: 0.5
    seeds: [0, 1, 2]
    """
        .formatted(scalar(name), scalar(data.orElseThrow()));
  }

  private void refuseTarget() {
    if (target.isPresent()) {
      throw new UsageException(
          "--target is not allowed; only with a table, and "
              + Console.printable(data.orElseThrow())
              + " is none");
    }
  }

  private static String name(Path path) {
    Path file = path.toAbsolutePath().normalize().getFileName();
    String bare =
        (file == null ? "" : file.toString())
            .replaceFirst("(?i)(\\.(csv|tsv|txt|zip))?(\\.gz)?$", "")
            .replaceAll("[^A-Za-z0-9._+-]", "-")
            .replaceAll("^[.-]+", "");
    return bare.isEmpty() ? "data" : bare;
  }

  /** A text as YAML writes it: in quotes unless it cannot be taken for anything else. */
  static String scalar(String text) {
    if (PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT))) {
      return text;
    }
    try {
      return new ObjectMapper().writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("every text can be written as JSON", e);
    }
  }
}
