package lot4j.data;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import lot4j.train.DataException;

/**
 * Decodes UTF-8 strictly, in pieces. A byte order mark at the beginning is left out, {@code \r\n}
 * becomes {@code \n}; a lone {@code \r} stays.
 */
final class Utf8 {
  private static final char MARK = '\uFEFF';

  private final String where;
  private final TextReader reader;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private ByteBuffer pending = ByteBuffer.allocate(0);
  private CharBuffer chars = CharBuffer.allocate(1 << 13);
  private long consumed;
  private boolean begun;
  private boolean heldReturn;

  /**
   * A decoder.
   *
   * @param where the file's name, for errors
   */
  Utf8(String where, TextReader reader) {
    this.where = where;
    this.reader = reader;
  }

  /** The next bytes. */
  void accept(byte[] bytes, int length) {
    ByteBuffer in = ByteBuffer.allocate(pending.remaining() + length);
    in.put(pending).put(bytes, 0, length).flip();
    decode(in, false);
    pending = in.slice();
  }

  /** The text is over. */
  void end() {
    decode(pending, true);
    if (heldReturn) {
      reader.accept(new char[] {'\r'}, 1);
    }
    reader.end();
  }

  private void decode(ByteBuffer in, boolean last) {
    while (true) {
      int before = in.position();
      CoderResult result = decoder.decode(in, chars, last);
      consumed += in.position() - before;
      pass();
      if (result.isError()) {
        throw new DataException(
            where
                + ": byte "
                + consumed
                + " is 0x"
                + HexFormat.of().toHexDigits(in.get(in.position()))
                + ", which is not UTF-8 there; the text has to be UTF-8");
      }
      if (result.isUnderflow()) {
        return;
      }
    }
  }

  private void pass() {
    int length = chars.position();
    char[] all = chars.array();
    int from = 0;
    if (!begun && length > 0) {
      begun = true;
      from = all[0] == MARK ? 1 : 0;
    }
    char[] out = new char[length + 1];
    int to = 0;
    for (int i = from; i < length; i++) {
      char c = all[i];
      if (heldReturn) {
        heldReturn = false;
        if (c != '\n') {
          out[to++] = '\r';
        }
      }
      if (c == '\r') {
        heldReturn = true;
      } else {
        out[to++] = c;
      }
    }
    chars.clear();
    if (to > 0) {
      reader.accept(out, to);
    }
  }
}
