package lot4j.task;

import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.logsumexp;
import static org.bytedeco.pytorch.global.torch.stack;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import lot4j.Distribution;
import lot4j.Exercise;
import lot4j.Mask;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.data.Augmentation.View;
import lot4j.data.Normalization;
import lot4j.train.Pace;
import lot4j.train.Split;
import lot4j.train.Task;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Image classification: cross-entropy to learn from, loss and accuracy to be scored by. Images with
 * any number of labels are as many questions of yes and no: logits [batch, labels, 2].
 */
public final class ImageTask implements Task<ImageBatch> {
  private final Map<Split, ImagePart> parts;
  private final Normalization normalization;
  private final int evalBatchSize;
  private final ClassLoss loss;

  ImageTask(Map<Split, ImagePart> parts, Normalization normalization, int evalBatchSize) {
    this(parts, normalization, evalBatchSize, Optional.empty());
  }

  /**
   * A task whose loss weights classes.
   *
   * @param weights one for each class; of images with any number of labels two for each label, of
   *     no and yes
   */
  ImageTask(
      Map<Split, ImagePart> parts,
      Normalization normalization,
      int evalBatchSize,
      Optional<List<Double>> weights) {
    this.parts = Map.copyOf(parts);
    this.normalization = normalization;
    this.evalBatchSize = evalBatchSize;
    this.loss = new ClassLoss(weights);
  }

  /** The task for batches of one's own: it has a loss, but no splits to score. */
  public static ImageTask withoutSplits() {
    return new ImageTask(Map.of(), Normalization.none(1), 1);
  }

  @Override
  public Exercise exercise(ImageBatch batch) {
    return batch
        .labels()
        .map(labels -> Exercise.of(batch.images(), output -> loss(output, labels)))
        .orElseGet(() -> Exercise.of(batch.images()));
  }

  @Override
  public Tensor loss(Output output, ImageBatch batch) {
    return loss(output, labels(batch));
  }

  @Override
  public Optional<Tensor> classes(ImageBatch batch) {
    return batch.labels();
  }

  @Override
  public long samples(ImageBatch batch) {
    return batch.size();
  }

  @Override
  public Map<String, Tensor> observe(Output output, ImageBatch batch) {
    if (batch.labels().isEmpty()) {
      return Map.of();
    }
    Tensor logits = output.logits().detach();
    Tensor labels = on(logits, labels(batch));
    return Map.of("accuracy", hits(logits, labels).to(ScalarType.Float).mean());
  }

  @Override
  public Exercise part(Exercise exercise, double fraction) {
    return new Exercise(
        first(exercise.inputs(), fraction),
        new Mask(exercise.mask().positions().map(mask -> first(mask, fraction))),
        exercise.task());
  }

  @Override
  public Output part(Output output, double fraction) {
    Map<String, Tensor> extras = new LinkedHashMap<>();
    output.extras().forEach((name, tensor) -> extras.put(name, first(tensor, fraction)));
    return new Output(new Distribution.Categorical(first(output.logits(), fraction)), extras);
  }

  @Override
  public boolean scoresBatches() {
    return true;
  }

  @Override
  public List<Map<String, Double>> score(List<Network> networks, Split split) {
    return score(networks, part(split));
  }

  private ImagePart part(Split split) {
    ImagePart part = parts.get(split);
    if (part == null) {
      throw new IllegalArgumentException(
          "split = "
              + split.key()
              + " is not allowed; this data has "
              + parts.keySet().stream().map(Split::key).sorted().toList());
    }
    return part;
  }

  /** The same on any labelled images. */
  List<Map<String, Double>> score(List<Network> networks, ImagePart part) {
    return examine(networks, part).stream().map(Examined::metrics).toList();
  }

  @Override
  public List<Examined> examine(List<Network> networks, Split split) {
    return examine(networks, part(split));
  }

  private List<Examined> examine(List<Network> networks, ImagePart part) {
    ImageFeed feed = new ImageFeed(part, normalization);
    int[] order = IntStream.range(0, part.size()).toArray();
    List<PartScore> scores = new ArrayList<>();
    for (int i = 0; i < (networks.size() > 1 ? networks.size() + 1 : networks.size()); i++) {
      scores.add(PartScore.of(part));
    }
    PredictionSums sums = new PredictionSums(networks.size());
    for (int from = 0; from < part.size(); from += evalBatchSize) {
      try (PointerScope step = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        int to = Math.min(part.size(), from + evalBatchSize);
        ImageBatch batch = feed.batch(order, from, to, () -> View.PLAIN);
        List<Tensor> answers = answers(networks, batch);
        Tensor labels = on(answers.get(0), labels(batch)).reshape(-1);
        for (int i = 0; i < answers.size(); i++) {
          scores.get(i).add(from, answers.get(i), labels);
        }
        sums.add(answers.subList(0, networks.size()));
      }
    }
    List<Map<String, Double>> metrics = scores.stream().map(PartScore::metrics).toList();
    sums.describe(metrics);
    return IntStream.range(0, scores.size())
        .mapToObj(i -> new Examined(metrics.get(i), Optional.of(scores.get(i).details())))
        .toList();
  }

  /**
   * Log-probabilities [samples, classes] in float64 of each network, then of their mean; a sample
   * is an image, or one of its labels if each is a question by itself.
   */
  static List<Tensor> answers(List<Network> networks, ImageBatch batch) {
    List<Tensor> answers = new ArrayList<>();
    TensorVector each = new TensorVector();
    for (Network network : networks) {
      try (Memory memory = new Memory()) {
        Tensor logits = network.forward(batch.images(), memory).logits();
        Tensor rows = logits.reshape(-1, logits.size(-1));
        Tensor answer = log_softmax(rows, 1, new ScalarTypeOptional(ScalarType.Double));
        answers.add(answer);
        each.push_back(answer);
      }
    }
    if (networks.size() > 1) {
      Scalar count = new Scalar(Math.log(networks.size()));
      answers.add(logsumexp(stack(each), 0).sub(count));
    }
    return answers;
  }

  private Tensor loss(Output output, Tensor labels) {
    return loss.of(output.logits(), on(output.logits(), labels));
  }

  private static Tensor hits(Tensor logits, Tensor labels) {
    return logits.argmax(new LongOptional(-1), false).eq(labels);
  }

  private static Tensor on(Tensor logits, Tensor labels) {
    return logits.device().equals(labels.device())
        ? labels
        : labels.to(logits.device(), ScalarType.Long);
  }

  private static Tensor labels(ImageBatch batch) {
    return batch
        .labels()
        .orElseThrow(
            () -> new IllegalStateException("batch: has no labels; a task loss needs them"));
  }

  private static Tensor first(Tensor rows, double fraction) {
    if (fraction == 1) {
      return rows;
    }
    return rows.narrow(0, 0, Pace.part(rows.size(0), fraction));
  }
}
