package lot4j.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import lot4j.checkpoint.AtomicFile;

/**
 * An encoded text in a file, mapped into memory. Layout, little-endian: {@code LOT4JTOK}, version
 * and bytes per token (two ints), the tokens in 16 or 32 bits, then counts of tokens, words,
 * characters and unknown parts, line and text of the first unknown part, and the SHA-256 of all
 * before it.
 */
final class TokenFile {
  /**
   * Goes into the names of cache files, too: to be raised with anything that decides ids, be it the
   * tokenizer library's version.
   */
  static final int VERSION = 1;

  private static final byte[] MAGIC = "LOT4JTOK".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAD = 16;
  private static final int EXAMPLE = 256;
  private static final int FACTS = 5 * Long.BYTES + Integer.BYTES + EXAMPLE;
  private static final int DIGEST = 32;

  private TokenFile() {}

  /**
   * Encodes a text into a file.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  static void write(Path file, TextFile text, TokenVocabulary vocabulary) {
    // The id behind the last one may occur too: it stands for what is unknown.
    int width = vocabulary.size() < 1 << 16 ? Short.BYTES : Integer.BYTES;
    AtomicFile.write(
        file,
        channel -> {
          Writer out = new Writer(channel, width);
          Encoded.Counts counts = new Encoded.Counts();
          Encoder encoder = vocabulary.encoder(out);
          text.read(TextReader.both(encoder, counts));
          out.end(counts, encoder.unknown());
        });
  }

  /** What a file holds; empty if it is not there, or not whole. */
  static Optional<Encoded> open(Path file) throws IOException {
    return open(file, 1 << 30);
  }

  /**
   * The same.
   *
   * @param pieceBytes size of a mapped piece, a power of 2
   */
  static Optional<Encoded> open(Path file, int pieceBytes) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long bodyBytes = channel.size() - HEAD - FACTS - DIGEST;
      if (bodyBytes < 0) {
        return Optional.empty();
      }
      ByteBuffer head = map(channel, 0, HEAD);
      byte[] magic = new byte[MAGIC.length];
      head.get(magic);
      int version = head.getInt();
      int width = head.getInt();
      ByteBuffer facts = map(channel, HEAD + bodyBytes, FACTS + DIGEST);
      long count = facts.getLong(0);
      if (!Arrays.equals(magic, MAGIC)
          || version != VERSION
          || (width != Short.BYTES && width != Integer.BYTES)
          || count < 0
          || count != bodyBytes / width
          || bodyBytes % width != 0) {
        return Optional.empty();
      }
      ByteBuffer[] pieces = new ByteBuffer[(int) ((bodyBytes + pieceBytes - 1) / pieceBytes)];
      for (int i = 0; i < pieces.length; i++) {
        long from = (long) i * pieceBytes;
        pieces[i] = map(channel, HEAD + from, Math.min(pieceBytes, bodyBytes - from));
      }
      if (!isWhole(head, pieces, facts)) {
        return Optional.empty();
      }
      return Optional.of(encoded(new Mapped(pieces, pieceBytes, width, count), facts));
    }
  }

  private static boolean isWhole(ByteBuffer head, ByteBuffer[] pieces, ByteBuffer facts) {
    MessageDigest digest = DataFile.digest("SHA-256");
    digest.update(head.duplicate().rewind());
    for (ByteBuffer piece : pieces) {
      digest.update(piece.duplicate());
    }
    digest.update(facts.duplicate().limit(FACTS));
    byte[] expected = new byte[DIGEST];
    facts.get(FACTS, expected);
    return Arrays.equals(expected, digest.digest());
  }

  private static Encoded encoded(Tokens tokens, ByteBuffer facts) {
    facts.position(Long.BYTES);
    long words = facts.getLong();
    long characters = facts.getLong();
    long missing = facts.getLong();
    long line = facts.getLong();
    byte[] example = new byte[facts.getInt()];
    facts.get(example);
    return new Encoded(
        tokens,
        words,
        characters,
        missing == 0
            ? Optional.empty()
            : Optional.of(
                new Encoder.Unknown(missing, line, new String(example, StandardCharsets.UTF_8))));
  }

  private static ByteBuffer map(FileChannel channel, long from, long bytes) throws IOException {
    MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, from, bytes);
    return mapped.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Tokens in mapped pieces. */
  private static final class Mapped implements Tokens {
    private final ByteBuffer[] pieces;
    private final int pieceBytes;
    private final int width;
    private final long size;

    Mapped(ByteBuffer[] pieces, int pieceBytes, int width, long size) {
      this.pieces = pieces;
      this.pieceBytes = pieceBytes;
      this.width = width;
      this.size = size;
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
      long place = index * width;
      ByteBuffer piece = pieces[(int) (place / pieceBytes)];
      int offset = (int) (place & (pieceBytes - 1));
      return width == Short.BYTES ? piece.getShort(offset) & 0xFFFF : piece.getInt(offset);
    }
  }

  /** Writes tokens and takes the digest. */
  private static final class Writer implements TokenSink {
    private final WritableByteChannel channel;
    private final int width;
    private final MessageDigest digest = DataFile.digest("SHA-256");
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private long count;

    Writer(WritableByteChannel channel, int width) {
      this.channel = channel;
      this.width = width;
      buffer.put(MAGIC).putInt(VERSION).putInt(width);
    }

    @Override
    public void add(int id) {
      if (buffer.remaining() < Integer.BYTES) {
        try {
          flush();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      if (width == Short.BYTES) {
        buffer.putShort((short) id);
      } else {
        buffer.putInt(id);
      }
      count++;
    }

    void end(Encoded.Counts counts, Optional<Encoder.Unknown> unknown) throws IOException {
      flush();
      byte[] example =
          unknown.map(Encoder.Unknown::example).orElse("").getBytes(StandardCharsets.UTF_8);
      buffer.putLong(count).putLong(counts.words()).putLong(counts.characters());
      buffer.putLong(unknown.map(Encoder.Unknown::count).orElse(0L));
      buffer.putLong(unknown.map(Encoder.Unknown::line).orElse(0L));
      buffer.putInt(example.length).put(Arrays.copyOf(example, EXAMPLE));
      flush();
      write(ByteBuffer.wrap(digest.digest()));
    }

    private void flush() throws IOException {
      buffer.flip();
      digest.update(buffer.duplicate());
      write(buffer);
      buffer.clear();
    }

    private void write(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }
}
