package lot4j.data;

import java.util.function.Consumer;

/**
 * Cuts a text into pieces that can be tokenized one by one, with the same result as the whole for
 * the usual byte-level tokenizers (GPT-2's pattern and its successors'): behind a line's end that
 * stands alone between words, or that a single space follows; failing that, in front of the last of
 * several white-space characters.
 */
final class TextPieces implements TextReader {
  private final int length;
  private final Consumer<String> pieces;
  private final StringBuilder held = new StringBuilder();
  // Nothing to cut at before here; keeps a text without white space from being searched again.
  private int barren;

  /**
   * Pieces of a text.
   *
   * @param length characters after which a place to cut is looked for
   */
  TextPieces(int length, Consumer<String> pieces) {
    this.length = length;
    this.pieces = pieces;
  }

  @Override
  public void accept(char[] chars, int count) {
    held.append(chars, 0, count);
    while (held.length() >= length) {
      int cut = cut();
      if (cut <= 0) {
        barren = held.length() - 3;
        return;
      }
      barren = 0;
      pieces.accept(held.substring(0, cut));
      held.delete(0, cut);
    }
  }

  @Override
  public void end() {
    if (held.length() > 0) {
      pieces.accept(held.toString());
      held.setLength(0);
      barren = 0;
    }
  }

  /** The last good place, or 0. */
  private int cut() {
    for (int i = held.length() - 3; i > barren; i--) {
      if (held.charAt(i) == '\n' && isCleanEnd(i)) {
        return i + 1;
      }
    }
    for (int i = held.length() - 2; i > barren; i--) {
      if (isSpace(i) && !isSpace(i + 1)) {
        return i;
      }
    }
    return 0;
  }

  private boolean isCleanEnd(int i) {
    boolean alone = !isSpace(i - 1) && !isSpace(i + 1);
    boolean indented = held.charAt(i + 1) == ' ' && !isSpace(i + 2);
    return alone || indented;
  }

  private boolean isSpace(int i) {
    char c = held.charAt(i);
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }
}
