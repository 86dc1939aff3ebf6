package lot4j;

import static org.bytedeco.pytorch.global.torch.add_out;
import static org.bytedeco.pytorch.global.torch.amax;
import static org.bytedeco.pytorch.global.torch.dot;
import static org.bytedeco.pytorch.global.torch.empty_like;
import static org.bytedeco.pytorch.global.torch.exp_out;
import static org.bytedeco.pytorch.global.torch.full_like;
import static org.bytedeco.pytorch.global.torch.mul_out;
import static org.bytedeco.pytorch.global.torch.sub_out;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import lot4j.Distribution.Categorical;
import lot4j.Distribution.Projected;
import lot4j.PassParty.Piece;
import lot4j.PassParty.Rows;
import lot4j.imitability.KlDivergence;
import lot4j.imitability.KlDivergence.Direction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What a teacher and its students lose on the same positions of very many classes: all their
 * cross-entropies and Kullback-Leibler divergences, with their gradients in the logits, in one
 * pass. Few rows of everybody's logits are in the processor's cache at a time, and exponentials
 * that several losses need are taken once.
 *
 * <p>With p a network's probabilities at temperature T and q another's, the gradient in a row of
 * its logits is (p − q) / T for KL(q ‖ p) and p·(log p − log q − KL) / T for KL(p ‖ q); for the
 * cross-entropy it is p − [right class], at T = 1. In the released code's step teacher and student
 * have the same difference with opposite signs.
 *
 * <p>Values and gradients are those of the plain form to rounding. A divergence of rows in which
 * classes are excluded, or anything else is not finite, is taken in the plain form.
 */
final class OnePass {
  /** From here on it is used; it decides rounding, so it is the same on every machine. */
  private static final long LEAST = 1L << 20;

  /** Logits that are worked on at a time; what is made of them fits a core's own cache. */
  private static final long BLOCK = 1L << 17;

  private static final long[] CLASSES = {-1};

  private final PassParty teacher;
  private final List<PassParty> students;
  private final double temperature;
  private final Scalar inverse;
  private final Scalar minusInverse;

  private OnePass(PassParty teacher, List<PassParty> students, double temperature) {
    this.teacher = teacher;
    this.students = students;
    this.temperature = temperature;
    this.inverse = new Scalar(1 / temperature);
    this.minusInverse = new Scalar(-1 / temperature);
  }

  /**
   * What came out for one network.
   *
   * @param task its task's loss, shape [], a constant; empty without one
   * @param measures μ toward each other network, shape [], constants; none of a network that is a
   *     constant itself
   * @param gradients of its whole goal in its logits; of logits that are made a piece at a time in
   *     what they are made of; none of a constant
   */
  record Result(Optional<Tensor> task, List<Tensor> measures, List<Flow> gradients) {}

  /**
   * Where a gradient enters the engine's graph.
   *
   * @param root a tensor with a graph, or a parameter
   * @param gradient of its shape
   */
  record Flow(Tensor root, Tensor gradient) {}

  /**
   * The results of the teacher, then of each student; students have one goal.
   *
   * @return empty where the plain way has to be taken
   */
  static Optional<List<Result>> of(Output teacher, Goal own, List<Output> students, Goal goal) {
    return of(teacher, own, students, goal, OptionalLong.empty());
  }

  /** The same with at most {@code most} positions in a piece of logits that are not all there. */
  static Optional<List<Result>> of(
      Output teacher, Goal own, List<Output> students, Goal goal, OptionalLong most) {
    List<Output> all = Stream.concat(Stream.of(teacher), students.stream()).toList();
    Optional<Double> temperature = alike(all) ? temperature(own, goal) : Optional.empty();
    if (temperature.isEmpty()
        || !PassParty.fits(teacher, own)
        || !students.stream().allMatch(student -> PassParty.fits(student, goal))) {
      return Optional.empty();
    }
    OnePass pass =
        new OnePass(
            new PassParty(teacher, own, students.size()),
            students.stream().map(student -> new PassParty(student, goal, 1)).toList(),
            temperature.get());
    boolean inPieces = all.stream().anyMatch(each -> each.distribution() instanceof Projected);
    pass.make(
        inPieces
            ? most.orElseGet(() -> Piecewise.most(Piecewise.projected(teacher)))
            : pass.teacher.positions());
    return Optional.of(
        Stream.concat(Stream.of(pass.teacher), pass.students.stream())
            .map(PassParty::result)
            .toList());
  }

