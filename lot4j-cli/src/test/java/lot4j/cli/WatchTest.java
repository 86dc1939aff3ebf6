package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchTest {
  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();

  /** Starts to watch and waits for the address. */
  private Program.Running watch(String... arguments) throws IOException, InterruptedException {
    Program.Running running = Program.in(directory).start(arguments);
    running.until(() -> !address(running).isEmpty());
    return running;
  }

  private static String address(Program.Running running) {
    try {
      String said = Files.readString(running.out());
      return said.endsWith("\n") ? said.strip() : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode state(Program.Running running, Predicate<JsonNode> so)
      throws IOException, InterruptedException {
    URI page = URI.create(address(running));
    URI state = page.resolve("/api/state?" + page.getQuery());
    JsonNode[] last = new JsonNode[1];
    running.until(
        () -> {
          try {
            HttpResponse<String> answer =
                client.send(
                    HttpRequest.newBuilder(state).build(), HttpResponse.BodyHandlers.ofString());
            last[0] = new ObjectMapper().readTree(answer.body());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return so.test(last[0]);
        });
    assertThat(running.process().isAlive()).isTrue();
    return last[0];
  }

  @Test
  void showsARunThatTrainsAndIsStopped() throws IOException, InterruptedException {
    SmallRuns.write(directory, 20_000);
    Program.Running page = watch("watch", ".", "--port", "0");
    assertThat(state(page, state -> state.path("about").size() == 1).path("runs")).isEmpty();

    Program.Running training =
        Program.in(directory).start("train", "small.yaml", "--out", "runs/one");
    JsonNode row =
        state(page, state -> state.path("runs").path(0).path("step").asInt() > 0)
            .path("runs")
            .get(0);
    assertThat(row.path("status").asText()).isEqualTo("running");
    assertThat(row.path("path").asText()).isEqualTo("runs/one");
    assertThat(row.path("label").asText()).isEqualTo("lot");
    assertThat(row.path("samples_per_s").asDouble()).isPositive();
    assertThat(row.path("seconds_left").asDouble()).isPositive();

    training.terminate().with(130);
    state(page, state -> state.path("runs").path(0).path("status").asText().equals("interrupted"));
    page.terminate().with(130);
  }

  @Test
  void saysItsAddressAndNothingElse() throws IOException, InterruptedException {
    Program.Ended ended = watch("watch", ".", "--port", "0").terminate().with(130);

    assertThat(ended.out()).matches("http://127\\.0\\.0\\.1:\\d+/\\?token=[\\w-]{43}\n");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void refusesWhatCannotBeServed() throws IOException, InterruptedException {
    Program program = Program.in(directory);
    assertThat(program.run("watch", "absent").refused(3).err())
        .isEqualTo("lot: absent: no such directory\n");
    assertThat(program.run("watch", ".", "--port", "65536").refused(2).err())
        .isEqualTo("lot: --port 65536 is not allowed; 0 to 65535\n");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = Integer.toString(taken.getLocalPort());
      assertThat(program.run("watch", ".", "--port", port).refused(2).err())
          .isEqualTo("lot: port " + port + " cannot be had: in use, or not allowed\n");
    }
  }
}
