package lot4j.task;

import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.logsumexp;
import static org.bytedeco.pytorch.global.torch.max;
import static org.bytedeco.pytorch.global.torch.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import lot4j.Exercise;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.train.Split;
import lot4j.train.Task;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Predicting one of some classes of a row: cross-entropy to learn from, loss and accuracy to be
 * scored by. The scores know no class weights.
 */
public final class TableTask implements Task<TableBatch> {
  private final Map<Split, TablePart> parts;
  private final int classes;
  private final ClassLoss loss;
  private final int evalBatchSize;

  TableTask(
      Map<Split, TablePart> parts, int classes, Optional<List<Double>> weights, int evalBatchSize) {
    this.parts = Map.copyOf(parts);
    this.classes = classes;
    this.loss = new ClassLoss(weights);
    this.evalBatchSize = evalBatchSize;
  }

  @Override
  public Exercise exercise(TableBatch batch) {
    return batch
        .targets()
        .map(labels -> Exercise.of(batch.inputs(), output -> loss(output, labels)))
        .orElseGet(() -> Exercise.of(batch.inputs()));
  }

  @Override
  public Tensor loss(Output output, TableBatch batch) {
    return loss(output, Rows.targets(batch));
  }

  private Tensor loss(Output output, Tensor labels) {
    Tensor logits = output.logits();
    return loss.of(logits, Rows.fitting(logits, labels, ScalarType.Long));
  }

  @Override
  public Optional<Tensor> classes(TableBatch batch) {
    return batch.targets();
  }

  @Override
  public long samples(TableBatch batch) {
    return batch.size();
  }

  @Override
  public Map<String, Tensor> observe(Output output, TableBatch batch) {
    if (batch.targets().isEmpty()) {
      return Map.of();
    }
    Tensor logits = output.logits().detach();
    Tensor labels = Rows.fitting(logits, Rows.targets(batch), ScalarType.Long);
    Tensor hits = logits.argmax(new LongOptional(1), false).eq(labels);
    return Map.of("accuracy", hits.to(ScalarType.Float).mean());
  }

  @Override
  public Exercise part(Exercise exercise, double fraction) {
    return Rows.part(exercise, fraction);
  }

  @Override
  public Output part(Output output, double fraction) {
    return Rows.part(output, fraction);
  }

  @Override
  public boolean scoresBatches() {
    return true;
  }

  @Override
  public List<Map<String, Double>> score(List<Network> networks, Split split) {
    return score(networks, parts.get(split));
  }

  /** The same on any rows with labels. */
  List<Map<String, Double>> score(List<Network> networks, TablePart part) {
    return examine(networks, part).stream().map(Examined::metrics).toList();
  }

  @Override
  public List<Examined> examine(List<Network> networks, Split split) {
    return examine(networks, parts.get(split));
  }

  private List<Examined> examine(List<Network> networks, TablePart part) {
    int[] order = IntStream.range(0, part.size()).toArray();
    List<ClassScore> scores = new ArrayList<>();
    for (int i = 0; i < (networks.size() > 1 ? networks.size() + 1 : networks.size()); i++) {
      scores.add(new ClassScore(part, classes));
    }
    PredictionSums sums = new PredictionSums(networks.size());
    for (int from = 0; from < part.size(); from += evalBatchSize) {
      try (PointerScope step = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        int to = Math.min(part.size(), from + evalBatchSize);
        TableBatch batch = part.batch(order, from, to);
        List<Tensor> answers = answers(networks, batch);
        for (int i = 0; i < answers.size(); i++) {
          add(scores.get(i), from, answers.get(i), Rows.targets(batch));
        }
        sums.add(answers.subList(0, networks.size()));
      }
    }
    List<Map<String, Double>> metrics = scores.stream().map(ClassScore::metrics).toList();
    sums.describe(metrics);
    return IntStream.range(0, scores.size())
        .mapToObj(i -> new Examined(metrics.get(i), Optional.of(scores.get(i).details())))
        .toList();
  }

  private static void add(ClassScore score, int from, Tensor logProbabilities, Tensor labels) {
    Tensor of = Rows.fitting(logProbabilities, labels, ScalarType.Long);
    double nll = logProbabilities.gather(1, of.unsqueeze(1)).sum().neg().item_double();
    T_TensorTensor_T best = max(logProbabilities, 1);
    double[] confidence = TablePrediction.numbers(best.get0().exp());
    long[] predicted = new long[confidence.length];
    best.get1().cpu().data_ptr_long().get(predicted);
    score.add(from, nll, confidence, predicted);
  }

  /** Log-probabilities [batch, classes] in float64 of each network, then of their mean. */
  private static List<Tensor> answers(List<Network> networks, TableBatch batch) {
    List<Tensor> answers = new ArrayList<>();
    TensorVector each = new TensorVector();
    for (Network network : networks) {
      try (Memory memory = new Memory()) {
        Tensor logits = network.forward(batch.inputs(), memory).logits();
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
}
