package lot4j.data;

import java.util.Arrays;

/**
 * Splits a text into words: what stands between spaces, tabs, form feeds, vertical tabs, lone
 * carriage returns and line ends. Every {@code \n} ends a line, a blank one too; so does the text's
 * end if words stand behind the last {@code \n}.
 */
final class WordReader implements TextReader {
  /** Takes words and line ends, in order. */
  interface Listener {
    /** A word, {@code chars[from, to)}. */
    void word(char[] chars, int from, int to);

    /** A line's end. */
    void line();
  }

  private final Listener listener;
  private char[] held = new char[64];
  private int heldLength;
  private boolean wordsInLine;

  WordReader(Listener listener) {
    this.listener = listener;
  }

  /** Whether a character separates words. */
  static boolean separates(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  @Override
  public void accept(char[] chars, int length) {
    int start = 0;
    for (int i = 0; i < length; i++) {
      char c = chars[i];
      if (c > ' ' || !separates(c)) {
        continue;
      }
      word(chars, start, i);
      start = i + 1;
      if (c == '\n') {
        listener.line();
        wordsInLine = false;
      }
    }
    hold(chars, start, length);
  }

  @Override
  public void end() {
    word(held, 0, 0);
    if (wordsInLine) {
      listener.line();
      wordsInLine = false;
    }
  }

  private void word(char[] chars, int from, int to) {
    if (heldLength > 0) {
      hold(chars, from, to);
      listener.word(held, 0, heldLength);
      heldLength = 0;
      wordsInLine = true;
    } else if (to > from) {
      listener.word(chars, from, to);
      wordsInLine = true;
    }
  }

  /** Keeps the beginning of a word that goes on in the next piece. */
  private void hold(char[] chars, int from, int to) {
    int more = to - from;
    if (heldLength + more > held.length) {
      held = Arrays.copyOf(held, Math.max(2 * held.length, heldLength + more));
    }
    System.arraycopy(chars, from, held, heldLength, more);
    heldLength += more;
  }
}
