package lot4j.task;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import lot4j.Network;
import lot4j.Shape;
import lot4j.data.Augmentation.View;
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
 */
public record ImagePrediction(List<String> classes, List<Long> shape, Normalization normalization) {
  /** The file beside a run's weights that holds this. */
  public static final String FILE = "prediction.json";

  private static final int BATCH = 64;

  public ImagePrediction {
    classes = List.copyOf(classes);
    shape = List.copyOf(shape);
  }

  /** The content of {@link #FILE}. */
  byte[] file() {
    try {
      return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
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
      return new JsonMapper().readValue(Files.readAllBytes(file), ImagePrediction.class);
    } catch (NoSuchFileException e) {
      throw new DataException(file + ": is not there; the run was begun by an older version", e);
    } catch (JacksonException e) {
      throw new DataException(file + ": damaged: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Class probabilities of image files.
   *
   * @param network in eval mode
   * @return one list a file, as long as {@link #classes}
   * @throws lot4j.train.DataException naming a file that cannot be read or is of another size
   */
  public List<List<Double>> probabilities(Network network, List<Path> files) {
    LabelledImages images = ImageFiles.read(files, new Shape(shape));
    int[] order = IntStream.range(0, images.size()).toArray();
    ImagePart part = ImagePart.unlabelled(images, IntStream.of(order).boxed().toList());
    ImageFeed feed = new ImageFeed(part, normalization);
    List<List<Double>> all = new ArrayList<>();
    for (int from = 0; from < order.length; from += BATCH) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        int to = Math.min(order.length, from + BATCH);
        ImageBatch batch = feed.batch(order, from, to, () -> View.PLAIN);
        Tensor answer = ImageTask.answers(List.of(network), batch).get(0).exp().cpu().contiguous();
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
}
