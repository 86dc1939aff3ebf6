package lot4j.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the server answers to whom, and what it says of runs as they change. Long because all of it
 * goes by the one server, folder and listener of this class.
 */
class WatchTest {
  private static final long OFTEN = 50;
  private static final long HEARTBEAT = 300;

  @TempDir Path outside;
  private Path folder;
  private Watch watch;
  private MadeUpRuns runs;

  @BeforeEach
  void begin() throws IOException {
    folder = Files.createDirectories(outside.resolve("watched"));
    runs = new MadeUpRuns(folder);
    watch = Watch.of(folder, OptionalInt.of(0), OFTEN, HEARTBEAT);
  }

  @AfterEach
  void end() {
    watch.close();
  }

  static <T> T until(Callable<T> what, java.util.function.Predicate<T> so) throws Exception {
    long end = System.nanoTime() + 180_000_000_000L;
    T is = what.call();
    while (!so.test(is)) {
      if (System.nanoTime() > end) {
        String text = String.valueOf(is);
        throw new AssertionError(
            "still so after three minutes: " + text.substring(0, Math.min(500, text.length())));
      }
      Thread.sleep(20);
      is = what.call();
    }
    return is;
  }

  private JsonNode state(int count) throws Exception {
    return until(
        () -> Asked.withToken(watch, "/api/state").json(),
        state -> state.path("runs").size() == count);
  }

  private String cookie() {
    return "Cookie: lot-watch-" + watch.port() + "=" + watch.address().getQuery().substring(6);
  }

