package lot4j.task;

import static org.bytedeco.pytorch.global.torch.logsumexp;
import static org.bytedeco.pytorch.global.torch.stack;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lot4j.Distribution;
import lot4j.Exercise;
import lot4j.Mask;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.Piecewise;
import lot4j.task.InstructionBatch.Example;
import lot4j.train.Pace;
import lot4j.train.Split;
import lot4j.train.Task;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Answering requests: cross-entropy of the answers' tokens to learn from; that, its perplexity, and
 * how many generated answers are right to be scored by.
 *
 * <p>What is in front of an answer, and what fills up a batch, counts for nothing, in the loss, in
 * imitation, and in every number of a score. Means are over tokens, not over examples.
 */
public final class InstructionTask implements Task<InstructionBatch> {
  private final Map<Split, List<Example>> splits;
  private final InstructionTuning spec;
  private final Optional<InstructionFormat> format;
  private final int evalBatchSize;

  InstructionTask(
      Map<Split, List<Example>> splits,
      InstructionTuning spec,
      Optional<InstructionFormat> format,
      int evalBatchSize) {
    this.splits = Map.copyOf(splits);
    this.spec = spec;
    this.format = format;
    this.evalBatchSize = evalBatchSize;
  }

  @Override
  public Exercise exercise(InstructionBatch batch) {
    return new Exercise(
        batch.inputs(), Mask.of(batch.counted()), Optional.of(output -> loss(output, batch)), true);
  }

  /** The mean over the answers' tokens; of a part of the columns, over theirs. */
  @Override
  public Tensor loss(Output output, InstructionBatch batch) {
    Tensor positions = positions(output);
    long columns = positions.size(1);
    Tensor counted = on(positions, batch.counted().narrow(1, 0, columns), ScalarType.Bool);
    Tensor targets = on(positions, batch.targets().narrow(1, 0, columns), ScalarType.Long);
    Tensor places = counted.reshape(-1).nonzero().squeeze(1);
    return Piecewise.crossEntropy(at(output, places), targets.reshape(-1).index_select(0, places));
  }

  @Override
  public Optional<Tensor> classes(InstructionBatch batch) {
    return Optional.of(batch.targets());
  }

  @Override
  public long samples(InstructionBatch batch) {
    return batch.size();
  }

  @Override
  public double weight(InstructionBatch batch) {
    return batch.answers();
  }

  @Override
  public Map<String, Tensor> observe(Output output, InstructionBatch batch) {
    return Map.of();
  }

  @Override
  public Map<String, Double> derive(Map<String, Double> means) {
    Map<String, Double> derived = new LinkedHashMap<>();
    means.forEach(
        (name, loss) -> {
          if (name.endsWith("/task_loss")) {
            String learner = name.substring(0, name.length() - "task_loss".length());
            derived.put(learner + "perplexity", Math.exp(loss));
          }
        });
    return derived;
  }

  @Override
  public Set<String> ofTheData() {
    return Set.of("targets", "generated");
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
    List<Example> examples = splits.get(split);
    if (examples == null) {
      throw new IllegalArgumentException(
          "split = "
              + split.key()
              + " is not allowed; this data has "
              + splits.keySet().stream().map(Split::key).sorted().toList());
    }
    return score(networks, examples);
  }

  /** The same on any examples. */
  List<Map<String, Double>> score(List<Network> networks, List<Example> examples) {
    double[] nll = new double[networks.size() > 1 ? networks.size() + 1 : networks.size()];
    PredictionSums sums = new PredictionSums(networks.size());
    long targets = 0;
    for (int from = 0; from < examples.size(); from += evalBatchSize) {
      try (PointerScope step = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        int to = Math.min(examples.size(), from + evalBatchSize);
        InstructionBatch batch = InstructionBatch.of(examples.subList(from, to), spec.length());
        double[] more = read(networks, batch, sums);
        for (int i = 0; i < nll.length; i++) {
          nll[i] += more[i];
        }
        targets += batch.answers();
      }
    }
    List<Map<String, Double>> scores = new ArrayList<>();
    for (double sum : nll) {
      Map<String, Double> score = new LinkedHashMap<>();
      score.put("loss", sum / targets);
      score.put("perplexity", Math.exp(sum / targets));
      score.put("targets", (double) targets);
      scores.add(score);
    }
    sums.describe(scores);
    generate(networks, examples, scores);
    return scores;
  }

