package lot4j.data;

import java.util.ArrayList;
import java.util.List;

/** Words and their numbers in order of arrival; finds a word without making a string of it. */
final class WordTable {
  private final List<String> words = new ArrayList<>();
  private int[] slots = new int[1 << 10];

  /** The number of a word, or -1. */
  int find(char[] chars, int from, int to) {
    return slots[slot(chars, from, to)] - 1;
  }

  /** The number of a word, which is added if it is new. */
  int number(char[] chars, int from, int to) {
    int slot = slot(chars, from, to);
    if (slots[slot] == 0) {
      words.add(new String(chars, from, to - from));
      slots[slot] = words.size();
      if (words.size() * 2 > slots.length) {
        grow();
      }
      return words.size() - 1;
    }
    return slots[slot] - 1;
  }

  /** The number of a word, which is added if it is new. */
  int number(String word) {
    return number(word.toCharArray(), 0, word.length());
  }

  /** The number of a word, or -1. */
  int find(String word) {
    return find(word.toCharArray(), 0, word.length());
  }

  /** All words; the n-th has number n. */
  List<String> words() {
    return words;
  }

  private int slot(char[] chars, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + chars[i];
    }
    int mask = slots.length - 1;
    int slot = ((hash ^ (hash >>> 15)) * 0x2545F491 >>> 7) & mask;
    while (slots[slot] != 0 && !same(words.get(slots[slot] - 1), chars, from, to)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static boolean same(String word, char[] chars, int from, int to) {
    if (word.length() != to - from) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (word.charAt(i - from) != chars[i]) {
        return false;
      }
    }
    return true;
  }

  private void grow() {
    slots = new int[2 * slots.length];
    for (int i = 0; i < words.size(); i++) {
      char[] chars = words.get(i).toCharArray();
      slots[slot(chars, 0, chars.length)] = i + 1;
    }
  }
}