  // ---- who is answered

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/watch.js",
        "/charts.js",
        "/api/state",
        "/events",
        "/nothing",
        "/report?id=r1"
      })
  void nothingIsAnsweredWithoutTheToken(String path) throws IOException {
    assertThat(Asked.get(watch, path).status()).isEqualTo(403);
    String mark = path.contains("?") ? "&" : "?";
    assertThat(Asked.get(watch, path + mark + "token=wrong").status()).isEqualTo(403);
    assertThat(Asked.get(watch, path + mark + "token=").status()).isEqualTo(403);
    assertThat(Asked.get(watch, path, "Cookie: lot-watch-" + watch.port() + "=wrong").status())
        .isEqualTo(403);
  }

  @Test
  void theAddressSetsACookieThatOpensTheRest() throws IOException {
    Asked page = Asked.withToken(watch, "/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Set-Cookie")).endsWith("; Path=/; HttpOnly; SameSite=Strict");
    String cookie = page.header("Set-Cookie").replaceFirst(";.*", "");

    Asked next = Asked.get(watch, "/api/state", "Cookie: " + cookie);
    assertThat(next.status()).isEqualTo(200);
    assertThat(next.header("Set-Cookie")).isEmpty();
  }

  @Test
  void anotherServersCookieIsOfNoUse() throws IOException {
    try (Watch other = Watch.of(folder, OptionalInt.of(0), OFTEN, HEARTBEAT)) {
      assertThat(Asked.get(other, "/", cookie()).status()).isEqualTo(403);
      assertThat(other.address().getQuery()).isNotEqualTo(watch.address().getQuery());
    }
  }

  @Test
  void onlyItsOwnNamesAreHosts() throws IOException {
    for (String host :
        new String[] {
          "evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:" + watch.port()
        }) {
      assertThat(Asked.get(watch, "/", cookie(), "Host: " + host).status()).isEqualTo(403);
    }
    assertThat(Asked.get(watch, "/", cookie(), "Host: localhost:" + watch.port()).status())
        .isEqualTo(200);
  }

  @Test
  void otherPagesRequestsAreRefused() throws IOException {
    assertThat(Asked.get(watch, "/api/state", cookie(), "Origin: http://evil.example").status())
        .isEqualTo(403);
    assertThat(Asked.get(watch, "/api/state", cookie(), "Origin: null").status()).isEqualTo(403);
    assertThat(Asked.get(watch, "/api/state", cookie(), "Sec-Fetch-Site: same-site").status())
        .isEqualTo(403);
    assertThat(Asked.get(watch, "/api/state", cookie(), "Sec-Fetch-Site: cross-site").status())
        .isEqualTo(403);
    assertThat(
            Asked.get(
                    watch,
                    "/api/state",
                    cookie(),
                    "Sec-Fetch-Site: same-origin",
                    "Origin: http://127.0.0.1:" + watch.port())
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND"})
  void onlyGetIsKnown(String method) throws IOException {
    for (String path : new String[] {"/", "/api/state", "/events", "/nothing"}) {
      Asked asked = Asked.send(watch, method, path, cookie());
      assertThat(asked.status()).isEqualTo(405);
      assertThat(asked.header("Allow")).isEqualTo("GET");
    }
  }

  @Test
  void itListensOnTheLoopbackAddressAlone() throws IOException {
    for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      for (InetAddress address : Collections.list(each.getInetAddresses())) {
        if (!address.getHostAddress().equals("127.0.0.1")) {
          assertThatThrownBy(() -> new Socket(address, watch.port()).close())
              .isInstanceOf(IOException.class);
        }
      }
    }
  }

  @Test
  void everyAnswerSaysWhatABrowserMayDoWithIt() throws IOException {
    for (String path : new String[] {"/", "/watch.js", "/api/state", "/nothing"}) {
      Asked asked = Asked.withToken(watch, path);
      assertThat(asked.header("Content-Security-Policy"))
          .contains("default-src 'none'")
          .doesNotContain("unsafe");
      assertThat(asked.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(asked.header("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(asked.header("Server")).isEmpty();
      assertThat(asked.header("Access-Control-Allow-Origin")).isEmpty();
    }
    assertThat(Asked.withToken(watch, "/api/state").header("Content-Type"))
        .startsWith("application/json");
  }

  // ---- what is answered

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/watch.js/../../secret.txt",
        "/api/runs/..%2f..%2fsecret.txt",
        "/api/runs/%2e%2e",
        "/api/runs/r1/../../secret.txt",
        "/api/runs/r999",
        "/api/runs/g1",
        "/api/report?id=../secret.txt",
        "/api/values?id=/etc/passwd",
        "/META-INF/MANIFEST.MF",
        "/index.html"
      })
  void noPathOfAClientLeadsToAFile(String path) throws Exception {
    Files.writeString(outside.resolve("secret.txt"), "secret");
    runs.finished("a", "lot", 0, 2);
    state(1);

    Asked asked = Asked.withToken(watch, path);
    assertThat(asked.status()).isIn(400, 404);
    assertThat(asked.body()).doesNotContain("root:").doesNotContain("Manifest-Version");
  }

  @Test
  void wrongQuestionsAreAnsweredWithWhatIsAllowed() throws Exception {
    runs.finished("a", "lot", 0, 2);
    String id = state(1).path("runs").get(0).path("id").asText();
    assertThat(Asked.withToken(watch, "/api/curves").status()).isEqualTo(400);
    assertThat(
            Asked.withToken(watch, "/api/curves?id=" + id + "&series=a%20b&x=odd&columns=9")
                .status())
        .isEqualTo(400);
    for (String columns : new String[] {"", "0", "-1", "x", "99999999999"}) {
      assertThat(
              Asked.withToken(
                      watch, "/api/curves?id=" + id + "&series=a%20b&x=step&columns=" + columns)
                  .status())
          .isEqualTo(400);
    }
    assertThat(Asked.withToken(watch, "/api/values?" + "id=r1&".repeat(65)).status())
        .isEqualTo(400);
  }

  @Test
  void showsRunsCurvesAndValues() throws Exception {
    runs.finished("a", "lot", 0, 3);
    String id = state(1).path("runs").get(0).path("id").asText();

    assertThat(Asked.withToken(watch, "/api/series?id=" + id).json())
        .extracting(JsonNode::asText)
        .contains("valid teacher/accuracy");
    JsonNode curve =
        Asked.withToken(
                watch,
                "/api/curves?id=" + id + "&series=train%20teacher/loss&x=samples&columns=100")
            .json()
            .get(0);
    assertThat(curve.path("x").toString()).isEqualTo("[50,100,150]");
    assertThat(curve.path("y").toString()).isEqualTo("[1,0.5,0.333333]");
    assertThat(
            Asked.withToken(watch, "/api/values?id=" + id)
                .json()
                .get(0)
                .path("values")
                .path("train teacher/loss")
                .asDouble())
        .isEqualTo(0.333333);
    JsonNode run = Asked.withToken(watch, "/api/runs/" + id).json();
    assertThat(run.path("manifest").path("label").asText()).isEqualTo("lot");
    assertThat(run.path("config").asText()).contains("budget:");
  }

  @Test
  void aComparisonHasItsReportOnAPageThatMayBeFramedHere() throws Exception {
    // First, as the command does: a pass may fall between any two of these.
    MadeUpRuns.write(folder.resolve("study/experiment.yaml"), "name: made-up\n");
    MadeUpRuns inside = new MadeUpRuns(folder.resolve("study/runs"));
    inside.finished("teacher-only-seed0", "teacher-only", 0, 3);
    inside.finished("lot-paper-seed0", "lot-paper", 0, 3);
    JsonNode group = state(2).path("groups").get(0);
    assertThat(group.path("kind").asText()).isEqualTo("comparison");

    Asked report = Asked.withToken(watch, "/api/report?id=" + group.path("id").asText());
    assertThat(report.status()).isEqualTo(200);
    assertThat(report.body()).contains("lot-paper").contains("teacher-only");
    assertThat(report.json().path("schema").asText()).isEqualTo("lot4j-report-1");
    Asked page = Asked.withToken(watch, "/report?id=" + group.path("id").asText());
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'")
        .contains("frame-ancestors 'self'")
        .doesNotContain("unsafe");
  }

  @Test
  void aReportFollowsNoSymbolicLink() throws Exception {
    Path elsewhere = new MadeUpRuns(outside).finished("elsewhere", "lot-secret", 0, 3);
    MadeUpRuns.write(folder.resolve("study/experiment.yaml"), "name: made-up\n");
    MadeUpRuns inside = new MadeUpRuns(folder.resolve("study/runs"));
    inside.finished("teacher-only-seed0", "teacher-only", 0, 3);
    Files.createSymbolicLink(folder.resolve("study/runs/link"), elsewhere);
    String id = state(1).path("groups").get(0).path("id").asText();

    Asked report = Asked.withToken(watch, "/api/report?id=" + id);
    assertThat(report.status()).isEqualTo(409);
    assertThat(report.body()).contains("symbolic links are not followed");
  }

  @Test
  void aDamagedComparisonSaysSo() throws Exception {
    Path run = runs.finished("a", "lot", 0, 3);
    Files.delete(run.resolve("result.json"));
    String id = state(1).path("runs").get(0).path("id").asText();

    Asked report = Asked.withToken(watch, "/api/report?id=" + id);
    assertThat(report.status()).isEqualTo(409);
    assertThat(report.body()).contains("result.json");
  }

  // ---- events

  /** A listener that reads one event at a time. */
  private final class Listener implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;
    private String id = "";

    Listener(String path, String... headers) throws IOException {
      socket = new Socket("127.0.0.1", watch.port());
      socket.setSoTimeout(60_000);
      String request =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: 127.0.0.1:"
              + watch.port()
              + "\r\n"
              + cookie()
              + "\r\nAccept: text/event-stream\r\n"
              + String.join("", headers)
              + "\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The data of the next event; comments are passed over. */
    JsonNode next() throws IOException {
      String line = in.readLine();
      while (!line.startsWith("data: ")) {
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        }
        line = in.readLine();
      }
      return new com.fasterxml.jackson.databind.ObjectMapper().readTree(line.substring(6));
    }

    void untilComment() throws IOException {
      while (!in.readLine().startsWith(":")) {
        // headers and events
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void aNewLineIsToldAndGoneRunsToo() throws Exception {
    Path run = runs.begin("a", "lot", 0, 100);
    state(1);
    try (Listener listener = new Listener("/events")) {
      assertThat(listener.next().path("all").asBoolean()).isTrue();
      MadeUpRuns.append(run, MadeUpRuns.train(10, 0.5));
      JsonNode row =
          until(() -> listener.next().path("runs").path(0), r -> r.path("step").asInt() == 10);
      assertThat(row.path("seconds_left").asDouble()).isEqualTo(45);
      try (var files = Files.list(run)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      JsonNode gone = until(listener::next, event -> event.path("gone").size() > 0);
      assertThat(gone.path("gone").get(0)).isEqualTo(row.path("id"));
    }
  }

  @Test
  void whoComesBackGoesOnWhereItWas() throws Exception {
    Path run = runs.begin("a", "lot", 0, 100);
    runs.begin("b", "lot", 1, 100);
    state(2);
    String last;
    try (Listener listener = new Listener("/events")) {
      listener.next();
      last = listener.id;
    }
    MadeUpRuns.append(run, MadeUpRuns.train(10, 0.5));
    try (Listener listener = new Listener("/events?after=x.1", "Last-Event-ID: " + last + "\r\n")) {
      JsonNode event = until(listener::next, e -> e.path("runs").size() > 0);
      assertThat(event.path("all").asBoolean()).isFalse();
      assertThat(event.path("runs")).hasSize(1);
    }
    try (Listener listener = new Listener("/events", "Last-Event-ID: of-another-server.7\r\n")) {
      JsonNode event = listener.next();
      assertThat(event.path("all").asBoolean()).isTrue();
      assertThat(event.path("runs")).hasSize(2);
    }
  }

  @Test
  void silenceIsFilledWithComments() throws Exception {
    try (Listener listener = new Listener("/events")) {
      listener.next();
      listener.untilComment();
      listener.untilComment();
    }
  }

  @Test
  void whoNeverReadsHoldsNobodyUp() throws Exception {
    Path run = runs.begin("a", "lot", 0, 100_000);
    state(1);
    try (Listener deaf = new Listener("/events");
        Listener other = new Listener("/events")) {
      other.next();
      for (int i = 1; i <= 300; i++) {
        MadeUpRuns.append(run, MadeUpRuns.train(i, 0.5));
        Thread.sleep(2);
      }
      until(() -> other.next().path("runs").path(0).path("step").asInt(), step -> step == 300);
      // It reads at last: the newest state, by way of a few events.
      until(() -> deaf.next().path("runs").path(0).path("step").asInt(), step -> step == 300);
    }
  }

  @Test
  void aResumedRunsShorterFileIsFollowed() throws Exception {
    Path run = runs.begin("a", "lot", 0, 100);
    MadeUpRuns.append(run, MadeUpRuns.train(10, 0.5) + MadeUpRuns.train(20, 0.4));
    String id = state(1).path("runs").get(0).path("id").asText();
    until(
        () -> Asked.withToken(watch, "/api/state").json().path("runs").get(0).path("step").asInt(),
        step -> step == 20);
    Files.writeString(run.resolve("metrics.jsonl"), MadeUpRuns.train(10, 0.5));
    until(
        () -> Asked.withToken(watch, "/api/state").json().path("runs").get(0).path("step").asInt(),
        step -> step == 10);

    String curve = "/api/curves?id=" + id + "&series=train%20teacher/loss&x=step&columns=100";
    assertThat(Asked.withToken(watch, curve).json().get(0).path("x").toString()).isEqualTo("[10]");
  }

  // ---- beginning and ending

  @Test
  void aTakenPortIsAnErrorIfItWasAskedFor() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> Watch.of(folder, OptionalInt.of(taken.getLocalPort())))
          .isInstanceOf(WatchException.class)
          .hasMessage("port " + taken.getLocalPort() + " cannot be had: in use, or not allowed");
    }
  }

  @Test
  void theUsualPortGivesWay() {
    try (Watch one = Watch.of(folder, OptionalInt.empty());
        Watch two = Watch.of(folder, OptionalInt.empty())) {
      assertThat(two.port()).isNotEqualTo(one.port());
    }
  }

  @Test
  void aDirectoryIsNeeded() throws IOException {
    assertThatThrownBy(() -> Watch.of(folder.resolve("absent"), OptionalInt.of(0)))
        .hasMessage(folder.resolve("absent") + ": no such directory");
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> Watch.of(file, OptionalInt.of(0)))
        .hasMessage(file + ": not a directory");
  }

  @Test
  void hostileTextsStayInsideTheirStrings() throws Exception {
    Path run = runs.begin("a", "lot", 0, 10);
    MadeUpRuns.write(
        run.resolve("run.json"),
        "{\"label\":\"</script><script>x\\u0000\\u2028\\\"}]\",\"status\":\"running\",\"seed\":0}");
    MadeUpRuns.append(run, "{\"step\":1,\"split\":\"tr\\\"ain\",\"a\\\"/b\":1}\n");
    JsonNode row = until(() -> state(1).path("runs").get(0), r -> r.path("step").asInt() == 1);
    assertThat(row.path("label").asText()).isEqualTo("</script><script>x\u0000\u2028\"}]");
    assertThat(
            Asked.withToken(watch, "/api/series?id=" + row.path("id").asText())
                .json()
                .get(0)
                .asText())
        .isEqualTo("tr\"ain a\"/b");
  }
}
