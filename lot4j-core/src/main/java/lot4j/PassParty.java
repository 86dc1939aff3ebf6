package lot4j;

import static org.bytedeco.pytorch.global.torch.empty_like;
import static org.bytedeco.pytorch.global.torch.full_like;
import static org.bytedeco.pytorch.global.torch.zeros;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.Distribution.Categorical;
import lot4j.Distribution.Projected;
import lot4j.OnePass.Flow;
import lot4j.imitability.KlDivergence;
import lot4j.imitability.KlDivergence.Direction;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * One network in {@link OnePass}: its logits, all there or made a piece at a time, its goal, and
 * what has been added up so far.
 */
final class PassParty {
  private final Output output;
  private final Goal goal;
  private final Projected rows;
  private final Optional<Tensor> targets;
  private final Optional<Tensor> gradient;
  private final Optional<PieceGradient> gathered;
  private final Tensor task = zero();
  private final List<Tensor> measures = new ArrayList<>();

  /**
   * Before the first position.
   *
   * @param others how many networks its goal looks at
   */
  PassParty(Output output, Goal goal, int others) {
    this.output = output;
    this.goal = goal;
    Projected of = Piecewise.projected(output);
    rows = new Projected(Piecewise.rows(of.features()), of.projection());
    targets = goal.loss().map(loss -> loss.targets(output).reshape(-1, 1));
    boolean whole = output.distribution() instanceof Categorical;
    gradient =
        goal.learns() && whole
            ? Optional.of(empty_like(rows.features().detach().contiguous()))
            : Optional.empty();
    gathered =
        goal.learns() && !whole
            ? Optional.of(PieceGradient.of(rows.features(), rows.projection()))
            : Optional.empty();
    for (int i = 0; i < others; i++) {
      measures.add(zero());
    }
  }

  private static Tensor zero() {
    return zeros(new long[0], new TensorOptions(ScalarType.Double));
  }

  /** Whether its goal can be reached with this output: there is a graph, and it is a known one. */
  static boolean fits(Output output, Goal goal) {
    if (!goal.learns()) {
      return true;
    }
    Projected of = Piecewise.projected(output);
    return Piecewise.learns(of)
        && (output.distribution() instanceof Categorical
            || of.projection() instanceof LinearProjection);
  }

  long positions() {
    return rows.features().size(0);
  }

  /** The logits of some positions, and room for their gradient. */
  Piece piece(long from, long to) {
    Tensor logits =
        rows.projection().logits(rows.features().detach().narrow(0, from, to - from)).contiguous();
    Optional<Tensor> room =
        gathered.isPresent()
            ? Optional.of(empty_like(logits))
            : gradient.map(all -> all.narrow(0, from, to - from));
    return new Piece(this, from, logits, room);
  }

  /** What it all came to. */
  OnePass.Result result() {
    ScalarType type = rows.features().scalar_type().intern();
    Scalar positions = new Scalar((double) positions());
    Optional<Tensor> loss =
        goal.loss()
            .map(
                known -> {
                  Tensor mean = task.div(positions).to(type);
                  return known.more(output).map(more -> mean.add(more.detach())).orElse(mean);
                });
    List<Flow> gradients = new ArrayList<>();
    gradient.ifPresent(
        all -> gradients.add(new Flow(output.logits(), all.view_as(output.logits()))));
    gathered.ifPresent(all -> all.forEach((root, each) -> gradients.add(new Flow(root, each))));
    return new OnePass.Result(
        loss,
        goal.measure()
            .map(
                kl -> {
                  Scalar factor = new Scalar(factor(kl) / positions());
                  return measures.stream().map(sum -> sum.mul(factor).to(type)).toList();
                })
            .orElse(List.of()),
        gradients);
  }

  /**
   * The logits of several positions.
   *
   * @param party whose they are
   * @param from the first position
   * @param logits [positions, classes], constants
   * @param gradient where their gradient goes, [positions, classes]; empty of a constant
   */
  record Piece(PassParty party, long from, Tensor logits, Optional<Tensor> gradient) {

    /** Some of the positions, counted from the piece's first. */
    Rows rows(long start, long length) {
      return new Rows(
          party,
          logits.narrow(0, start, length),
          gradient.map(all -> all.narrow(0, start, length)));
    }

    /** All rows are done: the right classes are what is left. */
    void end() {
      if (party.targets.isPresent()) {
        Tensor right = party.targets.get().narrow(0, from, logits.size(0));
        Tensor own = logits.gather(1, right);
        party.task.sub_(own.sum(new ScalarTypeOptional(ScalarType.Double)));
        double slope = -party.goal.task() / party.positions();
        gradient.orElseThrow().scatter_add_(1, right, full_like(own, new Scalar(slope)));
      }
      party.gathered.ifPresent(all -> all.add(gradient.orElseThrow(), from, from + logits.size(0)));
    }
  }

  /**
   * Some positions of a network.
   *
   * @param party whose they are
   * @param logits [positions, classes], a constant
   * @param gradient where their gradient goes, [positions, classes]; empty of a constant
   */
  record Rows(PassParty party, Tensor logits, Optional<Tensor> gradient) {

    /** Whether the network learns from a divergence of this direction. */
    boolean learns(Direction direction) {
      return party.goal.measure().filter(each -> each.direction() == direction).isPresent();
    }

    /** The weight of its task's loss at one position. */
    double weightOfTask() {
      return party.goal.task() / party.positions();
    }

    /** Adds the sum of these positions' log-normalizers. */
    void addTask(Tensor sum) {
      party.task.add_(sum);
    }

    /**
     * Adds these positions' divergences, if the network learns from one.
     *
     * @param overOwn their sum with expectations over its own probabilities
     * @param overOther with expectations over the other's
     */
    void addMeasure(int other, Tensor overOwn, Tensor overOther) {
      party
          .goal
          .measure()
          .ifPresent(
              measure ->
                  party
                      .measures
                      .get(other)
                      .add_(measure.direction() == Direction.FREE_REFERENCE ? overOwn : overOther));
    }

    /** What {@code sign} times a divergence's gradient in logits over T goes by. */
    double slope(int other, double sign) {
      KlDivergence measure = party.goal.measure().orElseThrow();
      double weight = party.goal.weights().get(other) / party.positions();
      return sign * weight * factor(measure) / measure.temperature();
    }

    /** Adds the gradient of an expectation over the other's probabilities, if it learns from it. */
    void overOther(int other, Tensor difference, double sign) {
      if (learns(Direction.REFERENCE_FREE)) {
        gradient.orElseThrow().add_(difference, new Scalar(slope(other, sign)));
      }
    }

    /** Adds the divergence toward the same rows of another network in the plain form. */
    void addPlain(int other, Rows others) {
      if (gradient.isEmpty()) {
        return;
      }
      KlDivergence measure = party.goal.measure().orElseThrow();
      double positions = logits.size(0);
      try (AutoGradMode learning = new AutoGradMode(true)) {
        Tensor own = logits.detach().set_requires_grad(true);
        Tensor mean =
            measure.measure(Output.logits(own), Output.logits(others.logits), Mask.none());
        Tensor slope = PieceGradient.gradients(mean, List.of(own)).get(0);
        party.measures.get(other).add_(mean.detach(), new Scalar(positions / factor(measure)));
        double weight = party.goal.weights().get(other) * positions / party.positions();
        gradient.get().add_(slope, new Scalar(weight));
      }
    }
  }

  private static double factor(KlDivergence measure) {
    double temperature = measure.temperature();
    return measure.scaleByT2() ? temperature * temperature : 1;
  }
}
