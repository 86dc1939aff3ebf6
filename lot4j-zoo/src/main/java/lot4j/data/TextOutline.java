package lot4j.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A named text's official sizes without the text, for planning: every token is the first one. Word
 * and character vocabularies have their official sizes too.
 */
final class TextOutline {
  private static final Map<String, Integer> VOCABULARIES =
      Map.of("ptb", 10_000, "wikitext-2", 33_278, "wikitext-103", 267_735, "tinyshakespeare", 65);

  private TextOutline() {}

  /** The outline of a set that has a name, is read as usual, and is not in the directory. */
  static Optional<TextSet> of(Path dataDirectory, String data, Tokenization how) {
    Optional<DataSet.Text> known =
        TextNames.ALL.stream()
            .filter(text -> text.name().equals(data) && !text.builtIn())
            .filter(text -> !Files.isDirectory(dataDirectory.resolve(text.name())))
            .filter(text -> usual(text).getClass() == how.getClass())
            .findFirst();
    return known.map(
        text -> {
          List<Tokens> parts = text.parts().stream().map(part -> empty(part.count())).toList();
          return new TextSet(
              text.name(),
              false,
              vocabulary(VOCABULARIES.get(text.name())),
              parts.get(0),
              parts.size() > 1 ? Optional.of(parts.get(1)) : Optional.empty(),
              parts.size() > 2 ? Optional.of(parts.get(2)) : Optional.empty(),
              List.of(),
              List.of());
        });
  }

  /** How a set is usually read. */
  static Tokenization usual(DataSet.Text text) {
    return text.unit() == DataSet.Unit.CHARACTERS
        ? new Tokenization.Characters()
        : new Tokenization.Words(1);
  }

  private static Tokens empty(long size) {
    return new Tokens() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public int at(long index) {
        return 0;
      }
    };
  }

  static Vocabulary vocabulary(int size) {
    return new Vocabulary() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public int[] encode(String text) {
        throw new IllegalStateException("an outline has no words");
      }

      @Override
      public String decode(int[] tokens) {
        throw new IllegalStateException("an outline has no words");
      }

      @Override
      public int characters(int token) {
        return 1;
      }

      @Override
      public String fileName() {
        return "vocabulary.json";
      }

      @Override
      public byte[] file() {
        return new byte[0];
      }
    };
  }
}
