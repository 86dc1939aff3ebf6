package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lot4j.train.DataException;
import org.junit.jupiter.api.Test;

class LearnedVocabularyTest {
  private static final String END = "<|endoftext|>";
  private static final Tokenization CHARACTERS = new Tokenization.Characters();
  private static final Tokenization WORDS = new Tokenization.Words(1);

  private static LearnedVocabulary of(
      Tokenization how, List<String> marks, List<String> texts, String... others) {
    return LearnedVocabulary.of(how, marks, texts::stream, () -> Stream.of(others));
  }

  /** As a run keeps it and reads it back. */
  private static Vocabulary saved(Vocabulary vocabulary) {
    return Vocabularies.read("saved", vocabulary.file());
  }

  @Test
  void charactersAreThoseOfTheTextsAndTheMarks() {
    LearnedVocabulary learned = of(CHARACTERS, List.of("\u0003"), List.of("ab", "b\n"), "ba");
    assertThat(learned.vocabulary().size()).isEqualTo(4);
    assertThat(learned.vocabulary().encode("ab\n\u0003")).containsExactly(0, 1, 2, 3);
    assertThat(learned.notes()).isEmpty();
    assertThat(saved(learned.vocabulary()).encode("\u0003")).containsExactly(3);
  }

  @Test
  void whatOnlyOthersHaveIsUnknownAndSaid() {
    LearnedVocabulary learned = of(CHARACTERS, List.of(), List.of("ab"), "bac", "cd");
    assertThat(learned.vocabulary().encode("bc")).containsExactly(1, 2);
    assertThat(learned.notes())
        .containsExactly(
            "3 of 5 tokens outside the training part (60.00 %) are not in the vocabulary and count"
                + " as <unk>, e.g. 'c'; it is never trained: tokens: bpe needs none");
    assertThat(of(WORDS, List.of(), List.of("a b"), "a c").notes().get(0))
        .contains("1 of 3 tokens", "e.g. 'c'", "task.min-count: 2 trains it");
    assertThatThrownBy(() -> of(CHARACTERS, List.of(), List.of("ab")).vocabulary().encode("c"))
        .isInstanceOf(DataException.class);
  }

  @Test
  void wordsHaveNoLineEndThatIsNotWritten() {
    Vocabulary words = of(WORDS, List.of("\u0003", "\n"), List.of("a b\n", "c")).vocabulary();
    assertThat(words.size()).isEqualTo(5);
    assertThat(words.encode("a c")).hasSize(3);
    assertThat(words.encodePart("a c")).hasSize(2);
    assertThat(words.encodePart("a c\n")).hasSize(3);
    assertThat(words.encodePart("a\n c \n ")).hasSize(4);
    assertThat(words.encodePart("")).isEmpty();
    assertThat(words.encodePart("\n")).hasSize(1);
    assertThat(words.decode(words.encodePart("a c\nb"))).isEqualTo("a c\nb");
    assertThat(words.encodePart("\u0003")).hasSize(1);
    Vocabulary rare =
        of(new Tokenization.Words(2), List.of("!"), List.of("a a b", "! c")).vocabulary();
    assertThat(rare.encodePart("b")).containsExactly(rare.encodePart("c"));
    assertThat(rare.decode(rare.encodePart("a b !"))).isEqualTo("a <unk> !");
  }

  /** The example of Sennrich et al. has the same merges whether in one text or in many. */
  @Test
  void bytePairsAreLearnedOfManyTexts() {
    List<String> texts = List.of("low", " low", " low", " lowest", " lowest");
    Vocabulary pairs = of(new Tokenization.BytePairs(259), List.of(END), texts).vocabulary();
    assertThat(pairs.size()).isEqualTo(259);
    assertThat(pairs.encode("low")).hasSize(1);
    assertThat(pairs.encode(END)).containsExactly(258);
    assertThat(pairs.decode(new int[] {258})).isEqualTo(END);
    assertThat(pairs.characters(258)).isEqualTo(END.length());
    // Words of neighbouring texts are not joined: "ab" occurs in no text.
    Vocabulary apart =
        of(new Tokenization.BytePairs(300), List.of(), List.of("a", "b", "a", "b")).vocabulary();
    assertThat(apart.size()).isEqualTo(256);
    Vocabulary again = saved(pairs);
    for (String text : List.of("lowest low", "\u00e4\n \u6587", "a" + END)) {
      assertThat(again.encode(text)).containsExactly(pairs.encode(text));
      assertThat(again.decode(again.encode(text))).isEqualTo(text);
    }
    assertThat(of(new Tokenization.BytePairs(259), List.of(END), texts).vocabulary().file())
        .isEqualTo(pairs.file());
  }

  @Test
  void aMarkThatIsATokenAlreadyStaysIt() {
    Vocabulary pairs =
        of(new Tokenization.BytePairs(258), List.of("\n", "<s>"), List.of("a")).vocabulary();
    assertThat(pairs.encode("\n")).containsExactly(198);
    assertThat(pairs.encode("<s>")).containsExactly(256);
    assertThat(pairs.size()).isEqualTo(257);
  }

  @Test
  void fewerPairsThanAskedForAreSaid() {
    List<String> texts = IntStream.range(0, 20).mapToObj(i -> "abc " + i).toList();
    LearnedVocabulary learned = of(new Tokenization.BytePairs(500), List.of(END), texts);
    assertThat(learned.notes()).hasSize(1);
    assertThat(learned.notes().get(0))
        .startsWith("tokens: bpe: no pair of tokens occurs twice any more; the vocabulary has ")
        .endsWith(learned.vocabulary().size() + " tokens instead of 500");
  }
}
