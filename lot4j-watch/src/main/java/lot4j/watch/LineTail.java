package lot4j.watch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the lines that were appended to a file since the last look, by byte offset.
 *
 * <p>A run that is resumed cuts its file back to the checkpoint's offset and writes on. Such a file
 * is shorter, another one, or holds other bytes before the offset: it is read anew from the start.
 * A last line without its end is left for the next look.
 */
final class LineTail {
  private static final int BLOCK = 1 << 16;
  private static final int MARK = 256;

  /** A longer line is damage; it is skipped without being kept. */
  private static final int LONGEST_LINE = 1 << 20;

  private final Path file;
  private final long begin;
  private Optional<Stamp> seen = Optional.empty();
  private long offset;
  private byte[] mark = new byte[0];

  /** What becomes of the lines. */
  interface Lines {
    /** The file begins anew: what was read before no longer counts. */
    void anew();

    /** One line without its end. */
    void line(String text);
  }

  private LineTail(Path file, long begin) {
    this.file = file;
    this.begin = begin;
  }

  /** Of all lines. */
  static LineTail whole(Path file) {
    return new LineTail(file, 0);
  }

  /** Of the lines within the last {@code bytes} at the first look, and all after them. */
  static LineTail end(Path file, long bytes) {
    return new LineTail(file, bytes);
  }

  /** When the file changed last, in milliseconds since 1970; 0 if it is not there. */
  long changed() {
    return seen.map(Stamp::changed).orElse(0L);
  }

  /** Bytes of the file at the last look. */
  long size() {
    return seen.map(Stamp::size).orElse(0L);
  }

  /**
   * Looks once.
   *
   * @return whether the file had changed
   */
  boolean look(Lines lines) {
    Optional<Stamp> now = Stamp.of(file);
    if (now.equals(seen)) {
      return false;
    }
    Optional<Stamp> before = seen;
    seen = now;
    if (now.isEmpty()) {
      restart(lines);
      return true;
    }
    if (before.isPresent() && !before.get().mayHaveGrownInto(now.get())) {
      restart(lines);
    }
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      if (!marked(channel)) {
        restart(lines);
      }
      if (offset == 0 && begin > 0 && channel.size() > begin) {
        offset = channel.size() - begin;
        skipToLineEnd(channel);
      }
      read(channel, lines);
    } catch (IOException e) {
      seen = before; // perhaps replaced just now: the next look tries again
    }
    return true;
  }

  private void restart(Lines lines) {
    offset = 0;
    mark = new byte[0];
    lines.anew();
  }

  /** Whether the bytes before the offset are still those that were read. */
  private boolean marked(SeekableByteChannel channel) throws IOException {
    if (channel.size() < offset) {
      return false;
    }
    ByteBuffer now = ByteBuffer.allocate(mark.length);
    channel.position(offset - mark.length);
    fill(channel, now);
    return now.position() == mark.length && Arrays.equals(now.array(), mark);
  }

  private void skipToLineEnd(SeekableByteChannel channel) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    channel.position(offset);
    fill(channel, block);
    for (int i = 0; i < block.position(); i++) {
      if (block.get(i) == '\n') {
        offset += i + 1;
        return;
      }
    }
    offset += block.position();
  }

  private void read(SeekableByteChannel channel, Lines lines) throws IOException {
    byte[] pending = new byte[0];
    boolean skipping = false;
    long at = offset;
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    channel.position(at);
    while (fill(channel, block) > 0) {
      byte[] bytes = block.array();
      int end = block.position();
      int from = 0;
      for (int i = 0; i < end; i++) {
        if (bytes[i] != '\n') {
          continue;
        }
        if (!skipping) {
          lines.line(text(pending, bytes, from, i));
        }
        skipping = false;
        pending = new byte[0];
        from = i + 1;
        offset = at + from;
      }
      at += end;
      pending = join(pending, bytes, from, end);
      if (skipping || pending.length > LONGEST_LINE) {
        skipping = true;
        pending = new byte[0];
      }
      block.clear();
    }
    ByteBuffer before = ByteBuffer.allocate((int) Math.min(MARK, offset));
    channel.position(offset - before.capacity());
    fill(channel, before);
    mark = before.array();
  }

  private static int fill(SeekableByteChannel channel, ByteBuffer block) throws IOException {
    while (block.hasRemaining() && channel.read(block) > 0) {
      // a channel may give less than it is asked for
    }
    return block.position();
  }

  private static String text(byte[] pending, byte[] bytes, int from, int to) {
    return new String(join(pending, bytes, from, to), StandardCharsets.UTF_8);
  }

  private static byte[] join(byte[] head, byte[] bytes, int from, int to) {
    byte[] joined = Arrays.copyOf(head, head.length + to - from);
    System.arraycopy(bytes, from, joined, head.length, to - from);
    return joined;
  }
}
