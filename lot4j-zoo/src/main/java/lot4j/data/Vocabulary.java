package lot4j.data;

/** The tokens of a text model and the text that each stands for. Token ids count from 0. */
public interface Vocabulary {
  /** Number of tokens. */
  int size();

  /** The ids of a text, as this vocabulary reads a file. */
  int[] encode(String text);

  /**
   * The ids of a part of a text, a prompt for instance: as {@link #encode}, but without the line's
   * end that a file's last line has even where it is not written.
   */
  default int[] encodePart(String text) {
    return encode(text);
  }

  /** The text of some ids. */
  String decode(int[] tokens);

  /** Unicode characters of the text that a token stands for, its separator or line end included. */
  int characters(int token);

  /** The name of the file that holds it, e.g. {@code vocabulary.json} or {@code tokenizer.json}. */
  String fileName();

  /** The file's content; {@link Vocabularies#read} reads it back. */
  byte[] file();
}
