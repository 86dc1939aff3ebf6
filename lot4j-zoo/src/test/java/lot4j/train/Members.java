package lot4j.train;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import lot4j.config.RunConfig;
import lot4j.distributed.Bucketing;
import lot4j.distributed.Company;
import lot4j.distributed.Crew;
import lot4j.distributed.Patience;
import lot4j.distributed.Ranks;

/** Members of a company, here threads of one process, and their parts of a run. */
final class Members {
  private Members() {}

  static List<Company> of(int size, Bucketing bucketing) throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    return all(
        IntStream.range(0, size)
            .<Callable<Company>>mapToObj(
                rank ->
                    () ->
                        Crew.join(
                            new Ranks(rank, size, rank, size, "127.0.0.1", port),
                            new Patience(
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(60)),
                            "the same",
                            bucketing,
                            false,
                            loss -> {
                              throw new AssertionError(loss);
                            }))
            .toList());
  }

  /** Calls at the same time, each on a thread of its own. */
  static <T> List<T> all(List<Callable<T>> calls) {
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

  static void leave(List<Company> companies) {
    all(companies.stream().<Callable<Integer>>map(Members::left).toList());
  }

  private static Callable<Integer> left(Company company) {
    return () -> {
      company.close();
      return company.rank();
    };
  }

  static RunSession session(Company company) {
    return new RunSession(Runs.CATALOG, Path.of("no-such-directory"), company);
  }

  /** Every member's part of a run, until {@code body} is done with them. */
  static <T> T withCourses(
      RunConfig each, List<Company> companies, Function<List<Course<?>>, T> body) {
    List<Prepared<?>> data = new ArrayList<>();
    List<Course<?>> courses = new ArrayList<>();
    try {
      for (Company company : companies) { // one after the other: the engine's seed is everybody's
        Prepared<?> own = session(company).prepare(each);
        data.add(own);
        courses.add(new Assembly<>(each, own, Runs.CATALOG, company).course());
      }
      return body.apply(courses);
    } finally {
      courses.forEach(Course::close);
      data.forEach(Prepared::close);
    }
  }
}
