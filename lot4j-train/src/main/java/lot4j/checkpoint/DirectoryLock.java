package lot4j.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to write a run directory, held by one run at a time. The system takes it back when a
 * process dies, so a lock file that is left over is no obstacle.
 *
 * <p>Closing any channel of a file gives up all locks that this process has on it (POSIX), so
 * nothing else in this process may open the lock's file.
 */
public final class DirectoryLock implements AutoCloseable {
  /** The lock's file in the run directory. */
  public static final String FILE = "lock";

  // Ours alone: the system's locks belong to the process, and trying a second one here would give
  // up the first, see above.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  // The lock lies behind the text, for on Windows nobody else could read a locked part.
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private final Path key;
  private final FileChannel channel;

  private DirectoryLock(Path key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /**
   * Takes the lock without waiting; creates the directory if it is not there.
   *
   * @throws DirectoryInUse naming the directory if the lock is held, here or by another process
   * @throws java.io.UncheckedIOException naming the directory if it cannot be written
   */
  public static DirectoryLock acquire(Path runDirectory) {
    try {
      Files.createDirectories(runDirectory);
      Path key = runDirectory.toRealPath();
      if (!HELD.add(key)) {
        throw new DirectoryInUse(runDirectory + ": in use by another run of this process");
      }
      boolean held = false;
      try {
        DirectoryLock lock = lock(runDirectory, key);
        held = true;
        return lock;
      } finally {
        if (!held) {
          HELD.remove(key);
        }
      }
    } catch (IOException e) {
      throw AtomicFile.unwritable(runDirectory.resolve(FILE), e);
    }
  }

  private static DirectoryLock lock(Path runDirectory, Path key) throws IOException {
    FileChannel channel =
        FileChannel.open(
            key.resolve(FILE),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    boolean held = false;
    try {
      FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
      if (lock == null) {
        throw new DirectoryInUse(runDirectory + ": in use by another process" + holder(channel));
      }
      channel.truncate(0);
      String text = ProcessHandle.current().pid() + "\n";
      AtomicFile.writeFully(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      held = true;
      return new DirectoryLock(key, channel);
    } finally {
      if (!held) {
        channel.close();
      }
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    channel.read(text, 0);
    String pid = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    return pid.matches("\\d+") ? " (" + pid + ")" : "";
  }

  /** Gives the lock back; the second time nothing happens. */
  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw AtomicFile.unwritable(key.resolve(FILE), e);
    } finally {
      HELD.remove(key);
    }
  }
}
