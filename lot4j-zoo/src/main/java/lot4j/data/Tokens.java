package lot4j.data;

/** A text as token ids, in order; long ones stay in a file and are mapped into memory. */
public interface Tokens {
  /** Number of tokens. */
  long size();

  /** The id at a place, counted from 0. */
  int at(long index);

  /** Tokens that are in memory. */
  static Tokens of(int... ids) {
    int[] own = ids.clone();
    return new Tokens() {
      @Override
      public long size() {
        return own.length;
      }

      @Override
      public int at(long index) {
        return own[Math.toIntExact(index)];
      }
    };
  }

  /** The tokens from {@code from} up to {@code to}, without copying. */
  default Tokens part(long from, long to) {
    Tokens whole = this;
    return new Tokens() {
      @Override
      public long size() {
        return to - from;
      }

      @Override
      public int at(long index) {
        return whole.at(from + index);
      }
    };
  }
}
