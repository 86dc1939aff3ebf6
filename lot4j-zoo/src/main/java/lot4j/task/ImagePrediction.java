package lot4j.task;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lot4j.Network;
import lot4j.Require;
import lot4j.Shape;
import lot4j.data.Augmentation.View;
import lot4j.data.Fit;
import lot4j.data.ImageFiles;
import lot4j.data.LabelledImages;
import lot4j.data.Normalization;
import lot4j.train.DataException;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * What has to be known to classify image files as in training; small enough to be stored beside the
 * weights.
 *
 * @param classes names in the order of the outputs
 * @param shape [channels, height, width] of an image
 * @param normalization as in training
 * @param resize how images of other sizes are brought to the shape; empty if they are refused, as
 *     in runs whose images all had one size
 * @param multi whether an image may have none or several of the classes: each is then a question by
 *     itself, its probability that of yes
 */
public record ImagePrediction(
    List<String> classes,
    List<Long> shape,
    Normalization normalization,
    Optional<Fit> resize,
    boolean multi) {
  /** The file beside a run's weights that holds this. */
  public static final String FILE = "prediction.json";

  private static final JsonMapper JSON = new JsonMapper();
  private static final int BATCH = 64;
  private static final String REFUSED = "none";
  private static final String SINGLE = "single";
  private static final String MULTI = "multi";

  /** Components that a file lacks arrive as null. */
  public ImagePrediction {
    Require.that(classes != null, "classes", classes, "a list of names");
    Require.that(shape != null && shape.size() == 3, "shape", shape, "channels, height, width");
    Require.that(normalization != null, "normalization", normalization, "mean and std");
    classes = List.copyOf(classes);
    shape = List.copyOf(shape);
    resize = resize == null ? Optional.empty() : resize;
  }

  /** Of images that all have one size. */
  public ImagePrediction(List<String> classes, List<Long> shape, Normalization normalization) {
    this(classes, shape, normalization, Optional.empty(), false);
  }

  /** The content of {@link #FILE}. */
  byte[] file() {
    ObjectNode document = JSON.createObjectNode();
    document.set("classes", JSON.valueToTree(classes));
    document.set("shape", JSON.valueToTree(shape));
    document.set("normalization", JSON.valueToTree(normalization));
    document.put("resize", resize.map(ImagePrediction::word).orElse(REFUSED));
    document.put("labels", multi ? MULTI : SINGLE);
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document);
    } catch (IOException e) {
      throw new UncheckedIOException("a prediction as JSON: " + e.getMessage(), e);
    }
  }

  /**
   * Reads {@link #FILE}.
   *
   * @throws DataException naming the file if it is missing or damaged
   */
  public static ImagePrediction read(Path file) {
    try {
      JsonNode document = JSON.readTree(Files.readAllBytes(file));
      return new ImagePrediction(
          JSON.convertValue(document.get("classes"), new TypeReference<List<String>>() {}),
          JSON.convertValue(document.get("shape"), new TypeReference<List<Long>>() {}),
          JSON.convertValue(document.get("normalization"), Normalization.class),
          resize(document.path("resize").asText(REFUSED)),
          multi(document.path("labels").asText(SINGLE)));
    } catch (NoSuchFileException e) {
      throw new DataException(file + ": is not there; the run was begun by an older version", e);
    } catch (JacksonException e) {
      throw new DataException(file + ": damaged: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new DataException(file + ": damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static String word(Fit fit) {
    return fit.name().toLowerCase(Locale.ROOT);
  }

  /** Files of older versions say nothing: their images all had one size. */
  private static Optional<Fit> resize(String word) {
    Optional<Fit> fit = Stream.of(Fit.values()).filter(f -> word(f).equals(word)).findFirst();
    Require.that(fit.isPresent() || word.equals(REFUSED), "resize", word, "none, squash or crop");
    return fit;
  }

  private static boolean multi(String word) {
    Require.that(word.equals(SINGLE) || word.equals(MULTI), "labels", word, "single or multi");
    return word.equals(MULTI);
  }

  /**
   * What is said of an image: the most probable class, or all labels above ½.
   *
   * @param probabilities in the order of {@link #classes}
   */
  public List<String> said(List<Double> probabilities) {
    if (multi) {
      return IntStream.range(0, classes.size())
          .filter(label -> probabilities.get(label) > 0.5)
          .mapToObj(classes::get)
          .toList();
    }
    return List.of(classes.get(probabilities.indexOf(Collections.max(probabilities))));
  }

  /**
   * Class probabilities of image files.
   *
   * @param network in eval mode, one output a class
   * @return one list a file, as long as {@link #classes}
   * @throws lot4j.train.DataException naming a file that cannot be read or is of another size where
   *     none is resized
   */
  public List<List<Double>> probabilities(Network network, List<Path> files) {
    LabelledImages images = ImageFiles.read(files, new Shape(shape), resize);
    int[] order = IntStream.range(0, images.size()).toArray();
    ImagePart part = ImagePart.unlabelled(images, IntStream.of(order).boxed().toList());
    ImageFeed feed = new ImageFeed(part, normalization);
    List<List<Double>> all = new ArrayList<>();
    for (int from = 0; from < order.length; from += BATCH) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        int to = Math.min(order.length, from + BATCH);
        ImageBatch batch = feed.batch(order, from, to, () -> View.PLAIN);
        Tensor answer = answer(network, batch).exp().cpu().contiguous();
        double[] numbers = new double[(to - from) * classes.size()];
        answer.data_ptr_double().get(numbers);
        for (int i = 0; i < to - from; i++) {
          int first = i * classes.size();
          all.add(
              IntStream.range(first, first + classes.size()).mapToObj(j -> numbers[j]).toList());
        }
      }
    }
    return all;
  }

  /** Log-probabilities of all classes of all images, one after the other. */
  private Tensor answer(Network network, ImageBatch batch) {
    Network asked = multi ? LabelWise.of(network) : network;
    Tensor logs = Examination.answers(List.of(asked), batch.images()).get(0);
    return multi ? logs.select(1, 1) : logs;
  }
}
