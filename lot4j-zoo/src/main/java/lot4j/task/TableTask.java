package lot4j.task;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import lot4j.Exercise;
import lot4j.Network;
import lot4j.Output;
import lot4j.train.Split;
import lot4j.train.Task;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
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
    return score(networks, Rows.of(parts, split));
  }

  /** The same on any rows with labels. */
  List<Map<String, Double>> score(List<Network> networks, TablePart part) {
    return examine(networks, part).stream().map(Examined::metrics).toList();
  }

  @Override
  public List<Examined> examine(List<Network> networks, Split split) {
    return examine(networks, Rows.of(parts, split));
  }

  private List<Examined> examine(List<Network> networks, TablePart part) {
    int[] order = IntStream.range(0, part.size()).toArray();
    return Examination.of(
        networks,
        (from, to) -> {
          TableBatch batch = part.batch(order, from, to);
          return new Examination.Questions(batch.inputs(), Rows.targets(batch));
        },
        part.size(),
        evalBatchSize,
        () -> new ClassScore(part.size(), classes, part::label, part::isNoisy));
  }
}
