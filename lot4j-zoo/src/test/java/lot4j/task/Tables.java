package lot4j.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.train.Split;

/** Small tables, and configurations of them, for tests. */
final class Tables {
  private Tables() {}

  /** Writes lines to a file. */
  static Path write(Path directory, String name, List<String> lines) throws IOException {
    return Files.writeString(directory.resolve(name), String.join("\n", lines) + "\n");
  }

  /** The task section of a text of YAML keys, as a configuration reads it. */
  static TableLearning spec(Path data, String target, String keys) {
    String text =
        "task: {kind: tabular, data: \""
            + data
            + "\", target: "
            + target
            + (keys.isEmpty() ? "" : ", " + keys)
            + "}\nmethod: teacher-only\nteacher: {model: mlp}\nbudget: {epochs: 1}\n";
    return (TableLearning)
        new ConfigReader(Catalog.load())
            .readRun(ConfigSource.of("t.yaml", text), List.of())
            .task()
            .spec();
  }

  /** The same with its data read. */
  static PreparedTable prepared(Path data, String target, String keys) {
    return spec(data, target, keys).prepare(Path.of("none"), 100);
  }

  /** The first input of every row of a split, put back to what the table says. */
  static List<Double> first(PreparedTable table, Split split) {
    return values(table, Optional.ofNullable(table.part(split)).orElseThrow());
  }

  /** The same of any part. */
  static List<Double> values(PreparedTable table, TablePart part) {
    var column = table.prediction().encoding().numeric().get(0);
    UnaryOperator<Double> back =
        z -> (double) Math.round((z * column.deviation() + column.mean()) * 1000) / 1000;
    return java.util.stream.IntStream.range(0, part.size())
        .mapToObj(i -> back.apply((double) part.row(i)[0]))
        .toList();
  }
}
