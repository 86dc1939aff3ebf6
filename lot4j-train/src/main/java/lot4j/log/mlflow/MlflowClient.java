package lot4j.log.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The few calls of MLflow's REST interface, version 2.0, that a run needs.
 *
 * <p>A request that the server will never take ({@link Refused}) is told from one that may work
 * later (any other {@link IOException}). Redirects are not followed: the token is for one server.
 */
final class MlflowClient {
  /** A request may hold so many metrics. */
  static final int MOST_METRICS = 1000;

  /** A request may hold so many parameters, and so many tags. */
  static final int MOST_PARAMS = 100;

  private static final Duration CONNECTING = Duration.ofSeconds(5);
  private static final Duration ANSWERING = Duration.ofSeconds(10);
  private static final int LONGEST_MESSAGE = 200;

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECTING)
          .followRedirects(HttpClient.Redirect.NEVER)
          .version(HttpClient.Version.HTTP_1_1)
          .build();
  private final URI server;
  private final Optional<String> token;

  MlflowClient(URI server, Optional<String> token) {
    this.server = server;
    this.token = token;
  }

  /** One value at one step. */
  record Metric(String key, double value, long timestamp, long step) {}

  /** The server says no, and would say so again. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /** The id of the experiment of that name, which is made if it is not there. */
  String experiment(String name) throws IOException, InterruptedException {
    Optional<String> found = find(name);
    if (found.isPresent()) {
      return found.get();
    }
    ObjectNode body = json.createObjectNode().put("name", name);
    try {
      return post("experiments/create", body).path("experiment_id").asText();
    } catch (Refused refused) {
      // Another run of the same comparison may have made it in between.
      return find(name).orElseThrow(() -> refused);
    }
  }

  private Optional<String> find(String name) throws IOException, InterruptedException {
    String query = URLEncoder.encode(name, StandardCharsets.UTF_8);
    HttpRequest request = request("experiments/get-by-name?experiment_name=" + query).GET().build();
    HttpResponse<String> response = send(request);
    if (response.statusCode() == 404) {
      return Optional.empty();
    }
    return Optional.of(
        checked(request, response).path("experiment").path("experiment_id").asText());
  }

  /** Begins a run; returns its id. */
  String create(String experimentId, String name, long startMillis, Map<String, String> tags)
      throws IOException, InterruptedException {
    ObjectNode body = json.createObjectNode();
    body.put("experiment_id", experimentId).put("run_name", name).put("start_time", startMillis);
    pairs(body.putArray("tags"), tags);
    String id = post("runs/create", body).path("run").path("info").path("run_id").asText();
    if (id.isEmpty()) {
      throw new Refused("runs/create: the answer has no run_id");
    }
    return id;
  }

  /** Sends metrics and parameters; no more than a request may hold. */
  void log(String runId, List<Metric> metrics, Map<String, String> params)
      throws IOException, InterruptedException {
    ObjectNode body = json.createObjectNode().put("run_id", runId);
    ArrayNode list = body.putArray("metrics");
    for (Metric metric : metrics) {
      list.addObject()
          .put("key", metric.key())
          .put("value", metric.value())
          .put("timestamp", metric.timestamp())
          .put("step", metric.step());
    }
    pairs(body.putArray("params"), params);
    body.putArray("tags");
    post("runs/log-batch", body);
  }

  /** Sets a run's status: RUNNING, FINISHED, FAILED or KILLED. */
  void update(String runId, String status, OptionalLong endMillis)
      throws IOException, InterruptedException {
    ObjectNode body = json.createObjectNode().put("run_id", runId).put("status", status);
    endMillis.ifPresent(end -> body.put("end_time", end));
    post("runs/update", body);
  }

  private static void pairs(ArrayNode list, Map<String, String> entries) {
    entries.forEach((key, value) -> list.addObject().put("key", key).put("value", value));
  }

  private JsonNode post(String call, ObjectNode body) throws IOException, InterruptedException {
    HttpRequest request =
        request(call)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    return checked(request, send(request));
  }

  private HttpRequest.Builder request(String call) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + "/api/2.0/mlflow/" + call)).timeout(ANSWERING);
    token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    return request;
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private JsonNode checked(HttpRequest request, HttpResponse<String> response) throws IOException {
    int status = response.statusCode();
    JsonNode answer = parsed(response.body());
    if (status == 200) {
      return answer;
    }
    String said = answer.path("message").asText("");
    String path = request.uri().getPath();
    String message =
        path.substring(path.lastIndexOf("mlflow/") + "mlflow/".length())
            + ": HTTP "
            + status
            + (said.isEmpty() ? "" : ": " + oneLine(said));
    // Too many requests, and what goes wrong inside the server, may pass.
    throw status == 429 || status >= 500 ? new IOException(message) : new Refused(message);
  }

  private JsonNode parsed(String body) {
    try {
      JsonNode node = json.readTree(body);
      return node == null ? json.createObjectNode() : node;
    } catch (JsonProcessingException e) {
      return json.createObjectNode(); // a proxy's page, say; the status tells enough
    }
  }

  private static String oneLine(String text) {
    String shown = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return shown.length() > LONGEST_MESSAGE ? shown.substring(0, LONGEST_MESSAGE) + "…" : shown;
  }
}
