package lot4j.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in for an MLflow server on this machine: answers the calls of its REST interface that a
 * run makes, keeps them to be looked at, and fails when told to.
 */
public final class MlflowStandIn implements AutoCloseable {
  private static final String PREFIX = "/api/2.0/mlflow/";
  private static final Pattern NAME = Pattern.compile("\"name\"\\s*:\\s*\"([^\"]*)\"");

  private final HttpServer server;
  private final List<Call> calls = new ArrayList<>();
  private final Map<String, String> experiments = new LinkedHashMap<>();
  private int runs;
  private int failures;
  private int failure;

  /**
   * A call as it came in.
   *
   * @param call method and path behind the common prefix: {@code POST runs/create}
   * @param query what stood behind the question mark, decoded
   * @param authorization the header of that name
   * @param body JSON, or nothing
   */
  public record Call(
      String call, Optional<String> query, Optional<String> authorization, String body) {}

  private MlflowStandIn(HttpServer server) {
    this.server = server;
  }

  /** Starts one on a free port of the loopback address. */
  public static MlflowStandIn start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    MlflowStandIn standIn = new MlflowStandIn(server);
    server.createContext("/", standIn::answer);
    server.start();
    return standIn;
  }

  /** Its address. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The next {@code times} calls are answered with this status. */
  public synchronized void fail(int status, int times) {
    failure = status;
    failures = times;
  }

  /** Every call so far. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Optional<String> query =
          Optional.ofNullable(exchange.getRequestURI().getRawQuery())
              .map(raw -> URLDecoder.decode(raw, StandardCharsets.UTF_8));
      Call call =
          new Call(
              exchange.getRequestMethod() + " " + path.replaceFirst("^" + PREFIX, ""),
              query,
              Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
              body);
      int status = 200;
      String answer = "{}";
      synchronized (this) {
        calls.add(call);
        if (failures > 0) {
          failures--;
          status = failure;
          answer = "{\"error_code\": \"X\", \"message\": \"told to\\nfail\"}";
        } else if (call.call().equals("GET experiments/get-by-name")) {
          String name = query.orElse("").replaceFirst("^experiment_name=", "");
          status = experiments.containsKey(name) ? 200 : 404;
          answer =
              status == 200
                  ? "{\"experiment\": {\"experiment_id\": \"" + experiments.get(name) + "\"}}"
                  : "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\"}";
        } else if (call.call().equals("POST experiments/create")) {
          Matcher name = NAME.matcher(body);
          String id = Integer.toString(experiments.size() + 1);
          status = name.find() && experiments.putIfAbsent(name.group(1), id) == null ? 200 : 400;
          answer = "{\"experiment_id\": \"" + id + "\"}";
        } else if (call.call().equals("POST runs/create")) {
          answer = "{\"run\": {\"info\": {\"run_id\": \"run" + ++runs + "\"}}}";
        }
      }
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
