package lot4j.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Words, numbered in the order in which the training text first has them; {@code <eos>} stands for
 * a line's end.
 */
final class WordVocabulary implements TokenVocabulary {
  static final String KIND = "word";
  static final String END = "<eos>";

  private final WordTable table;
  private final int end;
  private final int unknown;

  WordVocabulary(List<String> words) {
    table = new WordTable();
    words.forEach(table::number);
    end = table.number(END);
    int found = table.find(UNKNOWN);
    unknown = found < 0 ? table.words().size() : found;
  }

  /** The vocabulary of a text; words that occur less often than {@code minCount} are left out. */
  static WordVocabulary of(TextFile text, int minCount) {
    return of(text::read, minCount, List.of());
  }

  /**
   * The vocabulary of texts.
   *
   * @param texts hands them to a reader
   * @param minCount words that occur less often are left out
   * @param marks words that it has in any case
   */
  static WordVocabulary of(Consumer<TextReader> texts, int minCount, List<String> marks) {
    Counts counts = new Counts();
    texts.accept(new WordReader(counts));
    List<String> words = new ArrayList<>(counts.kept(minCount));
    marks.stream().filter(mark -> !mark.isBlank()).forEach(words::add);
    return new WordVocabulary(words);
  }

  @Override
  public int size() {
    return table.words().size();
  }

  @Override
  public int unknownId() {
    return unknown;
  }

  @Override
  public TokenVocabulary withUnknown() {
    List<String> words = new ArrayList<>(table.words());
    words.add(UNKNOWN);
    return new WordVocabulary(words);
  }

  @Override
  public String unit() {
    return KIND;
  }

  @Override
  public Encoder encoder(TokenSink sink) {
    return new Words(sink);
  }

  @Override
  public int[] encodePart(String text) {
    int[] tokens = encode(text);
    boolean written =
        text.substring(text.lastIndexOf('\n') + 1)
            .chars()
            .allMatch(c -> WordReader.separates((char) c));
    return written ? tokens : Arrays.copyOf(tokens, tokens.length - 1);
  }

  @Override
  public String decode(int[] tokens) {
    StringBuilder text = new StringBuilder();
    boolean begun = false;
    for (int token : tokens) {
      if (token == end) {
        text.append('\n');
        begun = false;
      } else {
        text.append(begun ? " " : "").append(table.words().get(token));
        begun = true;
      }
    }
    return text.toString();
  }

  /** A word's own characters and the space behind it; 1 for a line's end. */
  @Override
  public int characters(int token) {
    String word = table.words().get(token);
    return token == end ? 1 : word.codePointCount(0, word.length()) + 1;
  }

  @Override
  public String fileName() {
    return VocabularyFile.NAME;
  }

  @Override
  public byte[] file() {
    return VocabularyFile.write(KIND, table.words());
  }

  /** Encodes words. */
  private final class Words implements Encoder, WordReader.Listener {
    private final TokenSink sink;
    private final WordReader reader = new WordReader(this);
    private long line = 1;
    private long missing;
    private long firstLine;
    private String first = "";

    Words(TokenSink sink) {
      this.sink = sink;
    }

    @Override
    public void word(char[] chars, int from, int to) {
      int id = table.find(chars, from, to);
      if (id < 0) {
        if (missing++ == 0) {
          first = new String(chars, from, to - from);
          firstLine = line;
        }
        id = unknown;
      }
      sink.add(id);
    }

    @Override
    public void line() {
      sink.add(end);
      line++;
    }

    @Override
    public void accept(char[] chars, int length) {
      reader.accept(chars, length);
    }

    @Override
    public void end() {
      reader.end();
    }

    @Override
    public Optional<Unknown> unknown() {
      return missing == 0 ? Optional.empty() : Optional.of(new Unknown(missing, firstLine, first));
    }
  }

  /** Counts words. */
  private static final class Counts implements WordReader.Listener {
    private final WordTable seen = new WordTable();
    private long[] counts = new long[1 << 10];

    @Override
    public void word(char[] chars, int from, int to) {
      count(seen.number(chars, from, to));
    }

    @Override
    public void line() {
      count(seen.number(END));
    }

    private void count(int number) {
      if (number >= counts.length) {
        counts = Arrays.copyOf(counts, 2 * counts.length);
      }
      counts[number]++;
    }

    /** The words that occur often enough; the first rare one's place is that of {@code <unk>}. */
    List<String> kept(int minCount) {
      WordTable kept = new WordTable();
      for (int i = 0; i < seen.words().size(); i++) {
        String word = seen.words().get(i);
        boolean stays = counts[i] >= minCount || word.equals(END);
        kept.number(stays ? word : UNKNOWN);
      }
      return kept.words();
    }
  }
}
