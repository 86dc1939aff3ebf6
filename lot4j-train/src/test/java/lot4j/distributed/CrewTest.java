package lot4j.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.pytorch.global.torch.ones;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members of a crew, here threads of one process. */
class CrewTest {
  private static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(1));

  private final List<CompletableFuture<Loss>> told =
      List.of(new CompletableFuture<>(), new CompletableFuture<>());

  private List<Crew> two() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    List<CompletableFuture<Crew>> joining = new ArrayList<>();
    for (int rank = 0; rank < 2; rank++) {
      int own = rank;
      joining.add(
          CompletableFuture.supplyAsync(
              () ->
                  Crew.join(
                      new Ranks(own, 2, own, 2, "127.0.0.1", port),
                      PATIENCE,
                      "the same",
                      Bucketing.usual(),
                      false,
                      told.get(own)::complete),
              task -> new Thread(task).start()));
    }
    return List.of(joining.get(0).get(), joining.get(1).get());
  }

  private static CompletableFuture<Double> sum(Company company) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (PointerScope scope = new PointerScope()) {
            Tensor tensor = ones(3);
            company.sum(tensor);
            return tensor.sum().item_double();
          }
        },
        task -> new Thread(task).start());
  }

  private static void leave(List<Crew> crew) {
    crew.stream()
        .map(each -> CompletableFuture.runAsync(each::close, task -> new Thread(task).start()))
        .toList()
        .forEach(CompletableFuture::join);
  }

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES) // it waits for what might never be noticed
  void whoDoesNotComeToASumIsNamedToAll() throws Exception {
    List<Crew> crew = two();
    CompletableFuture<Double> first = sum(crew.get(0));
    assertThat(sum(crew.get(1)).get()).isEqualTo(6);
    assertThat(first.get()).isEqualTo(6);

    crew.get(1).at("step 7");
    CompletableFuture<Double> waiting = sum(crew.get(0));
    Loss loss = told.get(0).get();
    assertThat(loss.rank()).isEqualTo(1);
    assertThat(loss.message()).startsWith("rank 1 is stuck: at step 7 it has kept the others");
    assertThat(told.get(1).get()).isEqualTo(loss);

    assertThat(sum(crew.get(1)).get()).isEqualTo(6);
    waiting.get();
    leave(crew);
  }

  @Test
  void whatOneWorksOutIsKnownToRankZero() throws Exception {
    List<Crew> crew = two();
    CompletableFuture<byte[]> others =
        CompletableFuture.supplyAsync(() -> crew.get(1).from(1, () -> new byte[] {5}));
    assertThat(crew.get(0).from(1, () -> new byte[] {9})).containsExactly(5);
    assertThat(others.get()).isEmpty();
    assertThat(crew.get(1).from(0, () -> new byte[] {9})).isEmpty();
    assertThat(crew.get(0).from(0, () -> new byte[] {7})).containsExactly(7);
    assertThat(new Solo().from(0, () -> new byte[] {3})).containsExactly(3);
    assertThat(crew.get(0).<Integer>apart(() -> 4)).isEqualTo(4);
    leave(crew);
  }
}
