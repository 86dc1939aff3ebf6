package lot4j.distributed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import lot4j.distributed.Line.Kind;
import org.bytedeco.pytorch.Tensor;

/**
 * Several processes. Tensors are added up by the engine's own process group; words, signs of life
 * and bad news go over one connection between rank 0 and each other rank. With its signs of life a
 * rank says how far it is, and rank 0 notices who gets nowhere.
 */
public final class Crew implements Company {
  private static final long GRACE_SECONDS = 5;
  private static final Duration LEAVING = Duration.ofSeconds(10);

  private final Ranks ranks;
  private final Patience patience;
  private final Map<Integer, Line> lines; // rank 0: one to every other rank; else one, to rank 0
  private final Sums sums;
  private final Bucketing bucketing;
  private final Consumer<Loss> onLoss;
  private final CompletableFuture<Loss> loss = new CompletableFuture<>();
  private final CountDownLatch handled = new CountDownLatch(1);
  private final ScheduledExecutorService heart;
  private final Pacer pacer = new Pacer();
  private final Map<Integer, Headway> others = new ConcurrentHashMap<>();
  private final Stragglers stragglers;
  private long looked = System.nanoTime();

  private Crew(
      Ranks ranks,
      Patience patience,
      Map<Integer, Line> lines,
      Sums sums,
      Bucketing bucketing,
      ScheduledExecutorService heart,
      Consumer<Loss> onLoss) {
    this.ranks = ranks;
    this.patience = patience;
    this.lines = new TreeMap<>(lines);
    this.sums = sums;
    this.bucketing = bucketing;
    this.heart = heart;
    this.onLoss = onLoss;
    this.stragglers = new Stragglers(patience);
  }

