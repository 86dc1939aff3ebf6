package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lot data get} against a server of our own; whole downloads are tested in lot4j-zoo. */
class DataGetTest {
  @TempDir Path directory;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private String home;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    home = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().getPath());
          byte[] body = "something else".getBytes(StandardCharsets.US_ASCII);
          boolean known = exchange.getRequestURI().getPath().endsWith("binary.tar.gz");
          exchange.sendResponseHeaders(known ? 200 : 404, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String refused(String name) throws IOException, InterruptedException {
    Program.Ended ended =
        Program.in(directory)
            .run("data", "get", name, "--from", home, "--data-dir", "data")
            .refused(3);
    // An empty folder of that name would be taken for a set that is here.
    assertThat(directory.resolve("data")).doesNotExist();
    return ended.err();
  }

  @Test
  void aFileThatIsNotTheOfficialOneIsRefusedAndNotKept() throws IOException, InterruptedException {
    assertThat(refused("cifar10")).contains("cifar-10-binary.tar.gz", "MD5");
    assertThat(asked).contains("/cifar-10-binary.tar.gz");
  }

  @Test
  void aFileThatIsNotThereIsNamed() throws IOException, InterruptedException {
    assertThat(refused("fashion-mnist")).contains("train-images-idx3-ubyte.gz", "404");
  }

  @Test
  void whatIsHalfThereGoesWhereASignalEndsIt() throws IOException, InterruptedException {
    CountDownLatch sending = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    server.createContext(
        "/slow/",
        exchange -> {
          exchange.sendResponseHeaders(200, 1_000_000);
          exchange.getResponseBody().write(new byte[100_000]);
          exchange.getResponseBody().flush();
          sending.countDown();
          await(ended);
        });
    Program.Running running =
        Program.in(directory)
            .start("data", "get", "mnist", "--from", home + "slow/", "--data-dir", "data");
    await(sending);
    running.until(() -> !files().isEmpty());
    running.terminate().with(130);
    ended.countDown();
    assertThat(files()).isEmpty();
  }

  private List<Path> files() {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aServerThatDoesNotAnswerIsNamed() throws IOException, InterruptedException {
    server.stop(0);
    assertThat(refused("mnist")).contains(home);
  }

  @Test
  void anAddressThatIsNoneIsRefused() throws IOException, InterruptedException {
    for (String address : List.of("nonsense", "file:///tmp", "http:///x")) {
      assertThat(
              Program.in(directory)
                  .run("data", "get", "mnist", "--from", address, "--data-dir", "data")
                  .refused(2)
                  .err())
          .startsWith("lot: --from " + address + " is not allowed; ");
    }
  }

  @Test
  void anEmptyFolderIsNoSet() throws IOException, InterruptedException {
    Files.createDirectories(directory.resolve("data/mnist"));
    Program program = Program.in(directory);
    assertThat(program.succeed("data", "list", "--data-dir", "data").out())
        .containsPattern("mnist .*10 classes, not here");
    assertThat(program.succeed("doctor", "--data-dir", "data").out()).contains(" mnist: not found");
    program.run("data", "check", "mnist", "--data-dir", "data").refused(3);
  }

  @Test
  void theBuiltInSetNeedsNothing() throws IOException, InterruptedException {
    assertThat(Program.in(directory).succeed("data", "get", "digits").err()).contains("built in");
    assertThat(Program.in(directory).succeed("data", "check", "digits").out())
        .isEqualTo("digits: verified; built in\n");
  }

  @Test
  void aTextWithoutAPublicHomeSaysWhereItsFilesBelong() throws IOException, InterruptedException {
    assertThat(refused("ptb"))
        .hasLineCount(1)
        .contains(
            "ptb cannot be fetched", "ptb.train.txt, ptb.valid.txt, ptb.test.txt", "data/ptb");
    assertThat(asked).isEmpty();
    assertThat(refused("tinyshakespeare")).contains("input.txt", "404");
  }

  @Test
  void theBuiltInTextNeedsNothing() throws IOException, InterruptedException {
    assertThat(Program.in(directory).succeed("data", "get", "kjv").err()).contains("built in");
    assertThat(Program.in(directory).succeed("data", "check", "kjv").out())
        .isEqualTo("kjv: verified; built in\n");
  }

  @Test
  void theListHasImagesAndTexts() throws IOException, InterruptedException {
    assertThat(Program.in(directory).succeed("data", "list", "--data-dir", "none").out())
        .contains("cifar10         50000 + 10000 images,  10 classes, not here; free for research")
        .contains("kjv            566084 characters, built in; public domain")
        .contains("ptb            929589 training, 73760 validation, 82430 test tokens, not here;");
  }
}
