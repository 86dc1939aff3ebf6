package lot4j.rl;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import lot4j.distributed.Bucketing;
import lot4j.distributed.Company;
import lot4j.distributed.Crew;
import lot4j.distributed.Patience;
import lot4j.distributed.Ranks;

/** The members of a company, here threads of one process. */
public final class Crews implements AutoCloseable {
  private static final Duration MINUTE = Duration.ofSeconds(60);

  private final List<Company> members;

  /** A company of {@code size}. */
  public Crews(int size) throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    members =
        all(
            IntStream.range(0, size)
                .<Callable<Company>>mapToObj(
                    rank ->
                        () ->
                            Crew.join(
                                new Ranks(rank, size, rank, size, "127.0.0.1", port),
                                new Patience(MINUTE, MINUTE, MINUTE),
                                "the same",
                                Bucketing.usual(),
                                false,
                                loss -> {
                                  throw new AssertionError(loss);
                                }))
                .toList());
  }

  /** In the order of ranks. */
  public List<Company> members() {
    return members;
  }

  /** Makes all calls at the same time, each in a thread of its own. */
  public static <T> List<T> all(List<Callable<T>> calls) {
    ExecutorService threads = Executors.newFixedThreadPool(calls.size());
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    } finally {
      threads.shutdownNow();
    }
  }

  /** What a member does. */
  @FunctionalInterface
  interface Part<T> {
    T of(Company company) throws Exception;
  }

  /** What the members make of it, each in a thread of its own. */
  <T> List<T> each(Part<T> part) {
    return all(members.stream().<Callable<T>>map(company -> () -> part.of(company)).toList());
  }

  @Override
  public void close() {
    each(
        company -> {
          company.close();
          return company.rank();
        });
  }
}
