package lot4j.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.config.ConfigSource;
import lot4j.sweep.slurm.SlurmOptions;
import lot4j.train.DataException;

/**
 * What was asked of a sweep, {@link #FILE} of its directory: with it and the runs that lie there
 * the sweep goes on.
 *
 * @param config the configuration's name as the user wrote it
 * @param text the configuration itself, as it was read
 * @param overrides {@code key.path=value} each
 * @param grids {@code key=values} each
 * @param random how many points are drawn; empty: all
 * @param seed of the draw
 * @param eta of successive halving; empty: every point has the whole budget
 * @param methods the method that is scored and its baselines; empty: the configuration's methods
 * @param select whether a winner is chosen
 * @param slurm what is asked of Slurm; empty: the runs are trained by worker processes
 */
public record SweepRequest(
    String config,
    String text,
    List<String> overrides,
    List<String> grids,
    Optional<Integer> random,
    long seed,
    Optional<Integer> eta,
    List<String> methods,
    boolean select,
    Optional<SlurmOptions> slurm) {
  /** The file's name; its presence makes a directory a sweep. */
  public static final String FILE = "sweep-request.json";

  private static final String SCHEMA = "lot4j-sweep-request-1";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Keeps copies of the lists. */
  public SweepRequest {
    overrides = List.copyOf(overrides);
    grids = List.copyOf(grids);
    methods = List.copyOf(methods);
  }

  /** The configuration. */
  public ConfigSource source() {
    return ConfigSource.of(config, text);
  }

  /** The points that are asked for. */
  public Design design() {
    return Design.of(grids, random, seed);
  }

  /** The same in another place. */
  public SweepRequest on(Optional<SlurmOptions> place) {
    return new SweepRequest(
        config, text, overrides, grids, random, seed, eta, methods, select, place);
  }

  /** The file's text. */
  public String json() {
    ObjectNode node = JSON.createObjectNode();
    node.put("schema", SCHEMA);
    node.put("config", config);
    node.put("text", text);
    node.set("overrides", JSON.valueToTree(overrides));
    node.set("grids", JSON.valueToTree(grids));
    random.ifPresentOrElse(n -> node.put("random", n), () -> node.putNull("random"));
    node.put("seed", seed);
    eta.ifPresentOrElse(n -> node.put("eta", n), () -> node.putNull("eta"));
    node.set("methods", JSON.valueToTree(methods));
    node.put("select", select);
    slurm.ifPresent(options -> options.write(node.putObject("slurm")));
    return node.toPrettyString() + "\n";
  }

  /**
   * Reads a sweep's file.
   *
   * @throws DataException if it is damaged
   */
  public static SweepRequest read(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      JsonNode node = JSON.readTree(Files.readAllBytes(file));
      if (!node.path("schema").asText().equals(SCHEMA)) {
        throw new DataException(file + ": schema is not " + SCHEMA);
      }
      return new SweepRequest(
          node.path("config").asText(),
          node.path("text").asText(),
          texts(node.path("overrides")),
          texts(node.path("grids")),
          number(node.path("random")),
          node.path("seed").asLong(),
          number(node.path("eta")),
          texts(node.path("methods")),
          node.path("select").asBoolean(),
          Optional.of(node.path("slurm")).filter(JsonNode::isObject).map(SlurmOptions::read));
    } catch (JsonProcessingException e) {
      throw new DataException(file + ": not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static Optional<Integer> number(JsonNode node) {
    return node.isInt() ? Optional.of(node.intValue()) : Optional.empty();
  }

  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    node.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
