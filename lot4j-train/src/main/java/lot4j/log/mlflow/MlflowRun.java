package lot4j.log.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import lot4j.checkpoint.AtomicFile;

/**
 * Where a run is reported to, and how far: the file {@code mlflow.json} of a run directory.
 *
 * <p>It is no part of the run's configuration, so it changes neither its digest nor its bits. It
 * holds no secret: a server's address with a password in it is refused.
 *
 * @param server {@code http} or {@code https}, perhaps with a path
 * @param experiment the experiment's name on the server
 * @param id the run's id on the server; empty until the server has given one
 * @param sent the last step that was sent, by split
 */
public record MlflowRun(
    URI server, String experiment, Optional<String> id, Map<String, Long> sent) {
  /** The file's name. */
  public static final String FILE = "mlflow.json";

  private static final String SCHEMA = "lot4j-mlflow-1";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Keeps a copy of the map.
   *
   * @throws IllegalArgumentException if the address is none that can be used, or the name is blank
   */
  public MlflowRun {
    boolean usable =
        server.getScheme() != null
            && Set.of("http", "https").contains(server.getScheme())
            && server.getHost() != null
            && server.getRawQuery() == null
            && server.getRawFragment() == null;
    if (!usable) {
      throw new IllegalArgumentException(
          server + " is not allowed; http://HOST:PORT or https://HOST, perhaps with a path");
    }
    if (server.getRawUserInfo() != null) {
      // Not quoted: it would print the password.
      throw new IllegalArgumentException(
          "an address with a user or password is not allowed; the token goes into the environment"
              + " variable "
              + MlflowTracker.TOKEN);
    }
    if (experiment.isBlank()) {
      throw new IllegalArgumentException("experiment name '' is not allowed; any other text");
    }
    sent = Map.copyOf(sent);
  }

  /**
   * A run that the server does not know yet.
   *
   * @throws IllegalArgumentException if the address is none that can be used, or the name is blank
   */
  public static MlflowRun at(String server, String experiment) {
    try {
      return new MlflowRun(
          new URI(server.replaceFirst("/+$", "")), experiment, Optional.empty(), Map.of());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "'" + server + "' is not allowed; http://HOST:PORT or https://HOST", e);
    }
  }

  MlflowRun withId(String id) {
    return new MlflowRun(server, experiment, Optional.of(id), sent);
  }

  MlflowRun withSent(Map<String, Long> steps) {
    return new MlflowRun(server, experiment, id, steps);
  }

  /** Writes the file into {@code directory}. */
  public void write(Path directory) {
    ObjectNode node = JSON.createObjectNode();
    node.put("schema", SCHEMA).put("server", server.toString()).put("experiment", experiment);
    id.ifPresentOrElse(known -> node.put("run_id", known), () -> node.putNull("run_id"));
    ObjectNode steps = node.putObject("sent");
    new TreeMap<>(sent).forEach(steps::put);
    AtomicFile.write(directory.resolve(FILE), node.toPrettyString() + "\n");
  }

  /**
   * Reads the file of {@code directory}; empty if there is none.
   *
   * @throws IllegalArgumentException naming the file if it is damaged
   */
  public static Optional<MlflowRun> read(Path directory) {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode node = JSON.readTree(Files.readAllBytes(file));
      Map<String, Long> sent = new TreeMap<>();
      node.path("sent").properties().forEach(e -> sent.put(e.getKey(), e.getValue().asLong()));
      MlflowRun run = at(node.path("server").asText(), node.path("experiment").asText());
      String id = node.path("run_id").asText("");
      return Optional.of((id.isEmpty() ? run : run.withId(id)).withSent(sent));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }
}
