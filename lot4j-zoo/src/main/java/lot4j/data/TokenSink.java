package lot4j.data;

/** Takes the ids of a text, in order. */
@FunctionalInterface
interface TokenSink {
  /** The next token. */
  void add(int id);
}
