package lot4j.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import lot4j.checkpoint.AtomicFile;
import lot4j.checkpoint.CheckpointException;

/** A file that grows by whole records and can be cut back to where it was. */
final class AppendFile implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private long end;

  private AppendFile(Path file, FileChannel channel, long end) {
    this.file = file;
    this.channel = channel;
    this.end = end;
  }

  static AppendFile open(Path file) {
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      return new AppendFile(file, channel, channel.size());
    } catch (IOException e) {
      throw AtomicFile.unwritable(file, e);
    }
  }

  /** Hands the record to the system; a record that fails halfway is taken back. */
  void append(byte[] record) {
    ByteBuffer bytes = ByteBuffer.wrap(record);
    boolean whole = false;
    try {
      try {
        while (bytes.hasRemaining()) {
          channel.write(bytes, end + bytes.position());
        }
        whole = true;
      } finally {
        if (!whole) {
          channel.truncate(end);
        }
      }
    } catch (IOException e) {
      throw AtomicFile.unwritable(file, e);
    }
    end += record.length;
  }

  /**
   * Waits until everything is on the disk. That the file's name lasts is up to whoever counts on
   * it: a checkpoint forces the run's directory before it gets its own name.
   */
  void force() {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw AtomicFile.unwritable(file, e);
    }
  }

  long offset() {
    return end;
  }

  /**
   * Cuts the file back.
   *
   * @throws CheckpointException naming the file if it is shorter than that
   */
  void truncate(long offset) {
    if (offset < 0 || offset > end) {
      throw new CheckpointException(file + ": is " + end + " bytes, the checkpoint says " + offset);
    }
    try {
      channel.truncate(offset);
      end = offset;
    } catch (IOException e) {
      throw AtomicFile.unwritable(file, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw AtomicFile.unwritable(file, e);
    }
  }
}
