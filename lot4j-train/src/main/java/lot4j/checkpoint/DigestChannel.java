package lot4j.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Passes bytes on, counting and digesting them. Closing is left to the channel below. */
public final class DigestChannel implements WritableByteChannel {
  private final WritableByteChannel below;
  private final MessageDigest digest = Manifest.sha256();
  private long bytes;

  /** In front of {@code below}, which stays the caller's. */
  public DigestChannel(WritableByteChannel below) {
    this.below = below;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    ByteBuffer written = source.duplicate();
    int count = below.write(source);
    digest.update(written.limit(source.position()));
    bytes += count;
    return count;
  }

  /** How many bytes were written so far. */
  public long bytes() {
    return bytes;
  }

  /** SHA-256 of all that was written, lower-case hex; ask once, at the end. */
  public String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public boolean isOpen() {
    return below.isOpen();
  }

  @Override
  public void close() {}
}
