package lot4j.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * One run in two processes of a thread each, beside one process and beside two that have nothing to
 * do with each other: what the machine can give.
 */
final class DataParallel implements Benchmark {
  private static final int ROUNDS = 7;
  private static final int RANKS = 2;
  private static final String ONE = "1 process of 1 thread";
  private static final String TWO = "1 run in 2 processes of 1 thread";
  private static final String APART = "2 runs of 1 thread, nothing in common";

  @Override
  public String name() {
    return "data-parallel";
  }

  @Override
  public String about() {
    return "images per second: PreResNet-20 in two processes together, alone and apart";
  }

  @Override
  public Findings run(Settings settings, Consumer<String> progress) {
    Rounds rounds = new Rounds(settings.rounds(ROUNDS), settings.seconds(), progress);
    try (GeneratedImages images = GeneratedImages.make()) {
      List<Variant> variants = new ArrayList<>();
      Workload work = Workload.of(ONE, 1, settings);
      variants.add(new Processes(ONE, List.of(Child.at(work, images.directory()))));
      variants.add(new Processes(TWO, together(work, images)));
      variants.add(
          new Processes(
              APART,
              List.of(Child.at(work, images.directory()), Child.at(work, images.directory()))));
      Map<String, Series> series = rounds.of("images/s", variants);
      List<Series> all = new ArrayList<>(series.values());
      all.add(series.get(TWO).over(series.get(ONE), "2 processes together over 1"));
      all.add(series.get(APART).over(series.get(ONE), "2 runs apart over 1"));
      return new Findings(name(), all, List.of());
    }
  }

  /** They wait for each other before they are ready, so they are started side by side. */
  private static List<Child> together(Workload work, GeneratedImages images) {
    String port = freePort();
    ExecutorService threads = Executors.newFixedThreadPool(RANKS);
    List<CompletableFuture<Child>> starting = new ArrayList<>();
    for (int rank = 0; rank < RANKS; rank++) {
      Map<String, String> environment =
          Map.of(
              "RANK",
              Integer.toString(rank),
              Ranked.VARIABLE,
              Integer.toString(RANKS),
              "MASTER_ADDR",
              "127.0.0.1",
              "MASTER_PORT",
              port);
      starting.add(
          CompletableFuture.supplyAsync(
              () -> Child.at(work, images.directory(), environment), threads));
    }
    try {
      return starting.stream().map(CompletableFuture::join).toList();
    } finally {
      threads.shutdown();
    }
  }

  private static String freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return Integer.toString(socket.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException("bench: no free port: " + e.getMessage(), e);
    }
  }
}
