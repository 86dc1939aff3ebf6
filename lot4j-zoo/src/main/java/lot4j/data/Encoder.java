package lot4j.data;

import java.util.Optional;

/** A reader that turns what it reads into ids. */
interface Encoder extends TextReader {
  /** What had no token of its own; none before the text is over. */
  Optional<Unknown> unknown();

  /**
   * Parts of a text that the vocabulary lacks.
   *
   * @param count how many, repetitions included
   * @param line the line of the first, counted from 1
   * @param example the first, at most {@value #LONGEST} characters of it
   */
  record Unknown(long count, long line, String example) {
    static final int LONGEST = 40;

    public Unknown {
      if (example.length() > LONGEST) {
        int end = Character.isHighSurrogate(example.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        example = example.substring(0, end) + "…";
      }
    }
  }
}
