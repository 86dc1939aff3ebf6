package lot4j.data;

import java.util.ArrayList;
import java.util.List;

/** Tokens in memory that grow at the end, without ever being copied. */
final class TokenList implements Tokens, TokenSink {
  private static final int BITS = 16;
  private static final int MASK = (1 << BITS) - 1;

  private final List<int[]> pieces = new ArrayList<>();
  private long size;

  @Override
  public void add(int id) {
    int place = (int) (size & MASK);
    if (place == 0) {
      pieces.add(new int[1 << BITS]);
    }
    pieces.get(pieces.size() - 1)[place] = id;
    size++;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int at(long index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("token " + index + " of " + size);
    }
    return pieces.get((int) (index >>> BITS))[(int) (index & MASK)];
  }

  /** All of them. */
  int[] toArray() {
    int[] all = new int[Math.toIntExact(size)];
    for (int i = 0; i < all.length; i++) {
      all[i] = at(i);
    }
    return all;
  }
}
