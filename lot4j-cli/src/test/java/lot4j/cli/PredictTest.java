package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lot predict} on runs whose data is gone. */
class PredictTest {
  private static final String TEXT =
      """
      name: text
      task: {kind: text, data: poem.txt, tokens: word, length: 6, validation: none}
      method: lot
      teacher: {model: gpt, layers: 1, width: 8, heads: 2, context: 6, dropout: 0.1}
      students: [{model: lstm, embedding: 4, hidden: 4, layers: 1, dropout: 0.1}]
      optimizer: {kind: adam, lr: 1e-2}
      budget: {updates: 3}
      batch-size: 4
      eval-batch-size: 1
      select: last
      threads: 1
      """;

  @TempDir static Path directory;
  @AutoClose private static Program program;
  private static JsonNode scores;

  @BeforeAll
  static void trainAndLoseTheData() throws IOException, InterruptedException {
    program = Program.in(directory).together();
    Files.writeString(
        directory.resolve("poem.txt"),
        "the cat sat on the mat\nthe dog sat on the cat\n".repeat(9));
    Files.writeString(directory.resolve("text.yaml"), TEXT);
    program.succeed("train", "text.yaml", "--out", "text");
    scores = json("eval", "text", "--data", "poem.txt", "--json").get("learners");
    Files.move(directory.resolve("poem.txt"), directory.resolve("other.txt"));
    SmallRuns.write(directory, 3);
    program.succeed("train", "small.yaml", "--out", "images");
  }

  private static JsonNode json(String... arguments) throws IOException, InterruptedException {
    return new ObjectMapper().readTree(program.succeed(arguments).out());
  }