  /**
   * Finds the other processes.
   *
   * @param sameEverywhere what has to be the same in every process, in words, such as versions
   * @param bucketing which gradients are added up in parts; the same in every process, too
   * @param cuda whether the tensors to be added up are on CUDA devices
   * @param onLoss told once, from any thread, if a process is lost; it should end this one, for the
   *     engine may be waiting for the lost one without end
   * @throws JoinException if they cannot be found, or do not belong together
   */
  public static Crew join(
      Ranks ranks,
      Patience patience,
      String sameEverywhere,
      Bucketing bucketing,
      boolean cuda,
      Consumer<Loss> onLoss) {
    String same = sameEverywhere + ", " + Bucketing.VARIABLE + " = " + bucketing.text();
    Meeting meeting = new Meeting(ranks, patience, same);
    Map<Integer, Line> lines = meeting.lines();
    ScheduledExecutorService heart =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "heart");
              thread.setDaemon(true);
              return thread;
            });
    try {
      Sums sums = Sums.among(ranks, lines, cuda);
      Crew crew = new Crew(ranks, patience, lines, sums, bucketing, heart, onLoss);
      crew.listen();
      return crew;
    } catch (IOException | UncheckedIOException e) {
      throw new JoinException("rank " + ranks.rank() + ": " + e.getMessage(), e);
    }
  }

  private void listen() throws IOException {
    for (Map.Entry<Integer, Line> line : lines.entrySet()) {
      line.getValue()
          .listen("line-" + line.getKey(), patience.silence(), new Watching(line.getKey()));
    }
    long every = patience.beat().toMillis();
    heart.scheduleAtFixedRate(this::beat, 0, every, TimeUnit.MILLISECONDS);
  }

  private void beat() {
    byte[] own = pacer.headway().encoded();
    lines.values().forEach(line -> sendIfThere(line, Kind.BEAT, own));
    if (leads()) {
      look();
    }
  }

  private void look() {
    long now = System.nanoTime();
    // At most twice the usual: a machine that slept did not wait.
    long nanos = Math.min(now - looked, 2 * patience.beat().toNanos());
    looked = now;
    Map<Integer, Headway> all = new TreeMap<>(others);
    all.put(rank(), pacer.headway());
    if (all.size() == size()) {
      stragglers.look(all, nanos).ifPresent(stuck -> lost(stuck, rank()));
    }
  }

  /** Whoever is not there any more is missed by the thread that reads the line. */
  private static void sendIfThere(Line line, Kind kind, byte[] content) {
    try {
      line.send(kind, content);
    } catch (IOException gone) {
      return;
    }
  }

  /** What is heard of one other rank. */
  private final class Watching implements Line.Watch {
    private final int other;

    Watching(int other) {
      this.other = other;
    }

    @Override
    public void alive(byte[] headway) {
      others.put(other, Headway.decoded(headway));
    }

    @Override
    public void left() {
      others.remove(other); // it says no more how far it is
    }

    @Override
    public void told(byte[] content) {
      Crew.this.lost(Loss.decoded(content), other);
    }

    @Override
    public void silent() {
      lost("no sign of life for " + patience.silence().toSeconds() + " s, as if it were stopped");
    }

    @Override
    public void broken() {
      lost("its connection broke off, as if it were killed");
    }

    private void lost(String how) {
      Crew.this.lost(new Loss(other, 1, false, "rank " + other + " is gone: " + how), other);
    }
  }

  private void lost(Loss found, int except) {
    if (loss.complete(found)) {
      if (leads()) {
        lines.forEach(
            (rank, line) -> {
              if (rank != except) {
                sendIfThere(line, Kind.LOSS, found.encoded());
              }
            });
      }
      onLoss.accept(found);
      handled.countDown();
    }
  }

  @Override
  public int rank() {
    return ranks.rank();
  }

  @Override
  public int localRank() {
    return ranks.localRank();
  }

  @Override
  public int size() {
    return ranks.size();
  }

  /** Whatever all ranks come to besides sums: a rank that does not is missed. */
  private <T> T meeting(Supplier<T> what) {
    pacer.come(System.nanoTime());
    try {
      return what.get();
    } finally {
      pacer.leave(System.nanoTime(), false);
    }
  }

  @Override
  public <T> T apart(Supplier<T> work) {
    pacer.excuse();
    try {
      return work.get();
    } finally {
      pacer.back(System.nanoTime());
    }
  }

  @Override
  public void at(String place) {
    pacer.at(place);
  }

  @Override
  public void sum(List<Tensor> tensors) {
    Channel all = through(sums);
    tensors.forEach(all::start);
    all.finish();
  }

  private Channel through(Sums group) {
    return new PendingSums(group, pacer, this::failed);
  }

  @Override
  public Bucketing bucketing() {
    return bucketing;
  }

  @Override
  public Channel channel() {
    try {
      return through(sums.another(this::share));
    } catch (RuntimeException e) { // the engine's, whatever the reason; a loss is told apart
      throw failed(e);
    }
  }

  private IllegalStateException failed(RuntimeException e) {
    return new IllegalStateException(
        known(patience.silence().toSeconds() + GRACE_SECONDS)
            .map(Loss::message)
            .orElse("rank " + rank() + ": the sum over all ranks failed: " + e.getMessage()),
        e);
  }

  @Override
  public double secondsSumming() {
    return pacer.summingNanos() / 1e9;
  }

  @Override
  public List<byte[]> gather(byte[] own) {
    return meeting(
        () -> {
          if (!leads()) {
            sendMessage(lines.get(0), own);
            return List.of();
          }
          List<byte[]> all = new ArrayList<>();
          all.add(own);
          lines.values().forEach(line -> all.add(line.receive(this::requireAll)));
          return all;
        });
  }

  @Override
  public byte[] share(Supplier<byte[]> leader) {
    return meeting(
        () -> {
          if (!leads()) {
            return lines.get(0).receive(this::requireAll);
          }
          byte[] said = apart(leader);
          lines.values().forEach(line -> sendMessage(line, said));
          return said;
        });
  }

  @Override
  public byte[] from(int rank, Supplier<byte[]> work) {
    return meeting(
        () -> {
          if (rank != rank()) {
            return leads() ? lines.get(rank).receive(this::requireAll) : new byte[0];
          }
          byte[] said = apart(work);
          if (leads()) {
            return said;
          }
          sendMessage(lines.get(0), said);
          return new byte[0];
        });
  }

  private void sendMessage(Line line, byte[] content) {
    try {
      line.send(Kind.MESSAGE, content);
    } catch (IOException e) {
      String lost = known(GRACE_SECONDS).map(Loss::message).orElse("a rank is gone");
      throw new IllegalStateException(lost, e);
    }
  }

  private void requireAll() {
    known(0)
        .ifPresent(
            found -> {
              throw new IllegalStateException(found.message());
            });
  }

  /** The loss, waited for so long; known once whoever has to end this process was told. */
  private Optional<Loss> known(long seconds) {
    try {
      Loss found = loss.get(seconds, TimeUnit.SECONDS);
      while (!handled.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
        continue; // usually for good: being told ends the process
      }
      return Optional.of(found);
    } catch (TimeoutException | ExecutionException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void fail(int code, String message, boolean said) {
    Loss own = new Loss(rank(), code, said, "rank " + rank() + " failed: " + message);
    if (loss.complete(own)) {
      handled.countDown();
      lines.values().forEach(line -> sendIfThere(line, Kind.LOSS, own.encoded()));
    }
  }

  @Override
  public void close() {
    heart.shutdownNow();
    lines.values().forEach(Line::leave);
    lines.values().forEach(line -> line.end(LEAVING));
  }
}
