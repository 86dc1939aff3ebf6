package lot4j.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server says of runs, and how it begins. */
class WatchTest {
  private static final long OFTEN = 50;
  private static final long HEARTBEAT = 300;

  @TempDir Path outside;
  private Path folder;
  private Watch watch;
  private Watched watched;
  private MadeUpRuns runs;

  @BeforeEach
  void begin() throws IOException {
    folder = Files.createDirectories(outside.resolve("watched"));
    runs = new MadeUpRuns(folder);
    watch = Watch.of(folder, OptionalInt.of(0), OFTEN, HEARTBEAT);
    watched = new Watched(watch);
  }

  @AfterEach
  void end() {
    watch.close();
  }

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
    watched.state(1);

    Asked asked = Asked.withToken(watch, path);
    assertThat(asked.status()).isIn(400, 404);
    assertThat(asked.body()).doesNotContain("root:").doesNotContain("Manifest-Version");
  }

  @Test
  void wrongQuestionsAreAnsweredWithWhatIsAllowed() throws Exception {
    runs.finished("a", "lot", 0, 2);
    String id = watched.state(1).path("runs").get(0).path("id").asText();
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
    String id = watched.state(1).path("runs").get(0).path("id").asText();

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
    JsonNode group = watched.state(2).path("groups").get(0);
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
    String id = watched.state(1).path("groups").get(0).path("id").asText();

    Asked report = Asked.withToken(watch, "/api/report?id=" + id);
    assertThat(report.status()).isEqualTo(409);
    assertThat(report.body()).contains("symbolic links are not followed");
  }

  @Test
  void aDamagedComparisonSaysSo() throws Exception {
    Path run = runs.finished("a", "lot", 0, 3);
    Files.delete(run.resolve("result.json"));
    String id = watched.state(1).path("runs").get(0).path("id").asText();

    Asked report = Asked.withToken(watch, "/api/report?id=" + id);
    assertThat(report.status()).isEqualTo(409);
    assertThat(report.body()).contains("result.json");
  }

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
    JsonNode row =
        watched.until(() -> watched.state(1).path("runs").get(0), r -> r.path("step").asInt() == 1);
    assertThat(row.path("label").asText()).isEqualTo("</script><script>x\u0000\u2028\"}]");
    assertThat(
            Asked.withToken(watch, "/api/series?id=" + row.path("id").asText())
                .json()
                .get(0)
                .asText())
        .isEqualTo("tr\"ain a\"/b");
  }
}
