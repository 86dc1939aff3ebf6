package lot4j.log.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import lot4j.log.MetricLine;
import lot4j.testkit.MlflowStandIn;
import lot4j.train.Split;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The calls are those of MLflow's REST API 2.0, as its documentation gives them. */
class MlflowTrackerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1500), ZoneOffset.UTC);

  @TempDir Path folder;

  private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch warned = new CountDownLatch(1);
  private MlflowStandIn server;

  @BeforeEach
  void start() throws IOException {
    server = MlflowStandIn.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void warn(String warning) {
    warnings.add(warning);
    warned.countDown();
  }

  private MlflowTracker tracker(Map<String, String> params, Optional<String> token) {
    MlflowTracker.Description about =
        new MlflowTracker.Description("digits/lot-seed0", Map.of("lot4j.label", "lot"), params);
    return MlflowTracker.start(
        folder, MlflowRun.read(folder).orElseThrow(), about, token, this::warn, CLOCK);
  }

  private void track(Map<String, String> params, MetricLine... lines) {
    try (MlflowTracker tracker = tracker(params, Optional.empty())) {
      Stream.of(lines).forEach(tracker::line);
      tracker.end(MlflowTracker.End.FINISHED);
    }
  }

  private static MetricLine line(long step, Split split, Map<String, Double> metrics) {
    return new MetricLine(step, 0.5, split, 1.25, 3e9, 640, metrics);
  }

  private static MetricLine loss(long step) {
    return line(step, Split.TRAIN, Map.of("teacher/loss", 1.0 / step));
  }

  private List<String> names() {
    return server.calls().stream().map(MlflowStandIn.Call::call).toList();
  }

  private List<JsonNode> bodies(String call) throws IOException {
    List<JsonNode> bodies = new ArrayList<>();
    for (MlflowStandIn.Call made : server.calls()) {
      if (made.call().equals(call)) {
        bodies.add(JSON.readTree(made.body()));
      }
    }
    return bodies;
  }

  private void plan() {
    MlflowRun.at(server.url() + "/", "my digits").write(folder);
  }

  @Test
  void aRunIsMadeDescribedFilledAndEnded() throws IOException {
    plan();
    track(Map.of("lot.alpha", "0.5"), loss(4));

    assertThat(names())
        .containsExactly(
            "GET experiments/get-by-name",
            "POST experiments/create",
            "POST runs/create",
            "POST runs/log-batch",
            "POST runs/log-batch",
            "POST runs/update");
    assertThat(server.calls().get(0).query()).hasValue("experiment_name=my digits");
    assertThat(server.calls()).allMatch(call -> call.authorization().isEmpty());
    assertThat(bodies("POST experiments/create").get(0))
        .isEqualTo(JSON.readTree("{\"name\": \"my digits\"}"));
    assertThat(bodies("POST runs/create").get(0))
        .isEqualTo(
            JSON.readTree(
                "{\"experiment_id\": \"1\", \"run_name\": \"digits/lot-seed0\", \"start_time\":"
                    + " 1500, \"tags\": [{\"key\": \"lot4j.label\", \"value\": \"lot\"}]}"));
    assertThat(bodies("POST runs/log-batch"))
        .containsExactly(
            JSON.readTree(
                "{\"run_id\": \"run1\", \"metrics\": [], \"params\": [{\"key\": \"lot.alpha\","
                    + " \"value\": \"0.5\"}], \"tags\": []}"),
            JSON.readTree(
                "{\"run_id\": \"run1\", \"metrics\": [{\"key\": \"train/teacher/loss\", \"value\":"
                    + " 0.25, \"timestamp\": 1500, \"step\": 4}], \"params\": [], \"tags\": []}"));
    assertThat(bodies("POST runs/update").get(0))
        .isEqualTo(
            JSON.readTree("{\"run_id\": \"run1\", \"status\": \"FINISHED\", \"end_time\": 1500}"));
    assertThat(warnings).isEmpty();
  }

  @Test
  void aKnownExperimentIsFoundByName() {
    plan();
    track(Map.of());
    plan(); // another run of the same experiment
    track(Map.of());
    assertThat(names().stream().filter("POST experiments/create"::equals)).hasSize(1);
    assertThat(names().stream().filter("POST runs/create"::equals)).hasSize(2);
  }

  @Test
  void noRequestIsLargerThanTheServerTakes() throws IOException {
    plan();
    Map<String, String> params = new TreeMap<>();
    for (int i = 0; i < 250; i++) {
      params.put("key." + i, "x".repeat(300));
    }
    Map<String, Double> wide = new LinkedHashMap<>();
    for (int i = 0; i < 2_300; i++) {
      wide.put("metric" + i, (double) i);
    }
    MetricLine[] lines = new MetricLine[40];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = line(i + 1, Split.VALID, i == 20 ? wide : Map.of("a", 1.0, "b", 2.0));
    }
    track(params, lines);

    int metrics = 0;
    int described = 0;
    for (JsonNode body : bodies("POST runs/log-batch")) {
      assertThat(body.path("metrics").size()).isLessThanOrEqualTo(1000);
      assertThat(body.path("params").size()).isLessThanOrEqualTo(100);
      metrics += body.path("metrics").size();
      described += body.path("params").size();
      body.path("params").forEach(p -> assertThat(p.path("value").asText()).hasSize(250));
    }
    assertThat(metrics).isEqualTo(2_300 + 39 * 2);
    assertThat(described).isEqualTo(250);
  }

  @Test
  void whatIsNotFiniteIsLeftOut() throws IOException {
    plan();
    track(
        Map.of(),
        line(1, Split.TEST, Map.of("a", Double.NaN, "b", Double.POSITIVE_INFINITY, "c", 3.0)));
    JsonNode metrics = bodies("POST runs/log-batch").get(0).path("metrics");
    assertThat(metrics).hasSize(1);
    assertThat(metrics.path(0).path("key").asText()).isEqualTo("test/c");
  }

  @Test
  void goingOnGoesOnWithTheSameRunAndSendsNothingTwice() throws IOException {
    plan();
    try (MlflowTracker tracker = tracker(Map.of("a", "b"), Optional.empty())) {
      tracker.line(loss(1));
      tracker.line(loss(2));
      tracker.end(MlflowTracker.End.KILLED);
    }
    track(Map.of("a", "b"), loss(2), loss(3)); // from a checkpoint at step 1

    assertThat(names().stream().filter("POST runs/create"::equals)).hasSize(1);
    List<Long> steps = new ArrayList<>();
    for (JsonNode body : bodies("POST runs/log-batch")) {
      body.path("metrics").forEach(metric -> steps.add(metric.path("step").asLong()));
      assertThat(body.path("run_id").asText()).isEqualTo("run1");
    }
    assertThat(steps).containsExactly(1L, 2L, 3L);
    assertThat(bodies("POST runs/update").stream().map(body -> body.path("status").asText()))
        .containsExactly("KILLED", "RUNNING", "FINISHED");
    assertThat(MlflowRun.read(folder).orElseThrow())
        .isEqualTo(
            MlflowRun.at(server.url(), "my digits").withId("run1").withSent(Map.of("train", 3L)));
  }

  @Test
  void aTokenIsSentAndNeverWritten() throws IOException {
    plan();
    server.fail(403, 99);
    try (MlflowTracker tracker = tracker(Map.of(), Optional.of("s3cret"))) {
      tracker.line(loss(1));
      tracker.end(MlflowTracker.End.FINISHED);
    }
    assertThat(server.calls()).isNotEmpty();
    assertThat(server.calls())
        .allSatisfy(call -> assertThat(call.authorization()).hasValue("Bearer s3cret"));
    assertThat(Files.readString(folder.resolve(MlflowRun.FILE))).doesNotContain("s3cret");
    assertThat(warnings.toString()).doesNotContain("s3cret");
  }

  @Test
  void aRefusalIsOneWarningAndTheEnd() {
    plan();
    server.fail(401, 99);
    track(Map.of(), loss(1), loss(2));
    assertThat(names()).hasSize(1);
    assertThat(warnings)
        .containsExactly(
            "mlflow: "
                + server.url()
                + ": experiments/get-by-name: HTTP 401: told to fail; nothing more is sent");
  }

  @Test
  @Timeout(60) // it waits for a warning, which may never come
  void aServerThatFailsForAWhileIsTriedAgain() throws InterruptedException {
    plan();
    server.fail(503, 1);
    try (MlflowTracker tracker = tracker(Map.of(), Optional.empty())) {
      tracker.line(loss(1));
      warned.await();
      tracker.end(MlflowTracker.End.FINISHED); // the occasion to try once more
    }
    assertThat(names()).endsWith("POST runs/log-batch", "POST runs/update");
    assertThat(warnings).hasSize(1).allMatch(w -> w.contains("trying again"));
  }

  @Test
  void aServerThatIsNotThereIsAWarning() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    MlflowRun.at("http://127.0.0.1:" + free, "x").write(folder);
    track(Map.of(), loss(1));
    assertThat(warnings).isNotEmpty();
    assertThat(warnings.get(warnings.size() - 1))
        .startsWith("mlflow: http://127.0.0.1:" + free + ": ")
        .endsWith("gave up, what is missing there is in metrics.jsonl");
  }

  @Test
  void aRunOfWhichNothingIsSaidHasFailed() throws IOException {
    plan();
    tracker(Map.of(), Optional.empty()).close();
    assertThat(bodies("POST runs/update").get(0).path("status").asText()).isEqualTo("FAILED");
  }

  @Test
  void addressesThatCannotBeUsedAreRefused() {
    for (String url :
        List.of("ftp://a", "localhost:5000", "http://", "http://a?b=c", "http://a b")) {
      assertThatThrownBy(() -> MlflowRun.at(url, "x"))
          .as(url)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is not allowed");
    }
    assertThatThrownBy(() -> MlflowRun.at("http://me:s3cret@host", "x"))
        .hasMessageContaining("MLFLOW_TRACKING_TOKEN")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> MlflowRun.at("http://host", " "))
        .hasMessage("experiment name '' is not allowed; any other text");
    assertThat(MlflowRun.at("https://host:1/path/", "x").server().toString())
        .isEqualTo("https://host:1/path");
  }

  @Test
  void aDamagedRecordNamesItsFile() throws IOException {
    Files.writeString(folder.resolve(MlflowRun.FILE), "{\"server\": ");
    assertThatThrownBy(() -> MlflowRun.read(folder)).hasMessageContaining("mlflow.json: damaged");
  }
}
