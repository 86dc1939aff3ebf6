package lot4j.data;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.util.OptionalLong;

/**
 * Passes comma-separated text on and knows at its end whether a quote was left open, in which case
 * the parser takes all that follows for one field.
 */
final class OpenQuote extends FilterReader {
  private final char delimiter;
  private boolean begins = true;
  private boolean quoted;
  private boolean open;
  private boolean ended;
  private long line = 1;
  private long opened;
  private char before;

  /** Of text with {@code delimiter} between the fields. */
  OpenQuote(Reader in, char delimiter) {
    super(in);
    this.delimiter = delimiter;
  }

  @Override
  public int read() throws IOException {
    int c = super.read();
    if (c < 0) {
      ended = true;
    } else {
      see((char) c);
    }
    return c;
  }

  @Override
  public int read(char[] buffer, int from, int count) throws IOException {
    int read = super.read(buffer, from, count);
    ended |= read < 0;
    for (int i = 0; i < read; i++) {
      see(buffer[from + i]);
    }
    return read;
  }

  private void see(char c) {
    if (c == '"' && (begins || quoted)) {
      opened = begins ? line : opened;
      quoted = true;
      open = !open;
    }
    boolean lineEnds = c == '\n' || c == '\r';
    if (lineEnds && !(c == '\n' && before == '\r')) {
      line++;
    }
    begins = !open && (lineEnds || c == delimiter);
    quoted &= !begins;
    before = c;
  }

  /** The line on which a quote begins that the text does not close; known at its end. */
  OptionalLong line() {
    return ended && open ? OptionalLong.of(opened) : OptionalLong.empty();
  }
}
