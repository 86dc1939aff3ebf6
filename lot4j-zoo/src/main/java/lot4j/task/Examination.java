package lot4j.task;

import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.logsumexp;
import static org.bytedeco.pytorch.global.torch.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import lot4j.Memory;
import lot4j.Network;
import lot4j.train.Task.Examined;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** How several networks tell the classes of a part's samples, and how the mean of all does. */
final class Examination {
  private Examination() {}

  /**
   * Some labelled samples.
   *
   * @param inputs [samples, …]
   * @param labels [samples] int64, or [samples, labels] where each is a question by itself
   */
  record Questions(Tensor inputs, Tensor labels) {}

  /** Makes the samples from one place of the part to another. */
  interface Part {
    /** In the innermost {@code PointerScope}. */
    Questions at(int from, int to);
  }

  /**
   * Examines networks on a part, some samples at a time; of several, the mean of their
   * probabilities comes last.
   *
   * @param size samples of the part
   * @param batchSize samples at a time
   * @param score of no sample yet
   */
  static List<Examined> of(
      List<Network> networks, Part part, int size, int batchSize, Supplier<PartScore> score) {
    List<PartScore> scores = new ArrayList<>();
    for (int i = 0; i < (networks.size() > 1 ? networks.size() + 1 : networks.size()); i++) {
      scores.add(score.get());
    }
    PredictionSums sums = new PredictionSums(networks.size());
    for (int from = 0; from < size; from += batchSize) {
      try (PointerScope step = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        Questions asked = part.at(from, Math.min(size, from + batchSize));
        List<Tensor> answers = answers(networks, asked.inputs());
        Tensor labels = Rows.fitting(answers.get(0), asked.labels().reshape(-1), ScalarType.Long);
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
   * Log-probabilities [answers, classes] in float64 of each network, then of their mean; an answer
   * is to a sample, or to one of its labels if each is a question by itself.
   */
  static List<Tensor> answers(List<Network> networks, Tensor inputs) {
    List<Tensor> answers = new ArrayList<>();
    TensorVector each = new TensorVector();
    for (Network network : networks) {
      try (Memory memory = new Memory()) {
        Tensor logits = network.forward(inputs, memory).logits();
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
}
