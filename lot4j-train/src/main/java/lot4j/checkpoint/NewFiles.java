package lot4j.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * New files that are forced together, on the channels that wrote them (a channel opened later
 * promises nothing): a file system makes one wait of several that come at the same time.
 */
final class NewFiles implements AutoCloseable {
  private final List<FileChannel> channels = new ArrayList<>();

  /**
   * Writes a file in place.
   *
   * @throws java.nio.file.FileAlreadyExistsException if it is there
   */
  void write(Path file, AtomicFile.Body body) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    channels.add(channel);
    body.writeTo(channel);
  }

  /** Has the names in a directory forced along with the files. */
  void names(Path directory) throws IOException {
    if (AtomicFile.forcesDirectories(directory)) {
      channels.add(FileChannel.open(directory, StandardOpenOption.READ));
    }
  }

  /** Waits until all of them are on the disk. */
  void force() throws IOException {
    List<CompletableFuture<Void>> others =
        channels.stream()
            .skip(1)
            .map(
                channel ->
                    CompletableFuture.runAsync(
                        () -> force(channel), task -> new Thread(task, "force").start()))
            .toList();
    Optional<IOException> failed = Optional.empty();
    if (!channels.isEmpty()) {
      failed = failure(() -> force(channels.get(0)));
    }
    for (CompletableFuture<Void> other : others) { // all of them: they are closed afterwards
      Optional<IOException> own = failure(other::join);
      failed = failed.or(() -> own);
    }
    if (failed.isPresent()) {
      throw failed.get();
    }
  }

  private static void force(FileChannel channel) {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<IOException> failure(Runnable forcing) {
    try {
      forcing.run();
      return Optional.empty();
    } catch (UncheckedIOException e) {
      return Optional.of(e.getCause());
    } catch (CompletionException e) {
      return Optional.of(
          e.getCause() instanceof UncheckedIOException io ? io.getCause() : new IOException(e));
    }
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : channels) {
      channel.close();
    }
  }
}
