package lot4j.task;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Network;
import lot4j.checkpoint.AtomicFile;
import lot4j.train.DataException;
import lot4j.train.Prepared;
import lot4j.train.Split;

/**
 * The temperatures of a run's learners, {@link #FILE} of its directory.
 *
 * @param document the file's content: {@code step}, and by learner the temperature and, by split,
 *     loss and, of classes, expected calibration error before and after
 */
public record RunCalibration(ObjectNode document) {
  /** The file's name. */
  public static final String FILE = "calibration.json";

  private static final String SCHEMA = "lot4j-calibration-1";
  private static final ObjectMapper JSON = new ObjectMapper();

  public RunCalibration {
    document = document.deepCopy();
  }

  /**
   * One learner's numbers.
   *
   * @param scaling fitted on the validation split
   * @param before by split: metrics as the network is
   * @param after by split: metrics with it
   */
  public record Fitted(
      TemperatureScaling scaling,
      Map<Split, Map<String, Double>> before,
      Map<Split, Map<String, Double>> after) {}

  /**
   * Fits networks on the validation split and judges them there and, if there is one, on the test
   * split, whose labels the fit has not seen.
   *
   * @param networks in eval mode; call this without gradients
   * @throws DataException if there is no validation split, or networks do not say how sure they are
   */
  public static List<Fitted> fit(Prepared<?> prepared, List<Network> networks) {
    if (!prepared.splits().contains(Split.VALID)) {
      throw new DataException(
          prepared.dataName()
              + ": has no validation split to calibrate on; task.validation makes one");
    }
    List<Fitted> all = new ArrayList<>();
    for (Network saved : networks) {
      Network network = prepared.answering(saved);
      TemperatureScaling scaling = TemperatureScaling.fit(prepared.task(), network, Split.VALID);
      Map<Split, Map<String, Double>> before = new LinkedHashMap<>();
      Map<Split, Map<String, Double>> after = new LinkedHashMap<>();
      for (Split split : List.of(Split.VALID, Split.TEST)) {
        if (prepared.splits().contains(split)) {
          before.put(split, prepared.task().score(List.of(network), split).get(0));
          after.put(split, prepared.task().score(List.of(scaling.over(network)), split).get(0));
        }
      }
      all.add(new Fitted(scaling, before, after));
    }
    return all;
  }

  /**
   * What was fitted, ready to be written.
   *
   * @param step the checkpoint's teacher step
   */
  public static RunCalibration of(long step, Map<String, Fitted> learners) {
    ObjectNode document = JSON.createObjectNode();
    document.put("schema", SCHEMA);
    document.put("method", "temperature scaling");
    document.put("fitted_on", Split.VALID.key());
    document.put("step", step);
    ObjectNode all = document.putObject("learners");
    learners.forEach(
        (name, fitted) -> {
          ObjectNode learner = all.putObject(name);
          learner.put("temperature", fitted.scaling().temperature());
          fitted
              .before()
              .forEach(
                  (split, metrics) -> {
                    ObjectNode at = learner.putObject(split.key());
                    put(at.putObject("before"), metrics);
                    put(at.putObject("after"), fitted.after().get(split));
                  });
        });
    return new RunCalibration(document);
  }

  private static void put(ObjectNode node, Map<String, Double> metrics) {
    for (String name : List.of("loss", "ece")) {
      if (metrics.containsKey(name)) {
        node.put(name, metrics.get(name));
      }
    }
  }

  /** Writes {@link #FILE} of a run's directory. */
  public void write(Path run) {
    AtomicFile.write(run.resolve(FILE), document.toPrettyString() + "\n");
  }

  /**
   * Reads a run's file; empty if there is none.
   *
   * @throws DataException naming the file if it is damaged
   */
  public static Optional<RunCalibration> read(Path run) {
    Path file = run.resolve(FILE);
    try {
      JsonNode node = JSON.readTree(Files.readAllBytes(file));
      if (!(node instanceof ObjectNode object)
          || !object.path("schema").asText().equals(SCHEMA)
          || !object.path("step").isIntegralNumber()
          || !object.path("learners").isObject()) {
        throw new DataException(file + ": damaged: not a " + SCHEMA);
      }
      return Optional.of(new RunCalibration(object));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JacksonException e) {
      throw new DataException(file + ": damaged: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** One learner's part of the file, if it is of these weights. */
  public Optional<ObjectNode> learner(String learner, long step) {
    JsonNode found = document.path("learners").path(learner);
    return document.path("step").asLong() == step && found instanceof ObjectNode object
        ? Optional.of(object)
        : Optional.empty();
  }

  /**
   * A learner's temperature.
   *
   * @param run the run's directory
   * @param step of the checkpoint that is asked
   * @throws DataException if the run has none for these weights, or it is damaged
   */
  public static TemperatureScaling scaling(Path run, String learner, long step) {
    Optional<RunCalibration> calibration = read(run);
    if (calibration.isEmpty()) {
      throw new DataException(
          run + ": is not calibrated yet; lot eval " + run + " --calibrate does it");
    }
    double temperature =
        calibration
            .get()
            .learner(learner, step)
            .orElseThrow(
                () ->
                    new DataException(
                        run.resolve(FILE)
                            + ": is of step "
                            + calibration.get().document().path("step").asLong()
                            + ", the weights of "
                            + learner
                            + " are of step "
                            + step
                            + "; lot eval DIR --calibrate does it again"))
            .path("temperature")
            .asDouble(Double.NaN);
    if (!(temperature > 0 && Double.isFinite(temperature))) {
      throw new DataException(run.resolve(FILE) + ": damaged: no temperature of " + learner);
    }
    return new TemperatureScaling(temperature);
  }
}
