package lot4j.distributed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Members of a crew in one process, each with a thread of its own. */
final class Crews {
  private static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(60));

  private Crews() {}

  /** As many as {@code told}, each of which learns of a loss. */
  static List<Crew> of(Bucketing bucketing, List<CompletableFuture<Loss>> told) throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    int size = told.size();
    return each(
        size,
        rank ->
            Crew.join(
                new Ranks(rank, size, rank, size, "127.0.0.1", port),
                PATIENCE,
                "the same",
                bucketing,
                false,
                told.get(rank)::complete));
  }

  /** What one rank does. */
  interface Part<T> {
    /** Called on a thread of the rank's own. */
    T of(int rank) throws IOException;
  }

  /** Every rank's result, in their order. */
  static <T> List<T> each(int size, Part<T> part) {
    List<CompletableFuture<T>> all = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      int own = rank;
      all.add(
          started(
              () -> {
                try {
                  return part.of(own);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              }));
    }
    return all.stream().map(CompletableFuture::join).toList();
  }

  /** Something that goes on meanwhile. */
  static <T> CompletableFuture<T> started(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, task -> new Thread(task).start());
  }

  static List<CompletableFuture<Loss>> untold(int size) {
    return IntStream.range(0, size).mapToObj(rank -> new CompletableFuture<Loss>()).toList();
  }

  static void leave(List<Crew> crew) {
    each(
        crew.size(),
        rank -> {
          crew.get(rank).close();
          return rank;
        });
  }
}
