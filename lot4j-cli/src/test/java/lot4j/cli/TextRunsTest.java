package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Language models by the command: odd texts, scores on other texts, comparisons. */
class TextRunsTest {
  @TempDir static Path directory;
  @AutoClose private static Program program;

  @BeforeAll
  static void compareFourMethods() throws IOException, InterruptedException {
    SmallTexts.write(directory, 12);
    Files.writeString(directory.resolve("other.txt"), SmallTexts.made(90, 5));
    program = Program.in(directory).together();
    program.succeed("compare", "tiny.yaml", "--jobs", "1", "--out", "four");
  }

  private static RunFolder trained(String name, String... overrides)
      throws IOException, InterruptedException {
    train(name, overrides);
    return new RunFolder(directory.resolve(name));
  }

  private static Program.Ended train(String name, String... overrides)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("train", "tiny.yaml", "--out", name));
    for (String override : overrides) {
      command.addAll(List.of("--set", override));
    }
    return program.succeed(command.toArray(String[]::new));
  }

  private static void text(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void aTextShorterThanItsPiecesIsOnePieceAnEpoch() throws IOException, InterruptedException {
    RunFolder run =
        trained(
            "short", "task.length=500", "budget={epochs: 3}", "eval-every=1", "checkpoint.every=1");
    assertThat(run.json("result.json").path("teacher_updates").asInt()).isEqualTo(3);
    List<String> lines = Files.readAllLines(run.path().resolve("metrics.jsonl"));
    JsonNode last = new ObjectMapper().readTree(lines.get(lines.size() - 1));
    assertThat(last.path("samples").asLong()).isEqualTo(3 * 3 * 107);
  }

  @Test
  void oneLineWithoutAnEndTrains() throws IOException, InterruptedException {
    text("line.txt", SmallTexts.made(200, 3).replace('\n', ' ').strip());
    RunFolder run = trained("line", "task.data=line.txt", "task.tokens=word");
    assertThat(run.status()).isEqualTo("done");
    assertThat(run.json("result.json").at("/primary/name").asText()).isEqualTo("perplexity");
  }

  @Test
  void wordsThatTrainingNeverSawAreUnknownAndSaid() throws IOException, InterruptedException {
    for (String tokens : new String[] {"word", "char"}) {
      text("parts/train.txt", SmallTexts.made(300, 3));
      text("parts/valid.txt", "ab bad zoo zoo\ncab a dab\n");
      text("parts/test.txt", "cab a bad face\nab head a\n");
      Program.Ended ended = train("unknown-" + tokens, "task.data=parts", "task.tokens=" + tokens);
      assertThat(ended.err()).contains("valid.txt", "are not in the vocabulary", "<unk>");
      JsonNode result = new RunFolder(directory.resolve("unknown-" + tokens)).json("result.json");
      assertThat(result.at("/splits/valid/teacher/perplexity").asDouble()).isGreaterThan(1);
    }
  }

  /** A method of the comparison that does not fit, lot-released here, is no matter to a run. */
  @Test
  void studentsLearnFromATextOfTheirOwn() throws IOException, InterruptedException {
    JsonNode run = trained("apart", "task.unlabelled=other.txt").json("run.json");
    assertThat(run.at("/data/counts/train").asInt()).isEqualTo(324);
    assertThat(run.at("/data/counts/student").asInt()).isEqualTo(90);
    assertThat(run.at("/data/files")).hasSize(2);
  }

  @Test
  void aRunIsScoredOnOtherTextsAndParts() throws IOException, InterruptedException {
    String run = "four/runs/lot-paper-seed0";
    JsonNode test = eval(run);
    JsonNode result = new RunFolder(directory.resolve(run)).json("result.json");
    assertThat(test.at("/learners/teacher/perplexity"))
        .isEqualTo(result.at("/splits/test/teacher/perplexity"));
    // 90 characters in 2 columns of 45 rows, 400 without test and validation in 2 of 162.
    assertThat(eval(run, "--data", "other.txt").at("/learners/teacher/targets").asInt())
        .isEqualTo(2 * 44);
    assertThat(eval(run, "--split", "train").at("/learners/teacher/targets").asInt())
        .isEqualTo(2 * 161);
    JsonNode student = eval(run, "--student", "0").path("learners");
    assertThat(student).hasSize(1);
    assertThat(student.at("/student0/perplexity").asDouble()).isGreaterThan(1);
  }

  private static JsonNode eval(String run, String... more)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("eval", run, "--json"));
    command.addAll(List.of(more));
    String out = program.succeed(command.toArray(String[]::new)).out();
    return new ObjectMapper().readTree(out);
  }

  @Test
  void theComparisonKnowsThatLowerIsBetter() throws IOException {
    JsonNode comparison = RunFolder.json(directory.resolve("four/compare.json"));
    assertThat(comparison.at("/primary/name").asText()).isEqualTo("perplexity");
    assertThat(comparison.at("/primary/higher_is_better").asBoolean(true)).isFalse();
    List<String> labels = new ArrayList<>();
    comparison.path("methods").fieldNames().forEachRemaining(labels::add);
    assertThat(labels)
        .containsExactly(
            "teacher-only",
            "teacher-only-equal-compute@lot-paper",
            "teacher-only-equal-compute@lot-released",
            "lot-paper",
            "lot-released");
    for (JsonNode method : comparison.path("methods")) {
      assertThat(method.path("n").asInt()).isEqualTo(2);
      assertThat(method.path("mean").asDouble()).isBetween(1.0, 20.0);
    }
    assertThat(comparison.path("pairs")).isNotEmpty();
  }

  @Test
  void theReportsSpeakOfPerplexityNotOfPercent() throws IOException, InterruptedException {
    String html = Files.readString(directory.resolve("four/report.html"));
    assertThat(html).contains("test perplexity", "lower is better").doesNotContain("percentage");
    String markdown = program.succeed("report", "four", "--markdown").out();
    assertThat(markdown).contains("perplexity, lower is better").doesNotContain("percentage");
  }
}
