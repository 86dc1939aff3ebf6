package lot4j.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the page asks for besides events: rows, curves, one run's numbers, reports. */
final class Answers {
  /** Runs that may be asked for at once. */
  static final int MOST_RUNS = 64;

  private static final int MOST_COLUMNS = 4_000;
  private static final Set<String> AXES = Set.of("step", "samples", "flops", "wall_s", "epoch");
  private static final String JSON = "application/json; charset=utf-8";

  private final Scout scout;
  private final Board board;
  private final Curves curves;
  private final Reports reports;

  Answers(Scout scout, Board board, Curves curves, Reports reports) {
    this.scout = scout;
    this.board = board;
    this.curves = curves;
    this.reports = reports;
  }

  /** Everything there is, for a page that opens. */
  void state(Context request) {
    send(request, board.all().json());
  }

  /** Which curves the runs have: a name that any of them has. */
  void series(Context request) {
    Set<String> all = new TreeSet<>();
    for (Path run : runs(request).values()) {
      all.addAll(curves.of(run).series());
    }
    ArrayNode names = JsonNodeFactory.instance.arrayNode();
    all.forEach(names::add);
    send(request, names.toString());
  }

  /** One curve of each run, thinned to what {@code columns} pixels can show. */
  void curves(Context request) {
    String series = text(request, "series");
    int space = series.indexOf(' ');
    String axis = text(request, "x");
    if (space < 1 || !AXES.contains(axis)) {
      throw wrong("series and x are needed; x is one of " + new TreeSet<>(AXES));
    }
    int columns = columns(text(request, "columns"));
    StringBuilder json = new StringBuilder("[");
    runs(request)
        .forEach(
            (id, run) -> {
              CurveTable.Points points =
                  curves
                      .of(run)
                      .points(
                          series.substring(0, space), series.substring(space + 1), axis, columns);
              json.append(json.length() > 1 ? "," : "").append("{\"id\":\"").append(id);
              numbers(json.append("\",\"x\":"), points.x());
              numbers(json.append(",\"y\":"), points.y());
              json.append('}');
            });
    send(request, json.append(']').toString());
  }

  /** The last value of every number of each run. */
  void values(Context request) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    runs(request)
        .forEach(
            (id, run) -> {
              ObjectNode of = all.addObject().put("id", id);
              curves.of(run).last().forEach(of.putObject("values")::put);
            });
    send(request, all.toString());
  }

  /** What stands about one run: its manifest and its configuration. */
  void run(Context request) {
    Path run = path(request.pathParam("id"), 'r');
    ObjectNode about = JsonNodeFactory.instance.objectNode();
    Optional<JsonNode> manifest = Manifest.json(run.resolve("run.json"));
    manifest.ifPresent(json -> about.set("manifest", json));
    Manifest.json(run.resolve("result.json")).ifPresent(json -> about.set("result", json));
    about.put("config", Manifest.text(run.resolve("config.yaml")).orElse(""));
    send(request, about.toString());
  }

  /** The report of a comparison, a run, or several runs. */
  void report(Context request) {
    List<Path> paths = new ArrayList<>();
    for (String id : ids(request)) {
      paths.add(scout.path(id).orElseThrow(Answers::unknown));
    }
    send(request, reports.of(paths));
  }

  private Map<String, Path> runs(Context request) {
    Map<String, Path> runs = new java.util.LinkedHashMap<>();
    for (String id : ids(request)) {
      runs.put(id, path(id, 'r'));
    }
    return runs;
  }

  private static List<String> ids(Context request) {
    List<String> ids = request.queryParams("id");
    if (ids.isEmpty() || ids.size() > MOST_RUNS) {
      throw wrong("1 to " + MOST_RUNS + " ids are needed");
    }
    return ids;
  }

  private Path path(String id, char kind) {
    if (id.isEmpty() || id.charAt(0) != kind) {
      throw unknown();
    }
    return scout.path(id).orElseThrow(Answers::unknown);
  }

  private static int columns(String text) {
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) < 1) {
      throw wrong("columns is a number from 1 to " + MOST_COLUMNS);
    }
    return Math.min(MOST_COLUMNS, Integer.parseInt(text));
  }

  private static String text(Context request, String key) {
    return Optional.ofNullable(request.queryParam(key)).orElse("");
  }

  /** Whole numbers as they are, others as precisely as a chart can show: 7 digits. */
  private static void numbers(StringBuilder json, double[] values) {
    json.append('[');
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      json.append(i == 0 ? "" : ",");
      if (value == Math.rint(value) && Math.abs(value) < 1e15) {
        json.append((long) value);
      } else if (Math.abs(value) < Float.MAX_VALUE && Math.abs(value) > Float.MIN_NORMAL) {
        json.append((float) value);
      } else {
        json.append(value);
      }
    }
    json.append(']');
  }

  private static void send(Context request, String json) {
    request.contentType(JSON).result(json);
  }

  private static HttpResponseException wrong(String what) {
    return new HttpResponseException(400, what, Map.of());
  }

  private static HttpResponseException unknown() {
    return new HttpResponseException(404, "no such thing here", Map.of());
  }
}
