package lot4j.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Passes bytes on, counting and digesting them. Closing is left to the channel below. */
final class DigestChannel implements WritableByteChannel {
  private final WritableByteChannel below;
  private final MessageDigest digest = Manifest.sha256();
  private long bytes;

  DigestChannel(WritableByteChannel below) {
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

  long bytes() {
    return bytes;
  }

  String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public boolean isOpen() {
    return below.isOpen();
  }

  @Override
  public void close() {}
}