  /** The one temperature of all measures. */
  private static Optional<Double> temperature(Goal own, Goal goal) {
    List<Double> all =
        Stream.of(own, goal)
            .flatMap(each -> each.measure().stream())
            .map(KlDivergence::temperature)
            .distinct()
            .toList();
    return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
  }

  /** Whether all are logits of one size and type, enough of them to be worth it. */
  private static boolean alike(List<Output> outputs) {
    for (Output output : outputs) {
      if (output.distribution() instanceof Categorical own
          ? own.logits().numel() < LEAST
          : !(output.distribution() instanceof Projected)) {
        return false;
      }
    }
    List<Projected> all = outputs.stream().map(Piecewise::projected).toList();
    Tensor first = all.get(0).features();
    ScalarType type = first.scalar_type().intern();
    long classes = Piecewise.classes(all.get(0));
    long positions = Piecewise.rows(first).size(0);
    return positions * classes >= LEAST
        && (type == ScalarType.Float || type == ScalarType.Double)
        && all.stream()
            .allMatch(
                each ->
                    !each.features().is_cuda()
                        && each.features().scalar_type().intern() == type
                        && Piecewise.rows(each.features()).size(0) == positions
                        && Piecewise.classes(each) == classes);
  }

  private void make(long most) {
    long positions = teacher.positions();
    try (NoGradGuard constant = new NoGradGuard()) {
      for (long from = 0; from < positions; from += most) {
        try (PointerScope scope = new PointerScope()) {
          piece(from, Math.min(positions, from + most));
        }
      }
    }
  }

  private void piece(long from, long to) {
    Piece own = teacher.piece(from, to);
    List<Piece> others = students.stream().map(student -> student.piece(from, to)).toList();
    long length = to - from;
    long most = Math.max(1, Math.min(length, BLOCK / own.logits().size(1)));
    Room room = Room.of(own.logits().narrow(0, 0, most));
    for (long start = 0; start < length; start += most) {
      try (PointerScope scope = new PointerScope()) {
        long count = Math.min(most, length - start);
        block(own, others, start, count, count == most ? room : room.first(count));
      }
    }
    own.end();
    others.forEach(Piece::end);
  }

  private void block(Piece teachers, List<Piece> others, long start, long length, Room room) {
    Rows own = teachers.rows(start, length);
    Soft t = soft(own, room.logits(), room.probabilities());
    begin(own, t);
    for (int i = 0; i < others.size(); i++) {
      Rows other = others.get(i).rows(start, length);
      Soft s = soft(other, room.othersLogits(), room.othersProbabilities());
      begin(other, s);
      pair(i, own, t, other, s, room.products());
    }
  }

  /**
   * Some positions of a network at the temperature.
   *
   * @param logits over T, without the row's largest, [positions, classes]
   * @param probabilities [positions, classes]
   * @param top the row's largest logit, not over T, [positions, 1]
   * @param normalizer the logarithm of the sum of {@code logits}' exponentials, [positions, 1]
   */
  private record Soft(Tensor logits, Tensor probabilities, Tensor top, Tensor normalizer) {}

  private Soft soft(Rows rows, Tensor logits, Tensor probabilities) {
    Tensor top = amax(rows.logits(), CLASSES, true);
    add_out(logits, top.mul(minusInverse), rows.logits(), inverse);
    Tensor sum = sumOfRows(exp_out(probabilities, logits));
    Tensor normalizer = sum.log();
    probabilities.mul_(sum.reciprocal_());
    return new Soft(logits, probabilities, top, normalizer);
  }

