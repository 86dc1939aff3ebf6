package lot4j.data;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A vocabulary made of many short texts, such as requests and answers.
 *
 * @param vocabulary the tokens
 * @param notes what a user should know of it: one sentence each; usually none
 */
public record LearnedVocabulary(Vocabulary vocabulary, List<String> notes) {
  /** Keeps a copy. */
  public LearnedVocabulary {
    notes = List.copyOf(notes);
  }

  /**
   * Makes a vocabulary. The same texts give the same one.
   *
   * @param how what a token is; of a {@code tokenizer.json} nothing is learned
   * @param marks tokens that it has in any case, such as an end: one character, one word, or for
   *     byte pairs any text
   * @param texts that are learned from, as often as it is asked
   * @param others that are only read: with what they have beside, {@code <unk>} becomes a token
   */
  public static LearnedVocabulary of(
      Tokenization how,
      List<String> marks,
      Supplier<Stream<String>> texts,
      Supplier<Stream<String>> others) {
    Consumer<TextReader> reading =
        reader -> texts.get().forEach(text -> TextReader.read(text, reader));
    if (how instanceof Tokenization.TokenizerFile file) {
      return new LearnedVocabulary(Vocabularies.read(file.file()), List.of());
    }
    if (how instanceof Tokenization.BytePairs pairs) {
      Vocabulary made = BytePairTrainer.train(reading, pairs.size(), marks);
      return new LearnedVocabulary(
          made,
          made.size() < pairs.size()
              ? List.of(
                  "tokens: bpe: no pair of tokens occurs twice any more; the vocabulary has "
                      + made.size()
                      + " tokens instead of "
                      + pairs.size())
              : List.of());
    }
    TokenVocabulary base =
        how instanceof Tokenization.Words words
            ? WordVocabulary.of(reading, words.minCount(), marks)
            : CharacterVocabulary.of(reading, marks);
    return withWhatOthersHave(base, others.get());
  }

  private static LearnedVocabulary withWhatOthersHave(TokenVocabulary base, Stream<String> others) {
    long[] counts = new long[2];
    String[] first = {""};
    others.forEach(
        text -> {
          Encoder encoder = base.encoder(id -> counts[0]++);
          TextReader.read(text, encoder);
          encoder
              .unknown()
              .ifPresent(
                  missing -> {
                    first[0] = counts[1] == 0 ? missing.example() : first[0];
                    counts[1] += missing.count();
                  });
        });
    if (counts[1] == 0) {
      return new LearnedVocabulary(base, List.of());
    }
    return new LearnedVocabulary(
        base.hasUnknown() ? base : base.withUnknown(),
        List.of(
            String.format(
                Locale.ROOT,
                "%d of %d tokens outside the training part (%.2f %%) are not in the vocabulary and"
                    + " count as %s, e.g. %s%s",
                counts[1],
                counts[0],
                100.0 * counts[1] / counts[0],
                TokenVocabulary.UNKNOWN,
                TextSets.quoted(first[0]),
                base.hasUnknown() ? "" : TextSets.advice(base))));
  }
}
