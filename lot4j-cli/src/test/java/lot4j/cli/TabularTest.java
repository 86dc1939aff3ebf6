package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables through the real command: from a file to predictions. */
class TabularTest {
  private static final String[] SHORT = {
    "--set", "budget.updates=12", "--set", "eval-every=6", "--set", "checkpoint.every=3"
  };

  @TempDir static Path directory;
  @AutoClose private static Program program;

  @BeforeAll
  static void write() throws IOException {
    program = Program.in(directory).together();
    Random random = new Random(3);
    StringBuilder flowers = new StringBuilder("long,wide,soil,kind\n");
    StringBuilder houses = new StringBuilder("area;town;price\n");
    for (int i = 0; i < 90; i++) {
      double at = i % 3 + random.nextGaussian() / 4;
      flowers.append(
          "%.2f,%.2f,%s,%s\n"
              .formatted(at, random.nextGaussian(), i % 7 == 0 ? "" : "s" + i % 2, "k" + i % 3));
      houses.append("%d,5;%s;%d\n".formatted(50 + i, i % 2 == 0 ? "Ulm" : "Jena", 1000 + 10 * i));
    }
    Files.writeString(directory.resolve("flowers.csv"), flowers);
    Files.writeString(directory.resolve("houses.csv"), houses);
  }

  private static String[] train(String out, String... more) {
    return java.util.stream.Stream.of(
            List.of("train"), List.of(more), List.of("--out", out), List.of(SHORT))
        .flatMap(List::stream)
        .toArray(String[]::new);
  }

  private static JsonNode json(String... arguments) throws IOException, InterruptedException {
    return new ObjectMapper().readTree(program.succeed(arguments).out());
  }

  @Test
  void theMadeConfigurationIsPrintedAndTheSame() throws IOException {
    OwnDataOptions own = new OwnDataOptions();
    new picocli.CommandLine(own)
        .parseArgs("--data", directory.resolve("flowers.csv").toString(), "--target", "kind");
    ConfigSource made = own.config(java.util.Optional.empty()).orElseThrow();
    String text = new String(made.bytes(), java.nio.charset.StandardCharsets.UTF_8);
    Golden.check("own-data.yaml", text.replaceAll("data: .*flowers.csv\"?", "data: flowers.csv"));
    assertThat(new ConfigReader(Catalog.load()).readRun(made, List.of()).method()).isEqualTo("lot");
  }

  @Test
  void whatIsPrintedIsAConfigurationThatGivesTheSameBits()
      throws IOException, InterruptedException {
    String printed =
        program.succeed(train("own", "--data", "flowers.csv", "--target", "kind")).out();
    String yaml = printed.substring(0, printed.indexOf("valid teacher"));
    Files.writeString(directory.resolve("printed.yaml"), yaml);
    program.succeed("train", "printed.yaml", "--out", "again");
    new RunFolder(directory.resolve("again")).equalTo(new RunFolder(directory.resolve("own")));
  }

  @Test
  void rowsArePredictedAsTheyWereScored() throws IOException, InterruptedException {
    program.succeed(train("p", "--data", "flowers.csv", "--target", "kind"));
    JsonNode score =
        json("eval", "p", "--data", "flowers.csv", "--no-save", "--json").at("/learners/teacher");
    JsonNode predictions = json("predict", "p", "flowers.csv", "--json").get("predictions");
    List<String> lines = Files.readAllLines(directory.resolve("flowers.csv"));
    assertThat(predictions).hasSize(90);
    double nll = 0;
    for (int i = 0; i < 90; i++) {
      JsonNode row = predictions.get(i);
      assertThat(row.get("input").asText()).isEqualTo("flowers.csv:" + (i + 2));
      String kind = lines.get(i + 1).split(",", -1)[3];
      nll -= Math.log(row.get("probabilities").get(kind).asDouble()) / 90;
    }
    assertThat(score.get("loss").asDouble()).isCloseTo(nll, within(1e-9));
    Files.writeString(directory.resolve("new.csv"), "soil,wide,long\nclay,0.1,2.0\n");
    Program.Ended ended = program.succeed("predict", "p", "new.csv", "--json");
    assertThat(ended.err()).contains("new.csv:2: column 'soil'", "'clay'");
    Files.writeString(directory.resolve("less.csv"), "soil,wide\nclay,0.1\n");
    assertThat(program.run("predict", "p", "less.csv").refused(3).err())
        .contains("less.csv: has no column 'long'");
  }

  @Test
  void numbersArePredictedWithTheirDeviation() throws IOException, InterruptedException {
    program.succeed(train("n", "--data", "houses.csv", "--target", "price"));
    JsonNode row = json("predict", "n", "houses.csv", "--json").get("predictions").get(0);
    assertThat(row.get("value").asDouble()).isBetween(500.0, 2500.0);
    assertThat(row.get("deviation").asDouble()).isPositive();
    JsonNode teacher = json("eval", "n", "--calibrate", "--json").at("/learners/teacher");
    assertThat(teacher.at("/valid/after/loss").asDouble())
        .isLessThanOrEqualTo(teacher.at("/valid/before/loss").asDouble());
    assertThat(program.succeed("eval", "n", "--calibrate").out())
        .contains("teacher temperature ", ", valid loss ", ", test loss ")
        .doesNotContain("ece");
    JsonNode calibrated =
        json("predict", "n", "houses.csv", "--calibrated", "--json").get("predictions").get(0);
    assertThat(calibrated.get("value")).isEqualTo(row.get("value"));
    assertThat(calibrated.get("deviation").asDouble())
        .isCloseTo(
            Math.sqrt(teacher.get("temperature").asDouble()) * row.get("deviation").asDouble(),
            within(1e-3));
    JsonNode result =
        new ObjectMapper().readTree(directory.resolve("n/result.json").toFile()).get("primary");
    assertThat(result.get("name").asText()).isEqualTo("rmse");
    assertThat(result.get("higher_is_better").asBoolean()).isFalse();
    assertThat(
            program
                .run(
                    train(
                        "x",
                        "--data",
                        "houses.csv",
                        "--target",
                        "price",
                        "--set",
                        "method=label-smoothing"))
                .refused(3)
                .err())
        .contains("needs classes");
  }

  @Test
  void aStoppedRunEndsInTheSameBits() throws IOException, InterruptedException {
    String[] data = {"--data", "houses.csv", "--target", "price", "--set", "teacher.dropout=0.2"};
    program.succeed(train("whole", data));
    RunFolder run = new RunFolder(directory.resolve("stopped"));
    Program.Running first = program.start(train("stopped", data));
    first.until(() -> run.latestStep() >= 3);
    first.kill();
    program.succeed("resume", "stopped");
    run.equalTo(new RunFolder(directory.resolve("whole")));
  }

  @Test
  void optionsThatDoNotGoTogetherAreRefused() throws IOException, InterruptedException {
    assertThat(program.run("train", "--data", "flowers.csv").refused(2).err())
        .contains("--target COLUMN is missing", "long, wide, soil, kind");
    assertThat(program.run("train", "digits", "--data", "flowers.csv").refused(2).err())
        .contains("--data with a CONFIG");
    assertThat(program.run("train", "--target", "kind").refused(2).err())
        .contains("not allowed without --data");
    assertThat(program.run("train", "--data", "flowers.csv", "--target", "sort").refused(3).err())
        .contains("has no column 'sort' (--target)");
    assertThat(program.run("train", "--data", "gone.csv", "--target", "x").refused(3).err())
        .contains("gone.csv: not found");
    assertThat(program.run("train", "--data", "flowers.doc").refused(2).err())
        .contains("a CSV file");
  }
}