  /** Σ −log p of the answers' tokens, of each network, and of their mean if there are several. */
  private static double[] read(
      List<Network> networks, InstructionBatch batch, PredictionSums sums) {
    List<Output> outputs = new ArrayList<>();
    Tensor places = new Tensor();
    for (Network network : networks) {
      try (Memory memory = new Memory()) {
        Output output = network.forward(batch.inputs(), memory);
        places = places(output, batch);
        outputs.add(at(output, places));
      }
    }
    Tensor right = targets(places, batch);
    int more = networks.size() > 1 ? 1 : 0;
    double[] nll = new double[networks.size() + more];
    Piecewise.forEach(
        outputs,
        (answers, from, to) -> {
          Tensor some = right.narrow(0, from, to - from).unsqueeze(1);
          TensorVector each = new TensorVector();
          answers.forEach(answer -> each.push_back(answer.gather(1, some)));
          for (int i = 0; i < answers.size(); i++) {
            nll[i] -= each.get(i).sum().item_double();
          }
          if (more > 0) {
            Scalar count = new Scalar(Math.log(answers.size()));
            nll[answers.size()] -= logsumexp(stack(each), 0).sub(count).sum().item_double();
          }
          sums.add(answers);
        });
    return nll;
  }

  /** Adds how many generated answers are right. */
  private void generate(
      List<Network> networks, List<Example> examples, List<Map<String, Double>> scores) {
    int count = Math.min(examples.size(), spec.evalGenerate().orElse(examples.size()));
    if (count == 0 || format.isEmpty()) {
      return;
    }
    List<Example> asked = examples.subList(0, count);
    Match match = match(asked);
    for (int i = 0; i < scores.size(); i++) {
      List<Network> answering = i < networks.size() ? networks.subList(i, i + 1) : networks;
      int right = 0;
      for (int from = 0; from < count; from += evalBatchSize) {
        List<Example> some = asked.subList(from, Math.min(count, from + evalBatchSize));
        List<int[]> answers =
            greedy(answering).answers(some.stream().map(Example::prompt).toList());
        for (int k = 0; k < some.size(); k++) {
          String text = format.get().text(answers.get(k));
          right += match.same(some.get(k).reference(), text) ? 1 : 0;
        }
      }
      scores.get(i).put("exact_match", right / (double) count);
      scores.get(i).put("generated", (double) count);
    }
  }

  private Greedy greedy(List<Network> networks) {
    InstructionFormat known = format.orElseThrow();
    return new Greedy(
        networks, known.end(), spec.evalTokens(), spec.length(), known.vocabulary().size());
  }

  private Match match(List<Example> examples) {
    boolean numbers =
        examples.stream().allMatch(example -> Match.number(example.reference()).isPresent());
    return spec.match() == Match.AUTO ? (numbers ? Match.NUMBER : Match.TEXT) : spec.match();
  }

  /** The places of answers' tokens among all, row by row. */
  static Tensor places(Output output, InstructionBatch batch) {
    return on(positions(output), batch.counted(), ScalarType.Bool).reshape(-1).nonzero().squeeze(1);
  }

  /** The tokens that are right at some places. */
  static Tensor targets(Tensor places, InstructionBatch batch) {
    return on(places, batch.targets(), ScalarType.Long).reshape(-1).index_select(0, places);
  }

  /** The output at some places of all leading axes as one. */
  static Output at(Output output, Tensor places) {
    if (output.distribution() instanceof Distribution.Projected projected) {
      Tensor features = projected.features();
      Tensor rows = features.reshape(-1, features.size(-1)).index_select(0, places);
      return new Output(new Distribution.Projected(rows, projected.projection()), Map.of());
    }
    Tensor logits = output.logits();
    return Output.logits(logits.reshape(-1, logits.size(-1)).index_select(0, places));
  }

  /** Logits or what they are made of, [time, batch, …]. */
  private static Tensor positions(Output output) {
    return output.distribution() instanceof Distribution.Projected projected
        ? projected.features()
        : output.logits();
  }

  private static Tensor on(Tensor place, Tensor moved, ScalarType type) {
    return place.device().equals(moved.device()) ? moved : moved.to(place.device(), type);
  }

  private static Tensor first(Tensor piece, double fraction) {
    return fraction == 1 ? piece : piece.narrow(1, 0, Pace.part(piece.size(1), fraction));
  }
}
