package lot4j.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import lot4j.Exercise;
import lot4j.Imitability;
import lot4j.Network;
import lot4j.Output;
import lot4j.Piecewise;
import org.bytedeco.pytorch.Tensor;

/**
 * To say what a frozen network says. The loss is a measure of imitability with the frozen network
 * as the reference; labels are never looked at, except to score.
 *
 * <p>A score is the task's own of the frozen network and the learner together, of which the
 * learner's numbers are kept: both divergences, and the agreement or, of predicted numbers, the
 * distance. Its loss with the labels is called {@code label_loss}, for {@code loss} is what it
 * learns by. What the frozen network scores alone is given as numbers of the data, {@code
 * reference_entropy} for instance.
 */
final class ImitationTask<B> implements Task<Demonstration<B>> {
  private static final String LOSS = "loss";
  private static final String LABEL_LOSS = "label_loss";
  private static final String REFERENCE = "reference_";
  private static final List<String> OF_THE_REFERENCE =
      List.of("accuracy", "rmse", LABEL_LOSS, "perplexity", "entropy");

  private final Task<B> task;
  private final Imitability metric;
  private final FrozenNetwork frozen;

  ImitationTask(Task<B> task, Imitability metric, FrozenNetwork frozen) {
    this.task = task;
    this.metric = metric;
    this.frozen = frozen;
  }

  @Override
  public Exercise exercise(Demonstration<B> shown) {
    Exercise exercise = task.exercise(shown.batch());
    return new Exercise(
        exercise.inputs(),
        exercise.mask(),
        Optional.of(output -> loss(output, shown)),
        exercise.begins());
  }

  /** μ(student, sg[frozen]): the frozen network's answer is a constant. */
  @Override
  public Tensor loss(Output output, Demonstration<B> shown) {
    return Piecewise.measure(
        metric, output, shown.answer().constant(), task.exercise(shown.batch()).mask());
  }

  @Override
  public long samples(Demonstration<B> shown) {
    return task.samples(shown.batch());
  }

  @Override
  public double weight(Demonstration<B> shown) {
    return task.weight(shown.batch());
  }

  @Override
  public long taken(Demonstration<B> shown) {
    return task.taken(shown.batch());
  }

  /** Nothing: what could be told of a batch with its labels is told by the score. */
  @Override
  public Map<String, Tensor> observe(Output output, Demonstration<B> shown) {
    return Map.of();
  }

  @Override
  public Set<String> ofTheData() {
    Set<String> names = new TreeSet<>(task.ofTheData());
    OF_THE_REFERENCE.forEach(name -> names.add(REFERENCE + name));
    return names;
  }

  @Override
  public Exercise part(Exercise exercise, double fraction) {
    return task.part(exercise, fraction);
  }

  @Override
  public Output part(Output output, double fraction) {
    return task.part(output, fraction);
  }

  @Override
  public List<Map<String, Double>> score(List<Network> networks, Split split) {
    return learners(networks, task.score(withFrozen(networks), split));
  }

  @Override
  public List<Examined> examine(List<Network> networks, Split split) {
    List<Examined> all = task.examine(withFrozen(networks), split);
    List<Map<String, Double>> scores =
        learners(networks, all.stream().map(Examined::metrics).toList());
    List<Examined> learners = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      learners.add(new Examined(scores.get(i), all.get(i + 1).details()));
    }
    return learners;
  }

  /** The frozen network first: likeness is measured between the first and each other. */
  List<Network> withFrozen(List<Network> networks) {
    List<Network> all = new ArrayList<>();
    all.add(frozen.network());
    all.addAll(networks);
    return all;
  }

  /**
   * The learners' scores among those of {@link #withFrozen}. The last score, of the mean of all,
   * has no meaning here: the frozen network is part of it.
   */
  List<Map<String, Double>> learners(List<Network> networks, List<Map<String, Double>> withFrozen) {
    Map<String, Double> reference = named(withFrozen.get(0));
    List<Map<String, Double>> scores = new ArrayList<>();
    for (int i = 1; i <= networks.size(); i++) {
      Map<String, Double> score = named(withFrozen.get(i));
      for (String name : OF_THE_REFERENCE) {
        if (reference.containsKey(name)) {
          score.put(REFERENCE + name, reference.get(name));
        }
      }
      scores.add(score);
    }
    return scores;
  }

  private static Map<String, Double> named(Map<String, Double> score) {
    Map<String, Double> named = new LinkedHashMap<>();
    score.forEach((name, value) -> named.put(name.equals(LOSS) ? LABEL_LOSS : name, value));
    return named;
  }
}
