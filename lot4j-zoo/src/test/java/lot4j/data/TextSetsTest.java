package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import lot4j.train.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextSetsTest {
  private static final Tokenization WORDS = new Tokenization.Words(1);
  private static final Tokenization CHARACTERS = new Tokenization.Characters();

  @TempDir Path directory;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private TextSet read(String text, Tokenization how) throws IOException {
    return TextSets.read(directory, write("a.txt", text).toString(), how);
  }

  private String words(String text) throws IOException {
    TextSet set = read(text, WORDS);
    return set.vocabulary().decode(array(set.train())).replace("\n", "|");
  }

  static int[] array(Tokens tokens) {
    int[] all = new int[(int) tokens.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = tokens.at(i);
    }
    return all;
  }

  @Test
  void numbersWordsInTheOrderOfTheirFirstOccurrence() throws IOException {
    TextSet set = read("b a\na c\n", WORDS);
    assertThat(array(set.train())).containsExactly(0, 1, 2, 1, 3, 2);
    assertThat(set.vocabulary().decode(new int[] {2})).isEqualTo("\n");
  }

  @Test
  void everyLineEndIsAToken() throws IOException {
    assertThat(words("a b\nc\n")).isEqualTo("a b|c|");
    assertThat(words("a b\nc")).isEqualTo("a b|c|");
    assertThat(words("a\n\n b \n")).isEqualTo("a||b|");
    assertThat(words("a\n  ")).isEqualTo("a|");
    assertThat(words("one")).isEqualTo("one|");
  }

  @Test
  void windowsLineEndsAndAByteOrderMarkLeaveNoTrace() throws IOException {
    assertThat(words("\uFEFFa\r\nb\r\n")).isEqualTo("a|b|");
    TextSet set = read("\uFEFFa\r\nb\rc\r", CHARACTERS);
    assertThat(set.vocabulary().decode(array(set.train()))).isEqualTo("a\nb\rc\r");
  }

  @Test
  void keepsCharactersBeyondTheBasicPlaneWhole() throws IOException {
    TextSet set = read("x😀y😀\n", CHARACTERS);
    assertThat(array(set.train())).containsExactly(0, 1, 2, 1, 3);
    assertThat(set.vocabulary().size()).isEqualTo(4);
  }

  @Test
  void anEmptyTextIsRefused() throws IOException {
    for (String text : new String[] {"", " \t ", "\uFEFF"}) {
      assertThatThrownBy(() -> read(text, WORDS))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("a.txt: holds no text");
    }
  }

  @Test
  void bytesThatAreNotUtf8AreNamedWithTheirPlace() throws IOException {
    Path file = directory.resolve("latin.txt");
    byte[] text = "x".repeat(70_000).concat("\u00e9 after").getBytes(StandardCharsets.ISO_8859_1);
    Files.write(file, text);
    for (Tokenization how : new Tokenization[] {WORDS, CHARACTERS}) {
      assertThatThrownBy(() -> TextSets.read(directory, file.toString(), how))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("latin.txt: byte 70000 is 0xe9, which is not UTF-8 there");
    }
    Files.write(file, new byte[] {'a', (byte) 0xc3});
    assertThatThrownBy(() -> TextSets.read(directory, file.toString(), WORDS))
        .hasMessageContaining("byte 1 is 0xc3");
  }

  @Test
  void readsGzipAndNoticesAFileCutShort() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      for (int i = 0; i < 20_000; i++) {
        out.write((Integer.toString(i * 7919 % 10007) + " ").getBytes(StandardCharsets.UTF_8));
      }
    }
    Path file = directory.resolve("t.txt.gz");
    Files.write(file, bytes.toByteArray());
    TextSet set = TextSets.read(directory, file.toString(), WORDS);
    assertThat(set.name()).isEqualTo("t");
    assertThat(set.train().size()).isEqualTo(20_001);
    Files.write(file, Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));
    assertThatThrownBy(() -> TextSets.read(directory, file.toString(), WORDS))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("t.txt.gz: ends too early");
  }

  @Test
  void aTextThatChangesWhileItIsReadIsRefused() throws IOException {
    TextFile text = TextFile.at(write("a.txt", "one two\n"));
    assertThat(text.source().bytes()).isEqualTo(8);
    write("a.txt", "two one\n");
    assertThatThrownBy(() -> WordVocabulary.of(text, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("a.txt: changed while it was read");
  }

  @Test
  void aDirectoryHasItsThreeTexts() throws IOException {
    write("my.train.txt", "a b\n");
    write("my.valid.tokens", "b\n");
    write("my.test.txt", "a a\n");
    write("readme.md", "no");
    TextSet set = TextSets.read(directory, directory.toString(), WORDS);
    assertThat(set.train().size()).isEqualTo(3);
    assertThat(set.valid().map(Tokens::size)).isEqualTo(Optional.of(2L));
    assertThat(set.test().map(Tokens::size)).isEqualTo(Optional.of(3L));
    assertThat(set.sources()).hasSize(3);
    assertThat(set.notes()).isEmpty();
  }

  @Test
  void saysWhichFilesOfADirectoryAreNotClear() throws IOException {
    assertThatThrownBy(() -> TextSets.read(directory, directory.toString(), WORDS))
        .hasMessageContaining("holds no text");
    write("valid.txt", "a\n");
    assertThatThrownBy(() -> TextSets.read(directory, directory.toString(), WORDS))
        .hasMessageContaining("has no training text");
    write("train.txt", "a\n");
    write("train.tokens", "a\n");
    assertThatThrownBy(() -> TextSets.read(directory, directory.toString(), WORDS))
        .hasMessageContaining("not clear which is the train text; train.tokens, train.txt");
    Files.delete(directory.resolve("train.tokens"));
    write("b.test.txt", "a\n");
    assertThatThrownBy(() -> TextSets.read(directory, directory.toString(), WORDS))
        .hasMessageContaining("several texts");
  }

  @Test
  void unknownWordsOfHeldOutTextsGetATokenAndANote() throws IOException {
    write("train.txt", "a b\n");
    write("valid.txt", "b\nnew a new\n");
    TextSet set = TextSets.read(directory, directory.toString(), WORDS);
    assertThat(set.vocabulary().size()).isEqualTo(4);
    assertThat(array(set.valid().orElseThrow())).containsExactly(1, 2, 3, 0, 3, 2);
    assertThat(set.vocabulary().decode(new int[] {3})).isEqualTo("<unk>");
    assertThat(set.notes())
        .singleElement()
        .asString()
        .contains("valid.txt: 2 of 6 tokens (33.33 %)", "'new' in line 2", "task.min-count: 2");
  }

  @Test
  void wordsBelowTheMinimumCountAreUnknown() throws IOException {
    write("train.txt", "a rare b a b\n");
    write("valid.txt", "new rare a\n");
    TextSet set = TextSets.read(directory, directory.toString(), new Tokenization.Words(2));
    assertThat(array(set.train())).containsExactly(0, 1, 2, 0, 2, 3);
    assertThat(set.vocabulary().size()).isEqualTo(4);
    assertThat(array(set.valid().orElseThrow())).containsExactly(1, 1, 0, 3);
    assertThat(set.notes()).singleElement().asString().contains("2 of 4").doesNotContain("never");
  }

  @Test
  void aPartNeedsAllItsWordsOrAnUnknownToken() throws IOException {
    Vocabulary vocabulary = read("a b\n", WORDS).vocabulary();
    Path other = write("o.txt", "a\n\nb zz\n");
    assertThatThrownBy(() -> TextSets.part(directory, other.toString(), vocabulary, false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("o.txt:3: word 'zz' is not in the vocabulary");
    assertThatThrownBy(() -> vocabulary.encode("q")).hasMessageContaining("word 'q'");
    Vocabulary more = read("a <unk> b\n", WORDS).vocabulary();
    TextSet.Part part = TextSets.part(directory, other.toString(), more, false);
    assertThat(array(part.tokens())).containsExactly(0, 3, 3, 2, 1, 3);
    assertThat(part.notes()).singleElement().asString().contains("1 of 6 tokens");
  }

  @Test
  void aPartIsTheTestTextOrTheTrainingTextOrTheOnlyOne() throws IOException {
    write("train.txt", "a b\n");
    write("test.txt", "b b b\n");
    Vocabulary vocabulary = TextSets.read(directory, directory.toString(), WORDS).vocabulary();
    String all = directory.toString();
    assertThat(TextSets.part(directory, all, vocabulary, true).tokens().size()).isEqualTo(4);
    assertThat(TextSets.part(directory, all, vocabulary, false).tokens().size()).isEqualTo(3);
    Files.delete(directory.resolve("train.txt"));
    assertThat(TextSets.part(directory, all, vocabulary, false).tokens().size()).isEqualTo(4);
  }

  @Test
  void vocabulariesAreReadBack() throws IOException {
    for (Tokenization how : new Tokenization[] {WORDS, CHARACTERS}) {
      Vocabulary vocabulary = read("b \"ä\\\u2028 b\n😀 c\t\n", how).vocabulary();
      Path file = directory.resolve(vocabulary.fileName());
      Files.write(file, vocabulary.file());
      Vocabulary again = Vocabularies.read(file);
      assertThat(again.file()).isEqualTo(vocabulary.file());
      assertThat(again.encode("b 😀\n")).isEqualTo(vocabulary.encode("b 😀\n"));
    }
  }

  @Test
  void charactersOfWordsIncludeTheSeparator() throws IOException {
    Vocabulary words = read("abc 😀\n", WORDS).vocabulary();
    assertThat(words.characters(0)).isEqualTo(4);
    assertThat(words.characters(1)).isEqualTo(2);
    assertThat(words.characters(2)).isEqualTo(1);
    assertThat(read("abc 😀\n", CHARACTERS).vocabulary().characters(4)).isEqualTo(1);
  }

  @Test
  void namesMeanSetsOfTheRightKind() {
    assertThatThrownBy(() -> TextSets.read(directory, "digits", WORDS))
        .hasMessageContaining("is a set of images");
    assertThatThrownBy(() -> ImageSets.read(directory, "ptb")).hasMessageContaining("is a text");
    assertThatThrownBy(() -> TextSets.read(directory, "nothing", WORDS))
        .hasMessageContaining("names: kjv, tinyshakespeare, ptb");
    assertThatThrownBy(() -> TextSets.read(directory, "ptb", WORDS))
        .hasMessageContaining("ptb: not found; ptb cannot be fetched");
  }

  @Test
  void theBuiltInTextIsThere() {
    TextSet set = TextSets.read(directory, "kjv", CHARACTERS);
    assertThat(set.subset()).isFalse();
    assertThat(set.name()).isEqualTo("kjv");
    assertThat(set.train().size()).isEqualTo(566_084);
    assertThat(set.vocabulary().size()).isEqualTo(61);
  }

  @Test
  void aKnownSetWithOtherCountsIsMarked() throws IOException {
    Path ptb = Files.createDirectory(directory.resolve("ptb"));
    Files.writeString(ptb.resolve("ptb.train.txt"), "a b\n");
    Files.writeString(ptb.resolve("ptb.valid.txt"), "a\n");
    Files.writeString(ptb.resolve("ptb.test.txt"), "b\n");
    for (Tokenization how : new Tokenization[] {WORDS, CHARACTERS}) {
      assertThat(TextSets.read(directory, "ptb", how).name()).isEqualTo("ptb[3/2/2]");
    }
    assertThat(TextSets.read(directory, ptb.toString(), WORDS).subset()).isTrue();
  }

  @Test
  void pennTreebankHasItsPublishedCounts() {
    Path data = Shared.data("ptb").getParent();
    TextSet set = TextSets.read(data, "ptb", WORDS);
    assertThat(set.train().size()).isEqualTo(929_589);
    assertThat(set.valid().map(Tokens::size)).isEqualTo(Optional.of(73_760L));
    assertThat(set.test().map(Tokens::size)).isEqualTo(Optional.of(82_430L));
    assertThat(set.vocabulary().size()).isEqualTo(10_000);
    assertThat(set.subset()).isFalse();
    assertThat(set.notes()).isEmpty();
    assertThat(TextSets.read(data, "ptb", CHARACTERS).name()).isEqualTo("ptb");
  }

  @Test
  void wikiText2HasItsPublishedCounts() {
    Path data = Shared.data("wikitext-2").getParent();
    TextSet set = TextSets.read(data, "wikitext-2", WORDS);
    assertThat(set.train().size()).isEqualTo(2_088_628);
    assertThat(set.valid().map(Tokens::size)).isEqualTo(Optional.of(217_646L));
    assertThat(set.test().map(Tokens::size)).isEqualTo(Optional.of(245_569L));
    assertThat(set.vocabulary().size()).isEqualTo(33_278);
    assertThat(set.name()).isEqualTo("wikitext-2");
  }

  @Test
  void shakespeareHas65Characters() {
    Path data = Shared.data("tinyshakespeare").getParent();
    TextSet set = TextSets.read(data, "tinyshakespeare", CHARACTERS);
    assertThat(set.train().size()).isEqualTo(1_115_394);
    assertThat(set.vocabulary().size()).isEqualTo(65);
    assertThat(set.subset()).isFalse();
    assertThat(TextSets.read(data, "tinyshakespeare", WORDS).subset()).isFalse();
  }
}