  /** Begins the gradient, with that of the cross-entropy but for the right classes. */
  private void begin(Rows rows, Soft soft) {
    if (rows.gradient().isEmpty()) {
      return;
    }
    Tensor gradient = rows.gradient().get();
    double weight = rows.weightOfTask();
    if (weight == 0) {
      gradient.zero_();
      return;
    }
    Tensor normalizer = soft.normalizer();
    if (temperature == 1) {
      mul_out(gradient, soft.probabilities(), full_like(soft.top(), new Scalar(weight)));
    } else {
      Tensor sum = sumOfRows(sub_out(gradient, rows.logits(), soft.top()).exp_());
      normalizer = sum.log();
      gradient.mul_(sum.mul_(new Scalar(1 / weight)).reciprocal_());
    }
    rows.addTask(normalizer.add(soft.top()).sum());
  }

  /** The divergences between the teacher and a student. */
  private static void pair(int i, Rows own, Soft t, Rows other, Soft s, Tensor room) {
    Tensor normalizers = t.normalizer().sub(s.normalizer()).sum();
    Tensor ratio = sub_out(s.logits(), t.logits(), s.logits()); // log p_t − log p_s, but for those
    Tensor overTeacher = dot(t.probabilities().view(-1), ratio.view(-1)).sub_(normalizers);
    Tensor overStudent = normalizers.sub_(dot(s.probabilities().view(-1), ratio.view(-1)));
    if (!Double.isFinite(overTeacher.item_double() + overStudent.item_double())) {
      // An excluded class makes 0 · ∞ of it.
      own.addPlain(i, other);
      other.addPlain(0, own);
      return;
    }
    own.addMeasure(i, overTeacher, overStudent);
    other.addMeasure(0, overStudent, overTeacher);
    if (own.learns(Direction.FREE_REFERENCE)) {
      overOwn(own, t.probabilities(), ratio, own.slope(i, 1), room);
    }
    if (other.learns(Direction.FREE_REFERENCE)) {
      overOwn(other, s.probabilities(), ratio, other.slope(0, -1), room);
    }
    if (own.learns(Direction.REFERENCE_FREE) || other.learns(Direction.REFERENCE_FREE)) {
      Tensor difference = s.probabilities().sub_(t.probabilities());
      own.overOther(i, difference, -1);
      other.overOther(0, difference, 1);
    }
  }

  /** Adds slope · p·(ratio − its mean under p), of KL(own ‖ other). */
  private static void overOwn(
      Rows rows, Tensor probabilities, Tensor ratio, double slope, Tensor room) {
    Tensor product = mul_out(room, probabilities, ratio);
    Tensor mean = sumOfRows(product).mul_(new Scalar(-slope));
    rows.gradient().orElseThrow().add_(product, new Scalar(slope)).addcmul_(probabilities, mean);
  }

  private static Tensor sumOfRows(Tensor rows) {
    return rows.sum(CLASSES, true, new ScalarTypeOptional());
  }

  /**
   * Memory that every block uses again, each [positions, classes]: fresh memory would have to be
   * fetched into the cache first, which takes longer than the arithmetic.
   */
  private record Room(
      Tensor logits,
      Tensor probabilities,
      Tensor othersLogits,
      Tensor othersProbabilities,
      Tensor products) {
    static Room of(Tensor like) {
      return new Room(
          empty_like(like), empty_like(like), empty_like(like), empty_like(like), empty_like(like));
    }

    Room first(long length) {
      return new Room(
          logits.narrow(0, 0, length),
          probabilities.narrow(0, 0, length),
          othersLogits.narrow(0, 0, length),
          othersProbabilities.narrow(0, 0, length),
          products.narrow(0, 0, length));
    }
  }
}
