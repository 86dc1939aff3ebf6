package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts and settings that do not fit: one line, the right exit code, nothing written. */
class BadTextTest {
  @TempDir Path directory;

  @BeforeEach
  void write() throws IOException {
    SmallTexts.write(directory, 12);
  }

  private String refused(int code, String... overrides) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("train", "tiny.yaml", "--out", "out"));
    for (String override : overrides) {
      command.addAll(List.of("--set", override));
    }
    Program.Ended ended = Program.in(directory).run(command.toArray(String[]::new)).refused(code);
    assertThat(ended.err().lines()).hasSize(1);
    assertThat(directory.resolve("out")).doesNotExist();
    return ended.err();
  }

  private void text(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void anEmptyTextIsNamed() throws IOException, InterruptedException {
    text("text.txt", "");
    assertThat(refused(3)).contains("text.txt", "holds no text");
  }

  @Test
  void bytesThatAreNotUtf8AreNamedWithTheirPlace() throws IOException, InterruptedException {
    Files.write(
        directory.resolve("text.txt"),
        (SmallTexts.made(300, 1) + "caf\u00e9 and more").getBytes(StandardCharsets.ISO_8859_1));
    assertThat(refused(3)).contains("text.txt", "303", "UTF-8");
  }

  @Test
  void fewerTokensThanTwoRowsOfColumnsAreRefused() throws IOException, InterruptedException {
    assertThat(refused(3, "batch-size=200"))
        .contains("text.txt", "324 tokens", "batch-size = 200", "400 or more");
    assertThat(refused(3, "student-batch-size=200"))
        .contains("text.txt", "324 tokens", "student-batch-size = 200", "400 or more");
  }

  @Test
  void aTextTooShortToBeScoredIsRefused() throws IOException, InterruptedException {
    assertThat(refused(3, "eval-batch-size=30")).contains("text", "eval-batch-size = 30");
  }

  @Test
  void aTextOfOneCharacterIsRefused() throws IOException, InterruptedException {
    text("text.txt", "a");
    assertThat(refused(3)).contains("text.txt");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "2 ~ task.tokens=foo ~ task.tokens = foo is not allowed; auto, word, char, bpe",
        "2 ~ task.length=0 ~ task.length = 0 is not allowed; 1 or more",
        "2 ~ task.unlabelled=rest ~ task.unlabelled = rest is not allowed; with train-examples",
        "2 ~ task.label-noise=0.1 ~ task.label-noise = 0.1 is not allowed; 0",
        "3 ~ task.unlabelled=absent.txt ~ absent.txt",
        "3 ~ task.data=absent.txt ~ absent.txt",
        "3 ~ task.train-examples=9999 ~ task.train-examples = 9999 is more than the 324 tokens",
        "3 ~ teacher={model: mlp} ~ text: input = 13 tokens is not allowed; Mlp takes",
      })
  void whatDoesNotFitIsSaid(int code, String override, String said)
      throws IOException, InterruptedException {
    assertThat(refused(code, override)).contains(said);
  }

  @Test
  void studentsCannotLearnLabelsThatAreNotThere() throws IOException, InterruptedException {
    text("other.txt", SmallTexts.made(200, 2));
    assertThat(refused(2, "task.unlabelled=other.txt", "lot.student-task-weight=1"))
        .contains("lot.student-task-weight = 1 is not allowed", "other.txt");
  }

  @Test
  void aLanguageModelCannotReadImages() throws IOException, InterruptedException {
    Program.Ended ended =
        Program.in(directory)
            .run("train", "digits", "--out", "out", "--set", "teacher={model: lstm}")
            .refused(3);
    assertThat(ended.err().lines()).hasSize(1);
    assertThat(ended.err())
        .contains("digits: input = 1x8x8 is not allowed; Lstm takes pieces of text");
    assertThat(directory.resolve("out")).doesNotExist();
  }

  @Test
  void aTextThatChangedIsRefusedOnResume() throws IOException, InterruptedException {
    SmallTexts.write(directory, 100_000);
    Program program = Program.in(directory);
    RunFolder run = new RunFolder(directory.resolve("out"));
    Program.Running running = program.start("train", "tiny.yaml", "--out", "out");
    running.until(() -> run.latestStep() >= 3);
    running.terminate().with(130);
    text("text.txt", SmallTexts.made(400, 2));
    assertThat(program.run("resume", "out").refused(3).err())
        .contains("out", "the data has changed since this run began");
  }
}
