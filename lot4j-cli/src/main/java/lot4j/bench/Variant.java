package lot4j.bench;

/** One way of doing the work, measured again and again. */
interface Variant extends AutoCloseable {
  /** Its name in the table. */
  String name();

  /** Works for about so many seconds, at least one step; gives the value, a rate for instance. */
  double round(double seconds);

  @Override
  default void close() {}
}
