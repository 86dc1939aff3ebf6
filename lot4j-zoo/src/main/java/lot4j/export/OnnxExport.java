package lot4j.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.data.Normalization;
import lot4j.onnx.OnnxGraph;
import lot4j.onnx.OnnxGraph.ElementType;
import lot4j.onnx.OnnxModel;
import lot4j.onnx.OnnxOutput;
import lot4j.onnx.OnnxTask;
import lot4j.onnx.OnnxValue;
import lot4j.task.ImagePrediction;
import lot4j.train.Provenance;
import lot4j.train.SavedRun;
import org.bytedeco.javacpp.PointerScope;

/**
 * Writes a network as an ONNX graph, as it answers in eval mode, in float32: input {@code input},
 * [batch, …], outputs {@code logits} and {@code probabilities}, [batch, classes]. The batch may be
 * of any size. Names of classes and normalisation stand among the file's metadata properties.
 */
public final class OnnxExport {
  /** How such a file's name ends. */
  public static final String ENDING = ".onnx";

  private static final int BUFFER = 1 << 16;

  private OnnxExport() {}

  /** Whether a network can be written so: its model is an {@link OnnxModel}. */
  public static boolean supports(Subject subject) {
    return subject.spec() instanceof OnnxModel;
  }

  /** Whether the network was trained on images, whose normalisation the graph can hold. */
  public static boolean ofImages(Subject subject) {
    return Files.isRegularFile(images(subject));
  }

  /** The names of all models that can be written so, for a message. */
  public static String supported(Catalog catalog) {
    return catalog.entries(Category.MODEL).stream()
        .filter(entry -> entry.defaults() instanceof OnnxModel)
        .filter(entry -> entry.canonical().equals(entry.name()))
        .map(Catalog.Entry::name)
        .collect(Collectors.joining(", "));
  }

  /**
   * Writes the file, then its card, each at once or not at all, over whatever was there.
   *
   * @param pixels whether the graph takes bytes, [batch, channels, height, width], and normalises
   *     them itself; for images only
   * @param temperature what logits are divided by before probabilities are made of them; 1 where
   *     they are not calibrated
   * @throws IllegalArgumentException if the model is not among those that are supported
   * @throws java.io.UncheckedIOException naming the file if it cannot be written
   */
  public static Exported write(Subject subject, Path file, boolean pixels, double temperature) {
    if (!(subject.spec() instanceof OnnxModel model)) {
      throw new IllegalArgumentException(
          "model = " + subject.model() + " is not allowed; " + supported(subject.catalog()));
    }
    SavedRun run = subject.run();
    ObjectNode card = ModelCard.of(subject);
    card.set("onnx", graph(pixels, temperature));
    if (pixels) {
      ((ObjectNode) card.get("input")).put("type", "uint8");
      ((ObjectNode) card.get("preprocessing")).put("inside", true);
    }
    // Owns the weights' copies until the file is written.
    try (PointerScope scope = new PointerScope()) {
      OnnxGraph graph =
          new OnnxGraph(
              subject.state().tensors(),
              run.input(),
              pixels ? ElementType.UINT8 : ElementType.FLOAT);
      if (pixels) {
        graph.begin(normalized(graph, ImagePrediction.read(images(subject)).normalization()));
      }
      List<OnnxOutput> outputs = outputs(graph, model, run, temperature);
      outputs.forEach(graph::add);
      outputs.forEach(output -> card.withObject("/onnx").withArray("outputs").add(output.name()));
      return ModelCard.write(
          file,
          "onnx",
          card,
          out -> {
            try (OutputStream stream =
                new BufferedOutputStream(Channels.newOutputStream(out), BUFFER)) {
              graph.write(
                  stream,
                  run.config().name(),
                  Provenance.versions().get("lot4j"),
                  properties(subject, card));
            }
          });
    }
  }

  private static List<OnnxOutput> outputs(
      OnnxGraph graph, OnnxModel model, SavedRun run, double temperature) {
    if (run.config().task().spec() instanceof OnnxTask task) {
      return task.onnx(graph, model, run.directory(), run.outputs(), temperature);
    }
    return OnnxOutput.classes(model.onnx(graph), run.outputs(), temperature);
  }

  private static Path images(Subject subject) {
    return subject.run().directory().resolve(ImagePrediction.FILE);
  }

  /** (x / 255 − mean) / std as one product and one sum. */
  private static OnnxValue normalized(OnnxGraph graph, Normalization numbers) {
    int channels = numbers.mean().size();
    double[] factors = new double[channels];
    double[] offsets = new double[channels];
    for (int i = 0; i < channels; i++) {
      factors[i] = 1 / (255 * numbers.std().get(i));
      offsets[i] = -numbers.mean().get(i) / numbers.std().get(i);
    }
    return graph
        .input()
        .toFloat()
        .times(graph.constant(factors, channels, 1, 1))
        .plus(graph.constant(offsets, channels, 1, 1));
  }

  private static ObjectNode graph(boolean pixels, double temperature) {
    ObjectNode graph = JsonNodeFactory.instance.objectNode();
    graph.put("opset", OnnxGraph.OPSET);
    graph.put("ir_version", OnnxGraph.IR_VERSION);
    graph.put("precision", "float32");
    graph.put("preprocessing", pixels ? "inside" : "outside");
    graph.put("temperature_of_probabilities", temperature);
    return graph;
  }

  private static Map<String, String> properties(Subject subject, ObjectNode card) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("model", subject.model());
    properties.put("learner", subject.learner());
    properties.put("summary", card.get("summary").asText());
    properties.put(
        "temperature_of_probabilities", card.at("/onnx/temperature_of_probabilities").asText());
    for (String key : List.of("labels", "preprocessing")) {
      JsonNode value = card.get(key);
      if (value != null && !value.isNull()) {
        properties.put(key, value.toString());
      }
    }
    return properties;
  }
}