  private static List<Double> numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asDouble).toList();
  }

  @Test
  void aPromptIsContinued() throws IOException, InterruptedException {
    JsonNode one = json("predict", "text", "the cat", "--tokens", "7", "--seed", "2", "--json");
    assertThat(one.get("input").asText()).isEqualTo("the cat");
    assertThat(one.get("continuation").asText()).isNotBlank();
    assertThat(numbers(one.get("log_probabilities"))).hasSize(7).allMatch(p -> p < 0);
    assertThat(one.get("tokens")).hasSize(7);
    assertThat(json("predict", "text", "the cat", "--tokens", "7", "--seed", "2", "--json"))
        .isEqualTo(one);
    String shown =
        program.succeed("predict", "text", "the cat", "--tokens", "7", "--seed", "2").out();
    assertThat(shown).isEqualTo(one.get("continuation").asText() + System.lineSeparator());
  }

  @Test
  void aTextFileIsJudgedAsEvalDoes() throws IOException, InterruptedException {
    for (String learner : new String[] {"teacher", "student0"}) {
      JsonNode judged =
          learner.equals("teacher")
              ? json("predict", "text", "other.txt", "--json")
              : json("predict", "text", "other.txt", "--json", "--student", "0");
      JsonNode score = scores.get(learner);
      assertThat(numbers(judged.get("log_probabilities"))).hasSize(score.get("targets").asInt());
      assertThat(judged.get("perplexity").asDouble())
          .isCloseTo(score.get("perplexity").asDouble(), within(1e-9));
    }
  }

  @Test
  void severalInputsMakeAList() throws IOException, InterruptedException {
    JsonNode both = json("predict", "text", "the cat sat", "the dog", "--score", "--json");
    assertThat(both.get("predictions")).hasSize(2);
  }

  @Test
  void imagesAreClassified() throws IOException, InterruptedException {
    java.awt.image.BufferedImage image = new java.awt.image.BufferedImage(32, 32, 1);
    javax.imageio.ImageIO.write(image, "png", directory.resolve("x.png").toFile());
    JsonNode document = json("predict", "images", "x.png", "--json").get("predictions").get(0);
    assertThat(document.get("input").asText()).isEqualTo("x.png");
    assertThat(document.get("probabilities")).hasSize(10);
    assertThat(numbers(document.get("probabilities"))).allMatch(p -> p > 0 && p < 1);
    assertThat(document.get("probabilities").has(document.get("class").asText())).isTrue();
  }

  private static Path image(Path file, int size, int colour) throws IOException {
    java.awt.image.BufferedImage image = new java.awt.image.BufferedImage(size, size, 1);
    image.setRGB(3, 5, colour);
    Files.createDirectories(file.getParent());
    javax.imageio.ImageIO.write(image, "png", file.toFile());
    return file;
  }

  private static List<JsonNode> lines(String out) throws IOException {
    List<JsonNode> lines = new java.util.ArrayList<>();
    for (String line : out.lines().toList()) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  private static List<String> texts(List<JsonNode> documents, String key) {
    return documents.stream().map(document -> document.path(key).asText()).toList();
  }

  /** More than are answered at once, in folders, with a broken one among them. */
  @Test
  void foldersGiveALineForEachImageAndGoOnPastABrokenOne()
      throws IOException, InterruptedException {
    Path folder = directory.resolve("many");
    for (int i = 0; i < 70; i++) {
      image(folder.resolve("%s/%03d.png".formatted(i % 2 == 0 ? "a" : "b", i)), 32, i << 12);
    }
    Files.writeString(folder.resolve("a/004.png"), "no image");
    image(folder.resolve("b/005.png"), 31, 0);
    Files.writeString(folder.resolve("notes.txt"), "is passed over");
    Program.Ended ended = program.run("predict", "images", "many", "--jsonl").with(1);
    List<JsonNode> lines = lines(ended.out());
    assertThat(lines).hasSize(70);
    assertThat(texts(lines, "input")).isSorted().startsWith("many/a/000.png");
    List<JsonNode> wrong = lines.stream().filter(line -> line.has("error")).toList();
    assertThat(texts(wrong, "input")).containsExactly("many/a/004.png", "many/b/005.png");
    assertThat(wrong.get(1).get("error").asText()).contains("31x31; the network takes 32x32");
    assertThat(wrong.get(0).properties()).hasSize(2);

    JsonNode document =
        new ObjectMapper()
            .readTree(
                program.run("predict", "images", "many", "--json", "--keep-going").with(1).out());
    assertThat(document.get("predictions")).hasSize(70);
    assertThat(document.get("predictions").get(0)).isEqualTo(lines.get(0));
    assertThat(program.run("predict", "images", "many").with(3).err()).contains("004.png");
  }

  @Test
  void aZipAndTheListOnStandardInputGiveTheSame() throws IOException, InterruptedException {
    image(directory.resolve("two/x/1.png"), 32, 0xff0000);
    image(directory.resolve("two/y/2.png"), 32, 0xff);
    try (java.util.zip.ZipOutputStream zip =
        new java.util.zip.ZipOutputStream(Files.newOutputStream(directory.resolve("two.zip")))) {
      for (String name : List.of("y/2.png", "x/1.png")) {
        zip.putNextEntry(new java.util.zip.ZipEntry(name));
        zip.write(Files.readAllBytes(directory.resolve("two").resolve(name)));
      }
    }
    List<JsonNode> plain = lines(program.succeed("predict", "images", "two", "--jsonl").out());
    List<JsonNode> zipped = lines(program.succeed("predict", "images", "two.zip", "--jsonl").out());
    assertThat(texts(zipped, "input")).containsExactly("two.zip!/x/1.png", "two.zip!/y/2.png");
    Path list = Files.writeString(directory.resolve("list"), "two/x/1.png\n\nmissing\ntwo/y\n");
    Program.Ended listed = program.reading(list).run("predict", "images", "-", "--jsonl").with(1);
    List<JsonNode> three = lines(listed.out());
    assertThat(texts(three, "input")).containsExactly("two/x/1.png", "missing", "two/y/2.png");
    for (String key : List.of("class", "probabilities")) {
      assertThat(zipped.get(1).get(key)).isEqualTo(plain.get(1).get(key));
      assertThat(three.get(2).get(key)).isEqualTo(plain.get(1).get(key));
    }
    Files.write(directory.resolve("bad.zip"), new byte[] {'P', 'K', 3, 4, 0});
    assertThat(program.run("predict", "images", "bad.zip").refused(3).err()).contains("bad.zip");
    Files.createDirectories(directory.resolve("none"));
    assertThat(program.run("predict", "images", "none").refused(3).err())
        .contains("none: holds no image");
  }

  @Test
  void linesOfStandardInputArePrompts() throws IOException, InterruptedException {
    Path list = Files.writeString(directory.resolve("prompts"), "the cat\nthe lion\nthe dog\n");
    Program.Ended ended =
        program.reading(list).run("predict", "text", "-", "--tokens", "2", "--jsonl").with(1);
    List<JsonNode> lines = lines(ended.out());
    assertThat(texts(lines, "input")).containsExactly("the cat", "the lion", "the dog");
    assertThat(lines.get(1).get("error").asText()).contains("'lion' is not in the vocabulary");
    assertThat(lines.get(2).get("ids")).hasSize(2);
    Files.write(directory.resolve("prompts"), new byte[] {'a', (byte) 0xe9, '\n'});
    assertThat(program.reading(list).run("predict", "text", "-").refused(3).err())
        .contains("standard input: is not UTF-8 text");
  }

  @Test
  void calibratedProbabilitiesAreThoseOfDividedLogits() throws IOException, InterruptedException {
    image(directory.resolve("one/1.png"), 32, 0xff00);
    assertThat(program.run("predict", "images", "one", "--calibrated").refused(3).err())
        .contains("images: is not calibrated yet; lot eval images --calibrate does it");
    JsonNode fitted = json("eval", "images", "--calibrate", "--json");
    JsonNode teacher = fitted.at("/learners/teacher");
    double temperature = teacher.get("temperature").asDouble();
    assertThat(temperature).isPositive();
    assertThat(teacher.at("/valid/after/loss").asDouble())
        .isLessThanOrEqualTo(teacher.at("/valid/before/loss").asDouble());
    assertThat(teacher.at("/test/after/ece").isNumber()).isTrue();
    assertThat(fitted.at("/learners").properties()).hasSize(3);
    List<Double> plain =
        numbers(json("predict", "images", "one", "--json").at("/predictions/0/probabilities"));
    List<Double> calibrated =
        numbers(
            json("predict", "images", "one", "--json", "--calibrated")
                .at("/predictions/0/probabilities"));
    double sum = plain.stream().mapToDouble(p -> Math.pow(p, 1 / temperature)).sum();
    for (int i = 0; i < plain.size(); i++) {
      assertThat(calibrated.get(i))
          .isCloseTo(Math.pow(plain.get(i), 1 / temperature) / sum, within(1e-6));
    }
    assertThat(program.run("eval", "images", "--calibrate", "--split", "test").refused(2).err())
        .contains("--calibrate with --split test is not allowed; valid");
    assertThat(program.run("predict", "text", "the", "--calibrated").refused(2).err())
        .contains("--calibrated is not allowed with a text run");
    Path file = directory.resolve("images/calibration.json");
    Files.writeString(
        file, Files.readString(file).replaceFirst("\"step\" : \\d+", "\"step\" : 99"));
    assertThat(program.run("predict", "images", "one", "--calibrated").refused(3).err())
        .contains("calibration.json: is of step 99, the weights of teacher are of step 3");
    Files.delete(file);
  }

  @Test
  void whatIsWrongIsSaid() throws IOException, InterruptedException {
    assertThat(program.run("predict", "text", "the lion").refused(2).err())
        .contains("'lion' is not in the vocabulary");
    assertThat(program.run("predict", "text", "the", "--top-p", "2").refused(2).err())
        .contains("--top-p = 2 is not allowed; above 0 and at most 1");
    assertThat(program.run("predict", "text", "the", "--student", "7").refused(2).err())
        .contains("--student 7 is not allowed; this run has [teacher, student0]");
    assertThat(program.run("predict", "nowhere", "the").refused(3).err())
        .contains("nowhere: no such run or checkpoint");
    assertThat(program.run("predict", "images", "missing.png").refused(3).err())
        .contains("missing.png");
    assertThat(program.run("predict", "text", "the", "--score").refused(2).err())
        .contains("'the': has 1 tokens");
    Files.write(directory.resolve("latin.txt"), new byte[] {'a', (byte) 0xe9, ' ', 'b'});
    assertThat(program.run("predict", "text", "latin.txt").refused(3).err()).contains("latin.txt");
  }
}
