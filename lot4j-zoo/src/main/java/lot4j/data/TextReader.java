package lot4j.data;

/** Takes the characters of a text, piece by piece. */
interface TextReader {
  /** The next characters; never half of a surrogate pair. The array is used again afterwards. */
  void accept(char[] chars, int length);

  /** The text is over. */
  void end();

  /** Hands a string to a reader. */
  static void read(String text, TextReader reader) {
    char[] chars = text.toCharArray();
    reader.accept(chars, chars.length);
    reader.end();
  }

  /** A reader that passes everything to two others. */
  static TextReader both(TextReader first, TextReader second) {
    return new TextReader() {
      @Override
      public void accept(char[] chars, int length) {
        first.accept(chars, length);
        second.accept(chars, length);
      }

      @Override
      public void end() {
        first.end();
        second.end();
      }
    };
  }
}
