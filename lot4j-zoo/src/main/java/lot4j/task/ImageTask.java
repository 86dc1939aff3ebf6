package lot4j.task;

import static org.bytedeco.pytorch.global.torch.cross_entropy;
import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.logsumexp;
import static org.bytedeco.pytorch.global.torch.stack;
import static org.bytedeco.pytorch.global.torch.zeros;

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

/** Image classification: cross-entropy to learn from, loss and accuracy to be scored by. */
public final class ImageTask implements Task<ImageBatch> {
  private final Map<Split, ImagePart> parts;
  private final Normalization normalization;
  private final int evalBatchSize;

  ImageTask(Map<Split, ImagePart> parts, Normalization normalization, int evalBatchSize) {
    this.parts = Map.copyOf(parts);
    this.normalization = normalization;
    this.evalBatchSize = evalBatchSize;
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
  public List<Map<String, Double>> score(List<Network> networks, Split split) {
    ImagePart part = parts.get(split);
    if (part == null) {
      throw new IllegalArgumentException(
          "split = "
              + split.key()
              + " is not allowed; this data has "
              + parts.keySet().stream().map(Split::key).sorted().toList());
    }
    return score(networks, part);
  }

  /** The same on any labelled images. */
  List<Map<String, Double>> score(List<Network> networks, ImagePart part) {
    ImageFeed feed = new ImageFeed(part, normalization);
    int[] order = IntStream.range(0, part.size()).toArray();
    int scored = networks.size() > 1 ? networks.size() + 1 : networks.size();
    try (PointerScope outer = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Tensor loss = zeros(scored).to(ScalarType.Double);
      Tensor correct = zeros(scored).to(ScalarType.Long);
      for (int from = 0; from < part.size(); from += evalBatchSize) {
        try (PointerScope step = new PointerScope()) {
          int to = Math.min(part.size(), from + evalBatchSize);
          ImageBatch batch = feed.batch(order, from, to, () -> View.PLAIN);
          TensorVector losses = new TensorVector();
          TensorVector rights = new TensorVector();
          for (Tensor logProbabilities : answers(networks, batch)) {
            Tensor labels = on(logProbabilities, labels(batch));
            losses.push_back(logProbabilities.gather(1, labels.unsqueeze(1)).sum().neg().cpu());
            rights.push_back(hits(logProbabilities, labels).sum().cpu());
          }
          loss.add_(stack(losses));
          correct.add_(stack(rights));
        }
      }
      List<Map<String, Double>> scores = new ArrayList<>();
      for (int i = 0; i < scored; i++) {
        Map<String, Double> score = new LinkedHashMap<>();
        score.put("loss", loss.data_ptr_double().get(i) / part.size());
        score.put("accuracy", (double) correct.data_ptr_long().get(i) / part.size());
        scores.add(score);
      }
      return scores;
    }
  }

  /** Log-probabilities [batch, classes] in float64 of each network, then of their mean. */
  static List<Tensor> answers(List<Network> networks, ImageBatch batch) {
    List<Tensor> answers = new ArrayList<>();
    TensorVector each = new TensorVector();
    for (Network network : networks) {
      try (Memory memory = new Memory()) {
        Tensor logits = network.forward(batch.images(), memory).logits();
        Tensor answer = log_softmax(logits, 1, new ScalarTypeOptional(ScalarType.Double));
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

  /** Mean cross-entropy of the first labels, as many as the output has rows. */
  private static Tensor loss(Output output, Tensor labels) {
    Tensor logits = output.logits();
    Tensor of = on(logits, labels);
    long rows = logits.size(0);
    return cross_entropy(logits, rows == of.size(0) ? of : of.narrow(0, 0, rows));
  }

  private static Tensor hits(Tensor logits, Tensor labels) {
    return logits.argmax(new LongOptional(1), false).eq(labels);
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
