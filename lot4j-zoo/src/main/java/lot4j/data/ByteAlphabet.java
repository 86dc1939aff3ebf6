package lot4j.data;

import java.util.Arrays;

/**
 * The characters by which byte-level tokenizers write bytes: printable ones stand for themselves,
 * the others for characters from U+0100 on. Source: A. Radford et al., "Language Models are
 * Unsupervised Multitask Learners", 2019 (GPT-2).
 */
final class ByteAlphabet {
  private static final int BYTES = 256;
  private static final char[] CHARACTERS = new char[BYTES];
  private static final int[] ORDER = new int[BYTES];
  private static final int[] VALUES = new int[2 * BYTES];

  static {
    Arrays.fill(VALUES, -1);
    int printable = 0;
    int other = 0;
    for (int b = 0; b < BYTES; b++) {
      boolean shown = (b > ' ' && b < 0x7F) || (b > 0xA0 && b != 0xAD);
      CHARACTERS[b] = (char) (shown ? b : BYTES + other++);
      printable += shown ? 1 : 0;
    }
    int shown = 0;
    int hidden = printable;
    for (int b = 0; b < BYTES; b++) {
      ORDER[CHARACTERS[b] < BYTES ? shown++ : hidden++] = b;
      VALUES[CHARACTERS[b]] = b;
    }
  }

  private ByteAlphabet() {}

  /** The character of a byte. */
  static char of(int value) {
    return CHARACTERS[value];
  }

  /** The byte that GPT-2's vocabulary has at a place: first the printable ones. */
  static int at(int place) {
    return ORDER[place];
  }

  /** The byte of a character, or -1. */
  static int value(char character) {
    return character < VALUES.length ? VALUES[character] : -1;
  }

  /** Bytes of a token, which it writes by characters, that begin a UTF-8 character. */
  static int beginnings(String token) {
    int count = 0;
    for (int i = 0; i < token.length(); i++) {
      int value = value(token.charAt(i));
      count += value >= 0 && (value & 0xC0) != 0x80 ? 1 : 0;
    }
    return count;
  }
}
