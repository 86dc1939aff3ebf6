package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lot4j.train.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerFileTest {
  // Words by white space, what is not known is [UNK]; special tokens and a limit that must not
  // show.
  private static final String WORD_LEVEL =
      """
      {"version": "1.0",
       "truncation": {"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0},
       "padding": {"strategy": {"Fixed": 9}, "direction": "Right", "pad_to_multiple_of": null,
                   "pad_id": 3, "pad_type_id": 0, "pad_token": "[PAD]"},
       "added_tokens": [{"id": 3, "content": "[PAD]", "single_word": false, "lstrip": false,
                         "rstrip": false, "normalized": false, "special": true}],
       "normalizer": null, "pre_tokenizer": {"type": "Whitespace"},
       "post_processor": {"type": "BertProcessing", "sep": ["b", 1], "cls": ["b", 1]},
       "decoder": null,
       "model": {"type": "WordLevel", "vocab": {"aa": 0, "b": 1, "[UNK]": 2}, "unk_token": "[UNK]"}}
      """;

  @TempDir Path directory;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  @Test
  void theUsersTokenizerReadsTheWholeTextWithoutSpecialTokens() throws IOException {
    Path tokenizer = write("tokenizer.json", WORD_LEVEL);
    Path text = write("t.txt", "aa b zz\naa\n");
    TextSet set =
        TextSets.read(directory, text.toString(), new Tokenization.TokenizerFile(tokenizer));
    assertThat(TextSetsTest.array(set.train())).containsExactly(0, 1, 2, 0);
    assertThat(set.vocabulary().size()).isEqualTo(4);
    assertThat(set.vocabulary().characters(0)).isEqualTo(2);
    assertThat(set.vocabulary().fileName()).isEqualTo("tokenizer.json");
    assertThat(set.vocabulary().file()).isEqualTo(Files.readAllBytes(tokenizer));
    assertThat(set.sources()).hasSize(2);
  }

  @Test
  void aTrainedTokenizerIsReadBack() throws IOException {
    Path text = write("t.txt", "the cat and the hat\n".repeat(10));
    TextSet set = TextSets.read(directory, text.toString(), new Tokenization.BytePairs(260));
    Path file = directory.resolve(set.vocabulary().fileName());
    Files.write(file, set.vocabulary().file());
    Vocabulary again = Vocabularies.read(file);
    assertThat(again.size()).isEqualTo(260);
    assertThat(again.encode("the hat")).isEqualTo(set.vocabulary().encode("the hat"));
    assertThat(TextSetsTest.array(TextSets.part(directory, text.toString(), again, true).tokens()))
        .isEqualTo(TextSetsTest.array(set.train()));
  }

  @Test
  void aVocabularyThatCannotGrowSoFarIsNoted() throws IOException {
    Path text = write("t.txt", "ab ab");
    TextSet set = TextSets.read(directory, text.toString(), new Tokenization.BytePairs(900));
    assertThat(set.vocabulary().size()).isEqualTo(257);
    assertThat(set.notes()).singleElement().asString().contains("257 tokens instead of 900");
  }

  @Test
  void brokenFilesAreNamed() throws IOException {
    Path text = write("t.txt", "a\n");
    for (String broken :
        new String[] {
          "",
          "{",
          "[1]",
          "{\"model\": 1}",
          "{\"model\": {\"type\": \"BPE\", \"vocab\": {}}}",
          WORD_LEVEL.replace("\"b\": 1", "\"b\": -1"),
          "{\"format\": \"x\"}",
          "{\"format\": \"lot4j-vocabulary-1\", \"kind\": \"word\", \"tokens\": [\"a\", \"a\"]}",
          "{\"format\": \"lot4j-vocabulary-1\", \"kind\": \"char\", \"tokens\": [\"ab\"]}",
          "{\"format\": \"lot4j-vocabulary-1\", \"kind\": \"char\", \"tokens\": []}",
          "{\"format\": \"lot4j-vocabulary-1\", \"kind\": \"bits\", \"tokens\": [\"a\"]}"
        }) {
      Path file = write("broken.json", broken);
      assertThatThrownBy(
              () -> TextSets.read(directory, text.toString(), new Tokenization.TokenizerFile(file)))
          .as(broken)
          .isInstanceOf(DataException.class)
          .hasMessageContaining("broken.json")
          .hasMessageNotContaining("\n");
    }
    assertThatThrownBy(() -> Vocabularies.read(directory.resolve("none.json")))
        .hasMessageContaining("none.json: not found");
  }
}
