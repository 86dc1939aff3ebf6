package lot4j.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lot4j.train.DataException;
import lot4j.train.Prepared.Source;

/** Finds a text by name or by path, reads it and turns it into tokens. */
public final class TextSets {
  private TextSets() {}

  /** How the set of that name is usually read; empty for other texts. */
  public static Optional<Tokenization> usual(String data) {
    return TextNames.ALL.stream()
        .filter(text -> text.name().equals(data))
        .findFirst()
        .map(TextOutline::usual);
  }

  /**
   * What may stand in for a set while planning: tokens without meaning, of the official numbers.
   *
   * @return empty if the set is there, or has no name, or is not read as it usually is
   */
  public static Optional<TextSet> standIn(Path dataDirectory, String data, Tokenization how) {
    return TextOutline.of(dataDirectory, data, how);
  }

  /**
   * Reads a set; its vocabulary is made from the training text, or from the only one.
   *
   * @param dataDirectory where {@code <name>/} is looked for
   * @param data a name of {@link DataSets}, a plain-text file, or a directory with {@code
   *     [name.]train.txt} and perhaps {@code valid} and {@code test}
   * @param how what a token is
   * @throws DataException if it is missing, unreadable, damaged, empty or not UTF-8
   */
  public static TextSet read(Path dataDirectory, String data, Tokenization how) {
    List<String> notes = new ArrayList<>();
    return read(TokenCache.standard(notes), notes, dataDirectory, data, how);
  }

  static TextSet read(
      TokenCache cache, List<String> notes, Path dataDirectory, String data, Tokenization how) {
    TextParts parts = TextParts.find(dataDirectory, data);
    TextFile train =
        parts
            .train()
            .orElseThrow(
                () ->
                    new DataException(
                        DataFile.shown(data) + ": has no training text; [name.]train.txt"));
    TokenVocabulary base = vocabulary(cache, train, how);
    Encoded encoded = encode(cache, train, base);
    Optional<Encoded> valid = parts.valid().map(text -> encode(cache, text, base));
    Optional<Encoded> test = parts.test().map(text -> encode(cache, text, base));
    if (how instanceof Tokenization.BytePairs pairs && base.size() < pairs.size()) {
      notes.add(
          train.shown()
              + ": no pair of tokens occurs twice any more; the vocabulary has "
              + base.size()
              + " tokens instead of "
              + pairs.size());
    }
    boolean lacks =
        Stream.of(valid, test)
            .flatMap(Optional::stream)
            .anyMatch(text -> text.unknown().isPresent());
    TokenVocabulary vocabulary = lacks && !base.hasUnknown() ? base.withUnknown() : base;
    valid.ifPresent(text -> note(parts.valid().orElseThrow(), text, base, notes));
    test.ifPresent(text -> note(parts.test().orElseThrow(), text, base, notes));
    List<Encoded> all = new ArrayList<>(List.of(encoded));
    valid.ifPresent(all::add);
    test.ifPresent(all::add);
    boolean subset = parts.known().map(known -> differs(known, all)).orElse(false);
    return new TextSet(
        subset ? parts.name() + counts(parts.known().orElseThrow(), all) : parts.name(),
        subset,
        vocabulary,
        encoded.tokens(),
        valid.map(Encoded::tokens),
        test.map(Encoded::tokens),
        sources(parts, how),
        notes);
  }

  private static List<Source> sources(TextParts parts, Tokenization how) {
    List<Source> sources = new ArrayList<>(parts.files().stream().map(TextFile::source).toList());
    if (how instanceof Tokenization.TokenizerFile tokenizer) {
      sources.add(DataFile.sourceOf(tokenizer.file()));
    }
    return sources;
  }

