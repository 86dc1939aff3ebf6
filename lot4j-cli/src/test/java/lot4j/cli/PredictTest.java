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
  private static Program program;
  private static JsonNode scores;

  @BeforeAll
  static void trainAndLoseTheData() throws IOException, InterruptedException {
    program = Program.in(directory);
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
