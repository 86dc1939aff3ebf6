package lot4j.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import lot4j.Distribution;
import lot4j.Exercise;
import lot4j.LabelLoss;
import lot4j.Mask;
import lot4j.Network;
import lot4j.Output;
import lot4j.data.Vocabulary;
import lot4j.train.Pace;
import lot4j.train.Split;
import lot4j.train.Task;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Predicting the next token: cross-entropy to learn from, perplexity to be scored by.
 *
 * <p>Perplexity is exp(Σ nll / targets): log-likelihoods are summed in float64 over every predicted
 * token of the text, with the networks' memory carried from piece to piece, and divided by the
 * number of predicted tokens. (The released LoT code divides by one row more; its 79.957 is 80.)
 *
 * <p>An output's extra named {@code regularization}, shape [], is added to the loss, as AWD-LSTM's
 * activation regularization needs; perplexities are without it.
 */
public final class LanguageTask implements Task<TextBatch> {
  /** The name of an output's extra that is added to the task's loss. */
  public static final String REGULARIZATION = "regularization";

  private final Map<Split, Columns> splits;
  private final Vocabulary vocabulary;
  private final int evalLength;

  LanguageTask(Map<Split, Columns> splits, Vocabulary vocabulary, int evalLength) {
    this.splits = Map.copyOf(splits);
    this.vocabulary = vocabulary;
    this.evalLength = evalLength;
  }

  @Override
  public Exercise exercise(TextBatch batch) {
    return new Exercise(
        batch.inputs(),
        Mask.none(),
        batch.targets().<Function<Output, Tensor>>map(TextLoss::new),
        batch.begins());
  }

  @Override
  public Tensor loss(Output output, TextBatch batch) {
    Tensor targets =
        batch
            .targets()
            .orElseThrow(
                () -> new IllegalStateException("batch: has no targets; a task loss needs them"));
    return new TextLoss(targets).apply(output);
  }

  @Override
  public Optional<Tensor> classes(TextBatch batch) {
    return batch.targets();
  }

  @Override
  public long samples(TextBatch batch) {
    return batch.size();
  }

  @Override
  public Map<String, Tensor> observe(Output output, TextBatch batch) {
    Tensor regularization = output.extras().get(REGULARIZATION);
    return regularization == null ? Map.of() : Map.of(REGULARIZATION, regularization.detach());
  }

  @Override
  public Map<String, Double> derive(Map<String, Double> means) {
    Map<String, Double> derived = new LinkedHashMap<>();
    means.forEach(
        (name, loss) -> {
          if (name.endsWith("/task_loss")) {
            String learner = name.substring(0, name.length() - "task_loss".length());
            double added = means.getOrDefault(learner + REGULARIZATION, 0.0);
            derived.put(learner + "perplexity", Math.exp(loss - added));
          }
        });
    return derived;
  }

  @Override
  public Set<String> ofTheData() {
    return Set.of("targets");
  }

  @Override
  public Exercise part(Exercise exercise, double fraction) {
    return new Exercise(
        first(exercise.inputs(), fraction),
        new Mask(exercise.mask().positions().map(mask -> first(mask, fraction))),
        exercise.task(),
        exercise.begins());
  }

  @Override
  public Output part(Output output, double fraction) {
    Map<String, Tensor> extras = new LinkedHashMap<>();
    output
        .extras()
        .forEach((name, each) -> extras.put(name, each.dim() > 1 ? first(each, fraction) : each));
    Distribution part =
        output.distribution() instanceof Distribution.Projected projected
            ? new Distribution.Projected(
                first(projected.features(), fraction), projected.projection())
            : new Distribution.Categorical(first(output.logits(), fraction));
    return new Output(part, extras);
  }

  @Override
  public List<Map<String, Double>> score(List<Network> networks, Split split) {
    Columns columns = splits.get(split);
    if (columns == null) {
      throw new IllegalArgumentException(
          "split = "
              + split.key()
              + " is not allowed; this data has "
              + splits.keySet().stream().map(Split::key).sorted().toList());
    }
    return score(networks, columns);
  }

  /** The same on any text. */
  List<Map<String, Double>> score(List<Network> networks, Columns columns) {
    double[] nll = new double[networks.size() > 1 ? networks.size() + 1 : networks.size()];
    PredictionSums sums = new PredictionSums(networks.size());
    try (Reading reading = new Reading(networks)) {
      long row = 0;
      while (row < columns.steps()) {
        try (PointerScope step = new PointerScope()) {
          TextBatch piece = columns.piece(row, evalLength, true);
          double[] more = reading.read(piece, sums::add);
          for (int i = 0; i < nll.length; i++) {
            nll[i] += more[i];
          }
          row += piece.rows();
        }
      }
    }
    double characters = characters(columns);
    List<Map<String, Double>> scores = new ArrayList<>();
    for (double sum : nll) {
      Map<String, Double> score = new LinkedHashMap<>();
      score.put("loss", sum / columns.targets());
      score.put("perplexity", Math.exp(sum / columns.targets()));
      score.put("bits_per_char", sum / Math.log(2) / characters);
      score.put("targets", (double) columns.targets());
      scores.add(score);
    }
    sums.describe(scores);
    return scores;
  }

  private double characters(Columns columns) {
    long characters = 0;
    for (int column = 0; column < columns.count(); column++) {
      for (long row = 1; row <= columns.steps(); row++) {
        characters += vocabulary.characters(columns.at(row, column));
      }
    }
    return characters;
  }

  /**
   * Mean cross-entropy of the first columns, as many as the output has, and what is added.
   *
   * @param all the next tokens, [time, batch] int64
   */
  private record TextLoss(Tensor all) implements LabelLoss {
    @Override
    public Tensor targets(Output output) {
      Tensor of = on(output, all);
      long columns = positions(output).size(1);
      return columns == of.size(1) ? of : of.narrow(1, 0, columns);
    }

    @Override
    public Optional<Tensor> more(Output output) {
      return Optional.ofNullable(output.extras().get(REGULARIZATION));
    }
  }

  /** Logits or what they are made of, [time, batch, …]. */
  private static Tensor positions(Output output) {
    return output.distribution() instanceof Distribution.Projected projected
        ? projected.features()
        : output.logits();
  }

  static Tensor on(Output output, Tensor targets) {
    Tensor positions = positions(output);
    return positions.device().equals(targets.device())
        ? targets
        : targets.to(positions.device(), ScalarType.Long);
  }

  private static Tensor first(Tensor piece, double fraction) {
    return fraction == 1 ? piece : piece.narrow(1, 0, Pace.part(piece.size(1), fraction));
  }
}