  /**
   * Encodes one text with a vocabulary that exists already.
   *
   * @param data a name or a path as for {@link #read}
   * @param preferTest whether to take the test text if there is one; otherwise the training text is
   *     taken, or the only one
   * @throws DataException if it cannot be read, or has a word or character that the vocabulary has
   *     not and the vocabulary has no {@code <unk>}
   */
  public static TextSet.Part part(
      Path dataDirectory, String data, Vocabulary vocabulary, boolean preferTest) {
    TextFile text = TextParts.find(dataDirectory, data).one(preferTest);
    if (!(vocabulary instanceof TokenVocabulary own)) {
      StringBuilder whole = new StringBuilder();
      text.read(
          new TextReader() {
            @Override
            public void accept(char[] chars, int length) {
              whole.append(chars, 0, length);
            }

            @Override
            public void end() {}
          });
      return new TextSet.Part(
          Tokens.of(vocabulary.encode(whole.toString())), List.of(text.source()), List.of());
    }
    List<String> notes = new ArrayList<>();
    Encoded encoded = encode(TokenCache.standard(notes), text, own);
    if (!own.hasUnknown() && encoded.unknown().isPresent()) {
      throw lacking(text.shown(), encoded.unknown().get(), own);
    }
    note(text, encoded, own, notes);
    return new TextSet.Part(encoded.tokens(), List.of(text.source()), notes);
  }

  /** The error for a text with something that a vocabulary has no token for. */
  static DataException lacking(String where, Encoder.Unknown missing, TokenVocabulary vocabulary) {
    return new DataException(
        where
            + ":"
            + missing.line()
            + ": "
            + vocabulary.unit()
            + " "
            + quoted(missing.example())
            + " is not in the vocabulary, which has no "
            + TokenVocabulary.UNKNOWN
            + " ("
            + missing.count()
            + " such in the text)");
  }

  private static TokenVocabulary vocabulary(TokenCache cache, TextFile train, Tokenization how) {
    if (how instanceof Tokenization.Words words) {
      return cache.vocabulary(train, how, false, () -> WordVocabulary.of(train, words.minCount()));
    }
    if (how instanceof Tokenization.BytePairs pairs) {
      return cache.vocabulary(train, how, true, () -> BytePairTrainer.train(train, pairs.size()));
    }
    if (how instanceof Tokenization.TokenizerFile tokenizer) {
      return (TokenVocabulary) Vocabularies.read(tokenizer.file());
    }
    return cache.vocabulary(train, how, false, () -> CharacterVocabulary.of(train));
  }

  private static Encoded encode(TokenCache cache, TextFile text, TokenVocabulary vocabulary) {
    Encoded encoded = cache.encode(text, vocabulary);
    if (encoded.tokens().size() == 0) {
      throw new DataException(text.shown() + ": holds no text");
    }
    return encoded;
  }

  private static void note(
      TextFile text, Encoded encoded, TokenVocabulary vocabulary, List<String> notes) {
    encoded
        .unknown()
        .ifPresent(
            missing ->
                notes.add(
                    String.format(
                        Locale.ROOT,
                        "%s: %d of %d tokens (%.2f %%) are not in the vocabulary and count as %s,"
                            + " e.g. %s in line %d%s",
                        text.shown(),
                        missing.count(),
                        encoded.tokens().size(),
                        100.0 * missing.count() / encoded.tokens().size(),
                        TokenVocabulary.UNKNOWN,
                        quoted(missing.example()),
                        missing.line(),
                        vocabulary.hasUnknown() ? "" : advice(vocabulary))));
  }

  /** What to do about a token for unknown parts that is never trained. */
  static String advice(TokenVocabulary vocabulary) {
    return vocabulary instanceof WordVocabulary
        ? "; it is never trained: task.min-count: 2 trains it, tokens: bpe needs none"
        : "; it is never trained: tokens: bpe needs none";
  }

  static String quoted(String text) {
    return "'" + DataFile.shown(text) + "'";
  }

  private static boolean differs(DataSet.Text known, List<Encoded> all) {
    return !known.parts().stream()
        .map(DataSet.Part::count)
        .toList()
        .equals(all.stream().map(text -> text.count(known.unit())).toList());
  }

  private static String counts(DataSet.Text known, List<Encoded> all) {
    return all.stream()
        .map(text -> Long.toString(text.count(known.unit())))
        .collect(Collectors.joining("/", "[", "]"));
  }
}
