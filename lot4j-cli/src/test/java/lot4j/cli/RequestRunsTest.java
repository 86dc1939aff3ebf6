package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on requests and answers by the command, with a tokenizer that was learned for them. */
class RequestRunsTest {
  private static final String CONFIG =
      """
      name: told
      task: {kind: instructions, data: told.jsonl, tokens: bpe, vocabulary: 300, length: 40,
             eval-tokens: 12, eval-generate: 2, validation: 0.2, test: 0.2}
      method: teacher-only
      teacher: {model: gpt, layers: 1, width: 8, heads: 2, context: 40, dropout: 0}
      optimizer: {kind: adam, lr: 1e-2}
      budget: {updates: 4}
      batch-size: 4
      eval-batch-size: 3
      eval-every: 2
      checkpoint: {every: 2}
      threads: 1
      """;

  @TempDir static Path directory;
  private static Program program;

  @BeforeAll
  static void train() throws IOException, InterruptedException {
    program = Program.in(directory);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      lines.append(record("say " + i, "well, " + i + "\\n#### " + i)).append('\n');
    }
    Files.writeString(directory.resolve("told.jsonl"), lines);
    Files.writeString(directory.resolve("told.yaml"), CONFIG);
    program.succeed("train", "told.yaml", "--out", "told");
    Files.writeString(
        directory.resolve("mine.jsonl"),
        record("say 3", "well, 3\\n#### 3")
            + "\n\n"
            + record("say täglich", "so")
            + "\n"
            + record("3", "well").replace("question", "problem")
            + "\n");
  }

  private static String record(String question, String answer) {
    return "{\"question\": \"" + question + "\", \"answer\": \"" + answer + "\"}";
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  private static List<JsonNode> lines(String out) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : out.lines().toList()) {
      lines.add(json(line));
    }
    return lines;
  }

  private static List<Double> numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asDouble).toList();
  }

  @Test
  void answersAreScoredAsEvalScoresThem() throws IOException, InterruptedException {
    String out = program.succeed("predict", "told", "mine.jsonl", "--score", "--json").out();
    JsonNode scores = json(out).get("predictions");
    JsonNode eval =
        json(program.succeed("eval", "told", "--data", "mine.jsonl", "--json").out())
            .at("/learners/teacher");
    assertThat(scores).hasSize(3);
    assertThat(scores.findValuesAsText("input"))
        .containsExactly("mine.jsonl:1", "mine.jsonl:3", "mine.jsonl:4");
    double sum = 0;
    long targets = 0;
    for (JsonNode score : scores) {
      List<Double> each = numbers(score.get("log_probabilities"));
      assertThat(score.get("tokens")).hasSameSizeAs(each);
      assertThat(score.get("ids")).hasSameSizeAs(each);
      assertThat(score.get("targets").asInt()).isEqualTo(each.size());
      double own = each.stream().mapToDouble(p -> p).sum();
      assertThat(score.get("log_probability").asDouble()).isCloseTo(own, within(1e-9));
      assertThat(score.get("perplexity").asDouble())
          .isCloseTo(Math.exp(-own / each.size()), within(1e-9));
      assertThat(score.has("exact_match")).isTrue();
      assertThat(score.get("exact_match").isNull()).isEqualTo(score.has("exact_match_reason"));
      sum += own;
      targets += each.size();
    }
    assertThat(eval.get("targets").asLong()).isEqualTo(targets);
    assertThat(-sum / targets).isCloseTo(eval.get("loss").asDouble(), within(1e-6));
    assertThat(program.succeed("predict", "told", "mine.jsonl", "--score").out())
        .containsPattern(
            "mine.jsonl:4: log-probability -\\d+\\.\\d{4}, perplexity \\d+\\.\\d{4}, ");
  }

  /** Packed, and from standard input one by one: the same numbers. */
  @Test
  void filesAndStandardInputGiveTheSame() throws IOException, InterruptedException {
    Path packed = directory.resolve("packed.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(directory.resolve("mine.jsonl"), out);
    }
    List<JsonNode> file =
        lines(program.succeed("predict", "told", "packed.jsonl.gz", "--score", "--jsonl").out());
    List<JsonNode> input =
        lines(
            program
                .reading(directory.resolve("mine.jsonl"))
                .succeed("predict", "told", "-", "--score", "--jsonl")
                .out());
    assertThat(file).hasSize(3);
    assertThat(input).hasSize(3);
    assertThat(file.get(1).get("input").asText()).isEqualTo("packed.jsonl.gz:3");
    for (int i = 0; i < 3; i++) {
      assertThat(input.get(i).get("input").asText()).startsWith("-:");
      assertThat(input.get(i).get("log_probability").asDouble())
          .isCloseTo(file.get(i).get("log_probability").asDouble(), within(1e-4));
    }
  }

  @Test
  void recordsThatCannotBeScoredAreNamed() throws IOException, InterruptedException {
    Files.writeString(
        directory.resolve("bad.jsonl"),
        record("say 3", "3") + "\n{\"question\": \"say 4\"}\nnothing\n" + record("a", "b") + "\n");
    assertThat(program.run("predict", "told", "bad.jsonl", "--score").refused(3).err())
        .contains("bad.jsonl:2: has none of the keys response, output, answer");
    List<JsonNode> lines =
        lines(program.run("predict", "told", "bad.jsonl", "--score", "--jsonl").with(1).out());
    assertThat(lines).hasSize(4);
    assertThat(lines.get(1).get("error").asText()).startsWith("bad.jsonl:2: has none of the keys");
    assertThat(lines.get(2).get("error").asText()).startsWith("bad.jsonl:3: is not JSON");
    assertThat(lines.get(3).get("targets").asInt()).isPositive();
    assertThat(program.run("predict", "told", "say 3", "--score").refused(3).err())
        .contains("say 3: no such file; --score takes JSON Lines of requests with answers");
    Files.writeString(directory.resolve("none.jsonl"), "\n\n");
    assertThat(program.run("predict", "told", "none.jsonl", "--score").refused(3).err())
        .contains("none.jsonl: holds no examples");
    Files.writeString(directory.resolve("long.jsonl"), record("a", "0123456789".repeat(9)));
    assertThat(program.run("predict", "told", "long.jsonl", "--score").refused(3).err())
        .contains(
            "long.jsonl:1: request and answer have", "the run's task.length = 40 is the most");
  }

  /** Alone, in a file without answers, and as lines of standard input. */
  @Test
  void requestsAreAnswered() throws IOException, InterruptedException {
    JsonNode one =
        json(program.succeed("predict", "told", "say 3", "--temperature", "0", "--json").out());
    assertThat(one.get("input").asText()).isEqualTo("say 3");
    Path asked = Files.writeString(directory.resolve("asked.jsonl"), "{\"question\": \"say 3\"}\n");
    JsonNode file =
        json(program
                .succeed("predict", "told", "asked.jsonl", "--temperature", "0", "--json")
                .out())
            .at("/predictions/0");
    assertThat(file.get("input").asText()).isEqualTo("asked.jsonl:1");
    assertThat(file.get("ids")).isEqualTo(one.get("ids"));
    Files.writeString(asked, "say 3\nasked.jsonl\n");
    Program.Ended listed =
        program.reading(asked).run("predict", "told", "-", "--jsonl", "--temperature", "0").with(1);
    List<JsonNode> lines = lines(listed.out());
    assertThat(lines.get(0).get("ids")).isEqualTo(one.get("ids"));
    assertThat(lines.get(1).get("error").asText()).startsWith("asked.jsonl:1: is not JSON");
  }

  @Test
  void theCardOfAnExportSaysHowRequestsAreWritten() throws IOException, InterruptedException {
    program.succeed("export", "told", "--to", "told.safetensors");
    JsonNode card =
        json(Files.readString(directory.resolve("told.safetensors.json"))).get("preprocessing");
    assertThat(card.get("vocabulary").asText()).isEqualTo("tokenizer.json");
    assertThat(card.get("template").asText()).isEqualTo("{prompt}\n");
    assertThat(card.at("/end/text").asText()).isEqualTo("<|endoftext|>");
    JsonNode tokenizer = json(Files.readString(directory.resolve("told/tokenizer.json")));
    assertThat(card.at("/end/id").asInt()).isEqualTo(tokenizer.at("/added_tokens/0/id").asInt());
    assertThat(card.has("begin")).isFalse();
  }

  @Test
  void wrongCombinationsAreOneLine() throws IOException, InterruptedException {
    assertThat(
            program
                .run("train", "told.yaml", "--out", "no", "--set", "task.tokens=char")
                .refused(2)
                .err())
        .contains(
            "task.vocabulary = 300 is not allowed; only with task.tokens: bpe, here it is char");
    assertThat(directory.resolve("no")).doesNotExist();
  }
}
