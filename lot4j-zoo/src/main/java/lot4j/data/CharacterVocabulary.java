package lot4j.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Unicode characters, line ends included, numbered in the order in which the training text first
 * has them.
 */
final class CharacterVocabulary implements TokenVocabulary {
  static final String KIND = "char";

  private final List<String> tokens;
  private final int[] ids;
  private final int unknown;

  CharacterVocabulary(List<String> tokens) {
    this.tokens = List.copyOf(tokens);
    int found = tokens.indexOf(UNKNOWN);
    unknown = found < 0 ? tokens.size() : found;
    ids =
        new int
            [tokens.stream()
                .filter(token -> !token.equals(UNKNOWN))
                .mapToInt(token -> token.codePointAt(0) + 1)
                .max()
                .orElse(0)];
    Arrays.fill(ids, -1);
    for (int i = 0; i < tokens.size(); i++) {
      if (i != unknown) {
        ids[tokens.get(i).codePointAt(0)] = i;
      }
    }
  }

  /** The characters of a text. */
  static CharacterVocabulary of(TextFile text) {
    return of(text::read, List.of());
  }

  /**
   * The characters of texts.
   *
   * @param texts hands them to a reader
   * @param marks characters that it has in any case
   */
  static CharacterVocabulary of(Consumer<TextReader> texts, List<String> marks) {
    boolean[] seen = new boolean[Character.MAX_CODE_POINT + 1];
    List<String> tokens = new ArrayList<>();
    TextReader reader =
        new TextReader() {
          @Override
          public void accept(char[] chars, int length) {
            for (int i = 0; i < length; i++) {
              int c = Character.codePointAt(chars, i, length);
              i += Character.charCount(c) - 1;
              if (!seen[c]) {
                seen[c] = true;
                tokens.add(Character.toString(c));
              }
            }
          }

          @Override
          public void end() {}
        };
    texts.accept(reader);
    marks.forEach(mark -> TextReader.read(mark, reader));
    return new CharacterVocabulary(tokens);
  }

  @Override
  public int size() {
    return tokens.size();
  }

  @Override
  public int unknownId() {
    return unknown;
  }

  @Override
  public TokenVocabulary withUnknown() {
    List<String> more = new ArrayList<>(tokens);
    more.add(UNKNOWN);
    return new CharacterVocabulary(more);
  }

  @Override
  public String unit() {
    return "character";
  }

  @Override
  public Encoder encoder(TokenSink sink) {
    return new Characters(sink);
  }

  @Override
  public String decode(int[] tokens) {
    StringBuilder text = new StringBuilder();
    for (int token : tokens) {
      text.append(this.tokens.get(token));
    }
    return text.toString();
  }

  @Override
  public int characters(int token) {
    return 1;
  }

  @Override
  public String fileName() {
    return VocabularyFile.NAME;
  }

  @Override
  public byte[] file() {
    return VocabularyFile.write(KIND, tokens);
  }

  /** Encodes characters. */
  private final class Characters implements Encoder {
    private final TokenSink sink;
    private long line = 1;
    private long missing;
    private long firstLine;
    private String first = "";

    Characters(TokenSink sink) {
      this.sink = sink;
    }

    @Override
    public void accept(char[] chars, int length) {
      for (int i = 0; i < length; i++) {
        int c = Character.codePointAt(chars, i, length);
        i += Character.charCount(c) - 1;
        int id = c < ids.length ? ids[c] : -1;
        if (id < 0) {
          if (missing++ == 0) {
            first = Character.toString(c);
            firstLine = line;
          }
          id = unknown;
        }
        sink.add(id);
        if (c == '\n') {
          line++;
        }
      }
    }

    @Override
    public void end() {}

    @Override
    public Optional<Unknown> unknown() {
      return missing == 0 ? Optional.empty() : Optional.of(new Unknown(missing, firstLine, first));
    }
  }
}
