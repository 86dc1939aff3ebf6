package lot4j.data;

import java.util.Optional;

/**
 * A text as tokens, with what was counted on the way.
 *
 * @param tokens the ids; what the vocabulary lacks has the id behind its last
 * @param words words and line ends of the text
 * @param characters Unicode characters of the text
 * @param unknown what the vocabulary lacks, or has as {@code <unk>} only
 */
record Encoded(Tokens tokens, long words, long characters, Optional<Encoder.Unknown> unknown) {
  /** Reads and encodes a text into memory. */
  static Encoded inMemory(TextFile text, TokenVocabulary vocabulary) {
    TokenList ids = new TokenList();
    Counts counts = new Counts();
    Encoder encoder = vocabulary.encoder(ids);
    text.read(TextReader.both(encoder, counts));
    return new Encoded(ids, counts.words(), counts.characters(), encoder.unknown());
  }

  /** The size in a set's unit. */
  long count(DataSet.Unit unit) {
    return unit == DataSet.Unit.WORDS ? words : characters;
  }

  /** Counts words with line ends, and characters. */
  static final class Counts implements TextReader, WordReader.Listener {
    private final WordReader reader = new WordReader(this);
    private long words;
    private long characters;

    @Override
    public void accept(char[] chars, int length) {
      for (int i = 0; i < length; i++) {
        if (!Character.isLowSurrogate(chars[i])) {
          characters++;
        }
      }
      reader.accept(chars, length);
    }

    @Override
    public void end() {
      reader.end();
    }

    @Override
    public void word(char[] chars, int from, int to) {
      words++;
    }

    @Override
    public void line() {
      words++;
    }

    /** The size in a set's unit. */
    long of(DataSet.Unit unit) {
      return unit == DataSet.Unit.WORDS ? words : characters;
    }

    long words() {
      return words;
    }

    long characters() {
      return characters;
    }
  }
}
