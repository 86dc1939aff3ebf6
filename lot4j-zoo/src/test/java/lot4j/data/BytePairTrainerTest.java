package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BytePairTrainerTest {
  @TempDir Path directory;

  private TokenVocabulary train(String text, int size) throws IOException {
    Path file = Files.writeString(directory.resolve("t.txt"), text);
    return BytePairTrainer.train(TextFile.at(file), size);
  }

  @Test
  void mergesTheMostFrequentPairFirst() throws IOException {
    // Words "low" 3 times, "lowest" twice: lo 5, ow 5 (smaller ids win: l < o), then low 5.
    TokenVocabulary two = train("low low low lowest lowest", 258);
    assertThat(two.size()).isEqualTo(258);
    String file = new String(two.file(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(file).contains("\"merges\" : [ \"l o\", \"lo w\" ]");
    assertThat(two.encode("low")).containsExactly(257);
    assertThat(two.encode("lo w")).hasSize(3);
  }

  @Test
  void stopsWhereNothingOccursTwice() throws IOException {
    TokenVocabulary vocabulary = train("ab cd", 300);
    assertThat(vocabulary.size()).isEqualTo(256);
    assertThat(vocabulary.encode("ab cd")).hasSize(5);
  }

  @Test
  void bytesHaveGpt2sNumbers() throws IOException {
    TokenVocabulary vocabulary = train("x", 257);
    assertThat(vocabulary.encode("! \n")).containsExactly(0, 220, 198);
    assertThat(vocabulary.characters(0)).isEqualTo(1);
    int[] umlaut = vocabulary.encode("\u00e4");
    assertThat(umlaut).hasSize(2);
    assertThat(vocabulary.characters(umlaut[0])).isEqualTo(1);
    assertThat(vocabulary.characters(umlaut[1])).isZero();
  }

  @Test
  void theSameTextGivesTheSameTokenizer() throws IOException {
    String text = "banana band bandana an and na nab ban\n".repeat(20);
    assertThat(train(text, 280).file()).isEqualTo(train(text, 280).file());
  }
}
