package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import lot4j.train.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstructionSetsTest {
  @TempDir Path directory;

  private List<Instruction> read(String lines) throws IOException {
    Path file = Files.writeString(directory.resolve("some.jsonl"), lines);
    return InstructionSets.read(directory, file.toString(), "auto", "auto").train();
  }

  @Test
  void theUsualKeysAreFound() throws IOException {
    assertThat(
            read(
                """
                {"prompt": "a", "response": "b"}
                {"instruction": "add", "input": "1 2", "output": "3"}

                {"instruction": "say", "input": "", "output": "x"}
                {"question": "q\\r\\nr", "answer": "#### 4"}
                {"problem": "p", "solution": 5, "level": {"any": "thing"}}
                """))
        .containsExactly(
            new Instruction("a", "b"),
            new Instruction("add\n1 2", "3"),
            new Instruction("say", "x"),
            new Instruction("q\nr", "#### 4"),
            new Instruction("p", "5"));
  }

  @Test
  void keysCanBeNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("k.jsonl"), "{\"in\": \"a\", \"out\": \"b\"}");
    InstructionSet set = InstructionSets.read(directory, file.toString(), "in", "out");
    assertThat(set.train()).containsExactly(new Instruction("a", "b"));
    assertThat(set.name()).isEqualTo("k");
    assertThat(set.sources()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"prompt\": \"a\" | some.jsonl:1: is not JSON",
        "[1] | some.jsonl:1: is no JSON object",
        "{\"prompt\": \"a\"} | has none of the keys response, output, answer",
        "{\"response\": \"a\"} | has none of the keys prompt, instruction",
        "{\"prompt\": [\"a\"], \"response\": \"b\"} | prompt is no text",
        "{\"prompt\": \"a\", \"response\": null} | response is no text",
        "{\"prompt\": \"a\", \"response\": \"  \"} | the answer is empty",
        "{\"prompt\": \"a\", \"prompt\": \"b\", \"response\": \"c\"} | is not JSON: Duplicate",
        "{\"prompt\": \"a\", \"response\": \"b\"} x | some.jsonl:1: is not JSON",
      })
  void badLinesAreRefused(String line, String message) {
    assertThatThrownBy(() -> read(line))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theLineAtFaultIsNamed() {
    assertThatThrownBy(() -> read("{\"prompt\":\"a\",\"response\":\"b\"}\n\n{}\n"))
        .hasMessageContaining("some.jsonl:3:");
    assertThatThrownBy(() -> read("\n \n")).hasMessageContaining("holds no examples");
    assertThatThrownBy(() -> InstructionSets.read(directory, "gsm8k", "auto", "auto"))
        .hasMessageContaining("gsm8k: not found; a folder with train.jsonl and test.jsonl");
    assertThatThrownBy(() -> InstructionSets.read(directory, "no/such", "auto", "auto"))
        .hasMessage("no/such: not found");
    assertThatThrownBy(
            () -> {
              Path file = directory.resolve("latin.jsonl");
              Files.write(file, "{\"prompt\":\"ä\"}".getBytes(StandardCharsets.ISO_8859_1));
              InstructionSets.read(directory, file.toString(), "auto", "auto");
            })
        .hasMessageContaining("is not UTF-8 text");
  }

  @Test
  void aDirectoryBringsItsParts() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("gsm8k"));
    Files.writeString(folder.resolve("train.jsonl"), "{\"question\":\"a\",\"answer\":\"b\"}");
    Files.writeString(folder.resolve("test.jsonl"), "{\"question\":\"c\",\"answer\":\"d\"}");
    InstructionSet set = InstructionSets.read(directory, "gsm8k", "auto", "auto");
    assertThat(set.train()).containsExactly(new Instruction("a", "b"));
    assertThat(set.test().orElseThrow()).containsExactly(new Instruction("c", "d"));
    assertThat(set.valid()).isEmpty();
    assertThat(InstructionSets.one(directory, "gsm8k", "auto", "auto").train())
        .containsExactly(new Instruction("c", "d"));
    assertThat(InstructionSets.absent(directory, "gsm8k")).isEmpty();
  }

  /** Always the same ones, none twice, and each with the right result. */
  @Test
  void sumsAreRight() {
    InstructionSet set = InstructionSets.read(directory, "sums", "auto", "auto");
    assertThat(set.train()).hasSize(2000);
    assertThat(set.test().orElseThrow()).hasSize(200);
    assertThat(InstructionSets.read(directory, "sums", "auto", "auto")).isEqualTo(set);
    List<Instruction> all =
        Stream.concat(set.train().stream(), set.test().orElseThrow().stream()).toList();
    assertThat(new HashSet<>(all)).hasSameSizeAs(all);
    for (Instruction each : all) {
      String[] words = each.prompt().split("[ .]");
      int first = Integer.parseInt(words[2]);
      int second = Integer.parseInt(words[6]);
      int result = words[5].equals("gets") ? first + second : first - second;
      assertThat(each.answer()).endsWith("#### " + result).startsWith(first + "");
      assertThat(result).isNotNegative();
    }
  }
}
