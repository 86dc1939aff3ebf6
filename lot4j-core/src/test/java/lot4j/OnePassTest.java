package lot4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.cross_entropy;
import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.randint;
import static org.bytedeco.pytorch.global.torch.randn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import lot4j.Distribution.Projected;
import lot4j.imitability.KlDivergence;
import lot4j.imitability.KlDivergence.Direction;
import lot4j.imitability.LogitError;
import lot4j.testkit.NativeObjects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * LoT's losses over very many classes in one pass, against the same written out.
 *
 * <p>Long, because values, gradients and the cases that take the plain way go by one kind of
 * network and one written-out loss; a second file would need both again.
 */
class OnePassTest {
  private static final long FEATURES = 3;
  private static final double ALPHA = 0.7;

  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
    torch.manual_seed(7);
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  /** A network that is one matrix, [features, classes], and its learner. */
  private record Net(Tensor weight, Learner learner) {
    static Net of(long classes, ScalarType type) {
      Tensor weight =
          randn(new long[] {FEATURES, classes}, new TensorOptions(type)).set_requires_grad(true);
      return of(weight);
    }

    static Net of(Tensor weight) {
      return new Net(weight, Learner.of(Network.of(x -> x.matmul(weight)), Descent.none()));
    }

    Output answer(Tensor inputs) {
      return Output.logits(inputs.matmul(weight));
    }

    Tensor gradient() {
      return weight.grad();
    }
  }

  /** Right classes, and something beside them that depends on the output. */
  private record Labels(Tensor right, double extra) implements LabelLoss {
    @Override
    public Tensor targets(Output output) {
      return right;
    }

    @Override
    public Optional<Tensor> more(Output output) {
      return extra == 0
          ? Optional.empty()
          : Optional.of(output.logits().select(-1, 0).square().mean().mul(new Scalar(extra)));
    }
  }

  private record Case(
      long time,
      long batch,
      long classes,
      ScalarType type,
      KlDivergence own,
      KlDivergence students,
      StudentLoss loss,
      List<Double> lambdas,
      double share,
      double extra) {}

  private static KlDivergence kl(Direction direction, double temperature, boolean scale) {
    return new KlDivergence(direction, temperature, scale);
  }

  static Stream<Arguments> cases() {
    KlDivergence released = kl(Direction.REFERENCE_FREE, 1.5, true);
    KlDivergence paper = kl(Direction.FREE_REFERENCE, 1.5, false);
    StudentLoss both = StudentLoss.imitationAndTask(ALPHA);
    StudentLoss alone = StudentLoss.imitation();
    List<Double> one = List.of(1.0);
    List<Double> three = List.of(0.5, 0.2, 0.3);
    ScalarType f32 = ScalarType.Float;
    ScalarType f64 = ScalarType.Double;
    return Stream.of(
            new Case(35, 4, 10_000, f64, released, released, both, one, 1, 0),
            new Case(35, 4, 10_000, f32, released, released, both, one, 1, 0),
            new Case(35, 4, 10_000, f64, released, released, both, three, 0.25, 0.5),
            new Case(35, 4, 10_000, f32, released, released, both, three, 0.25, 0.5),
            new Case(35, 4, 10_000, f64, paper, paper, alone, one, 1, 0.5),
            new Case(35, 4, 10_000, f64, paper, paper, both, three, 0.5, 0),
            new Case(35, 4, 10_000, f32, paper, paper, both, three, 0.5, 0),
            new Case(33, 1, 40_001, f64, paper, released, both, three, 1, 0),
            new Case(1, 3, 400_000, f64, released, paper, both, one, 1, 0),
            new Case(
                1025,
                1,
                1024,
                f64,
                kl(Direction.REFERENCE_FREE, 1, false),
                kl(Direction.REFERENCE_FREE, 1, true),
                both,
                one,
                1,
                0),
            new Case(
                1025,
                1,
                1024,
                f32,
                kl(Direction.FREE_REFERENCE, 1, false),
                kl(Direction.REFERENCE_FREE, 1, true),
                new StudentLoss(0.3, 0),
                three,
                1,
                0.1))
        .map(Arguments::of);
  }

  private static Lot lot(Case c, Net teacher, List<Net> students) {
    Lot.Builder lot =
        Lot.teacher(teacher.learner())
            .teacherMetric(c.own())
            .studentMetric(c.students())
            .studentLoss(c.loss())
            .alpha(ALPHA);
    for (int i = 0; i < students.size(); i++) {
      lot.student(students.get(i).learner(), c.lambdas().get(i));
    }
    return lot.build();
  }

  /** μ written out. */
  private static Tensor mu(KlDivergence kl, Tensor free, Tensor reference) {
    Scalar temperature = new Scalar(kl.temperature());
    Tensor p = log_softmax(free.div(temperature), -1);
    Tensor q = log_softmax(reference.div(temperature), -1);
    boolean freeFirst = kl.direction() == Direction.FREE_REFERENCE;
    Tensor first = freeFirst ? p : q;
    Tensor each = first.exp().mul(first.sub(freeFirst ? q : p)).sum(-1).mean();
    double factor = kl.scaleByT2() ? kl.temperature() * kl.temperature() : 1;
    return each.mul(new Scalar(factor));
  }

  private static Tensor task(Labels labels, Output output) {
    Tensor logits = output.logits();
    Tensor loss = cross_entropy(logits.reshape(-1, logits.size(-1)), labels.right().reshape(-1));
    return labels.more(output).map(loss::add).orElse(loss);
  }

  private static void same(Tensor own, Tensor expected, double tolerance) {
    double size = expected.abs().max().item_double();
    assertThat(own.sub(expected).abs().max().item_double()).isLessThan(tolerance * size);
    assertThat(size).isPositive();
  }

  private static void sameNumber(Tensor own, Tensor expected, double tolerance) {
    double number = expected.item_double();
    assertThat(own.requires_grad()).isFalse();
    assertThat(own.dim()).isZero();
    assertThat(own.item_double()).isCloseTo(number, within(tolerance * Math.abs(number)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everybodyTogetherEqualsTheLossesWrittenOut(Case c) {
    double tolerance = c.type() == ScalarType.Double ? 1e-12 : 2e-5;
    Tensor inputs = randn(new long[] {c.time(), c.batch(), FEATURES}, new TensorOptions(c.type()));
    Labels labels = new Labels(randint(c.classes(), new long[] {c.time(), c.batch()}), c.extra());
    Net teacher = Net.of(c.classes(), c.type());
    List<Net> students = c.lambdas().stream().map(lambda -> Net.of(c.classes(), c.type())).toList();
    Exercise batch = Exercise.of(inputs, labels);
    Output own = teacher.answer(inputs);
    List<Output> answers = students.stream().map(net -> net.answer(inputs)).toList();
    Joint joint = lot(c, teacher, students).together(batch, labels, own, answers, part(c));

    Net plain = Net.of(teacher.weight().detach().clone().set_requires_grad(true));
    Output output = plain.answer(inputs);
    Tensor task = task(labels, output);
    sameNumber(joint.task(), task, tolerance);
    Tensor loss = task;
    for (int i = 0; i < students.size(); i++) {
      Tensor mu = mu(c.own(), output.logits(), answers.get(i).logits().detach());
      sameNumber(joint.penalty().each().get(i), mu, tolerance);
      loss = loss.add(mu.mul(new Scalar(ALPHA * c.lambdas().get(i))));
    }
    sameNumber(joint.penalty().term(), loss.sub(task), 10 * tolerance);
    loss.mul(new Scalar(c.share())).backward();
    same(teacher.gradient(), plain.gradient(), tolerance);

    for (int i = 0; i < students.size(); i++) {
      Net copy = Net.of(students.get(i).weight().detach().clone().set_requires_grad(true));
      Output answer = copy.answer(inputs);
      Lesson.Mark mark = joint.lesson().students().get(i);
      Tensor mu = mu(c.students(), answer.logits(), output.logits().detach());
      sameNumber(mark.imitability(), mu, tolerance);
      Tensor whole = mu.mul(new Scalar(c.loss().metricWeight()));
      assertThat(mark.task().isPresent()).isEqualTo(c.loss().taskWeight() > 0);
      if (mark.task().isPresent()) {
        Tensor labelled = task(labels, answer);
        sameNumber(mark.task().get(), labelled, tolerance);
        whole = whole.add(labelled.mul(new Scalar(c.loss().taskWeight())));
      }
      sameNumber(mark.loss(), whole, tolerance);
      whole.mul(new Scalar(c.share())).backward();
      same(students.get(i).gradient(), copy.gradient(), tolerance);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void studentsAloneAndTheRegularizerAloneGetTheSame(Case c) {
    double tolerance = c.type() == ScalarType.Double ? 1e-12 : 2e-5;
    Tensor inputs = randn(new long[] {c.time(), c.batch(), FEATURES}, new TensorOptions(c.type()));
    Labels labels = new Labels(randint(c.classes(), new long[] {c.time(), c.batch()}), c.extra());
    Net teacher = Net.of(c.classes(), c.type());
    List<Net> students = c.lambdas().stream().map(lambda -> Net.of(c.classes(), c.type())).toList();
    Exercise batch = Exercise.of(inputs, labels);
    Lot lot = lot(c, teacher, students);
    Output own = teacher.answer(inputs);
    List<Output> answers = students.stream().map(net -> net.answer(inputs)).toList();

    Joint joint = lot.together(batch, labels, own, answers, part(c));
    List<Tensor> first = students.stream().map(net -> net.gradient().clone()).toList();
    lot.zeroGrad();
    students.forEach(net -> net.gradient().zero_());
    Lesson lesson =
        lot.accumulate(
            batch,
            teacher.answer(inputs),
            students.stream().map(net -> net.answer(inputs)).toList(),
            part(c));
    for (int i = 0; i < students.size(); i++) {
      assertThat(students.get(i).gradient().equal(first.get(i))).isTrue();
      assertThat(lesson.students().get(i).loss().equal(joint.lesson().students().get(i).loss()))
          .isTrue();
    }

    teacher.gradient().zero_();
    Penalty penalty = lot.regularize(batch, part(c));
    Net plain = Net.of(teacher.weight().detach().clone().set_requires_grad(true));
    Tensor sum = torch.zeros(new long[0], new TensorOptions(c.type()));
    for (int i = 0; i < students.size(); i++) {
      Tensor mu = mu(c.own(), plain.answer(inputs).logits(), answers.get(i).logits().detach());
      sum = sum.add(mu.mul(new Scalar(ALPHA * c.lambdas().get(i))));
    }
    sameNumber(penalty.term(), sum, tolerance);
    sum.mul(new Scalar(c.share())).backward();
    same(teacher.gradient(), plain.gradient(), tolerance);
  }

  /** Logits that are made a piece at a time, of features and a matrix with or without a shift. */
  @ParameterizedTest
  @CsvSource({"1,true", "3,true", "3,false"})
  void logitsThatAreMadePieceByPieceGiveTheSame(int others, boolean shifted) {
    long words = 30_011;
    long[] rows = {13, 5};
    Case c = RELEASED;
    Labels labels = new Labels(randint(words, rows), 0.5);
    List<Output> pieces = new ArrayList<>();
    List<Output> whole = new ArrayList<>();
    List<List<Tensor>> variables = new ArrayList<>();
    for (int i = 0; i <= others; i++) {
      Tensor features = variable(randn(13, 5, 4).to(ScalarType.Double));
      Tensor weight = variable(randn(words, 4).to(ScalarType.Double));
      Optional<Tensor> bias =
          shifted ? Optional.of(variable(randn(words).to(ScalarType.Double))) : Optional.empty();
      List<Tensor> own = new ArrayList<>(List.of(features, weight));
      bias.ifPresent(own::add);
      variables.add(own);
      Projected projected = new Projected(features, new LinearProjection(weight, bias));
      pieces.add(new Output(projected, Map.of()));
      whole.add(Output.logits(projected.logits()));
    }
    List<Double> lambdas = others == 1 ? List.of(1.0) : List.of(0.5, 0.2, 0.3);
    Goal own = Goal.of(0.5, Optional.of(labels), c.own(), lambdas).orElseThrow();
    Goal goal = goal(c, labels);
    List<Output> rest = pieces.subList(1, pieces.size());
    List<OnePass.Result> results =
        OnePass.of(pieces.get(0), own, rest, goal, OptionalLong.of(17)).orElseThrow();
    List<OnePass.Result> expected =
        OnePass.of(whole.get(0), own, whole.subList(1, whole.size()), goal).orElseThrow();
    for (int i = 0; i <= others; i++) {
      sameNumber(results.get(i).task().orElseThrow(), expected.get(i).task().orElseThrow(), 1e-12);
      for (int j = 0; j < expected.get(i).measures().size(); j++) {
        sameNumber(results.get(i).measures().get(j), expected.get(i).measures().get(j), 1e-12);
      }
      backward(expected.get(i));
      List<Tensor> gradients = variables.get(i).stream().map(v -> v.grad().clone()).toList();
      variables.get(i).forEach(v -> v.grad().zero_());
      backward(results.get(i));
      for (int j = 0; j < gradients.size(); j++) {
        same(variables.get(i).get(j).grad(), gradients.get(j), 1e-12);
      }
    }
  }

  private static void backward(OnePass.Result result) {
    TensorVector roots = new TensorVector();
    TensorVector gradients = new TensorVector();
    result.gradients().forEach(flow -> roots.push_back(flow.root()));
    result.gradients().forEach(flow -> gradients.push_back(flow.gradient()));
    torch.backward(roots, gradients, new BoolOptional(), false, new TensorVector());
  }

  private static final Case RELEASED =
      new Case(
          30,
          4,
          10_000,
          ScalarType.Double,
          kl(Direction.REFERENCE_FREE, 1.5, true),
          kl(Direction.REFERENCE_FREE, 1.5, true),
          StudentLoss.imitationAndTask(ALPHA),
          List.of(1.0),
          1,
          0);

  private static final Case PAPER =
      new Case(
          30,
          4,
          10_000,
          ScalarType.Double,
          kl(Direction.FREE_REFERENCE, 1.5, false),
          kl(Direction.FREE_REFERENCE, 1.5, false),
          StudentLoss.imitationAndTask(ALPHA),
          List.of(1.0),
          1,
          0);

  static Stream<Arguments> objectives() {
    return Stream.of(Arguments.of(RELEASED), Arguments.of(PAPER));
  }

  private static Goal goal(Case c, Labels labels) {
    return Goal.of(1, Optional.of(labels), c.own(), List.of(ALPHA)).orElseThrow();
  }

  private static Tensor logits(Case c) {
    return randn(new long[] {c.time(), c.batch(), c.classes()}, new TensorOptions(c.type()));
  }

  private static Tensor variable(Tensor logits) {
    return logits.clone().set_requires_grad(true);
  }

  private static Labels labels(Case c) {
    return new Labels(randint(c.classes(), new long[] {c.time(), c.batch()}), 0);
  }

  private static List<OnePass.Result> pass(Case c, Labels labels, Tensor own, Tensor other) {
    return OnePass.of(
            Output.logits(own), goal(c, labels), List.of(Output.logits(other)), goal(c, labels))
        .orElseThrow();
  }

  private static double loss(Case c, Labels labels, Tensor own, Tensor other) {
    OnePass.Result result = pass(c, labels, variable(own), variable(other)).get(0);
    return result.task().orElseThrow().item_double()
        + ALPHA * result.measures().get(0).item_double();
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void theGradientIsTheSlopeOfTheValue(Case c) {
    Labels labels = labels(c);
    Tensor own = logits(c);
    Tensor other = logits(c);
    Tensor gradient =
        pass(c, labels, variable(own), variable(other)).get(0).gradients().get(0).gradient();
    Tensor direction = logits(c);
    Tensor step = direction.mul(new Scalar(1e-4));
    double slope =
        (loss(c, labels, own.add(step), other) - loss(c, labels, own.sub(step), other)) / 2e-4;
    double expected = gradient.mul(direction).sum().item_double();
    assertThat(slope).isCloseTo(expected, within(1e-6 * Math.abs(expected)));
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void equalNetworksHaveNoDivergenceAndNoSlope(Case c) {
    Labels labels = labels(c);
    Tensor own = logits(c);
    OnePass.Result result = pass(c, labels, variable(own), variable(own)).get(0);
    Tensor alone = variable(own);
    cross_entropy(alone.view(-1, c.classes()), labels.right().view(-1)).backward();
    assertThat(result.measures().get(0).item_double()).isCloseTo(0, within(1e-13));
    same(result.gradients().get(0).gradient(), alone.grad(), 1e-12);
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void classesThatBothExcludeAddNothing(Case c) {
    Labels labels = new Labels(torch.full(new long[] {c.time(), c.batch()}, new Scalar(3)), 0);
    Labels right = new Labels(labels.right().to(ScalarType.Long), 0);
    Tensor own = logits(c);
    Tensor other = logits(c);
    // Some rows only, so that both ways are taken.
    for (Tensor each : List.of(own, other)) {
      each.narrow(0, 5, 9).select(2, 7).fill_(new Scalar(Double.NEGATIVE_INFINITY));
    }
    List<OnePass.Result> results = pass(c, right, variable(own), variable(other));
    List<Tensor> logits = List.of(own, other);
    for (int i = 0; i < 2; i++) {
      Tensor plain = variable(logits.get(i));
      Tensor mu =
          c.own()
              .measure(
                  Output.logits(plain.view(-1, c.classes()).narrow(0, 0, 60)),
                  Output.logits(logits.get(1 - i).view(-1, c.classes()).narrow(0, 0, 60)),
                  Mask.none())
              .add(
                  c.own()
                      .measure(
                          Output.logits(plain.view(-1, c.classes()).narrow(0, 60, 60)),
                          Output.logits(logits.get(1 - i).view(-1, c.classes()).narrow(0, 60, 60)),
                          Mask.none()))
              .mul(new Scalar(0.5));
      Tensor task = cross_entropy(plain.view(-1, c.classes()), right.right().view(-1));
      task.add(mu.mul(new Scalar(ALPHA))).backward();
      sameNumber(results.get(i).task().orElseThrow(), task.detach(), 1e-12);
      sameNumber(results.get(i).measures().get(0), mu.detach(), 1e-12);
      same(results.get(i).gradients().get(0).gradient(), plain.grad(), 1e-12);
    }
  }

  @Test
  void aClassThatOnlyOneExcludesMakesTheOthersExpectationInfinite() {
    Labels labels = labels(RELEASED);
    Tensor own = logits(RELEASED);
    Tensor other = logits(RELEASED);
    labels.right().fill_(new Scalar(3));
    own.select(2, 7).fill_(new Scalar(Double.NEGATIVE_INFINITY));
    List<OnePass.Result> results = pass(RELEASED, labels, variable(own), variable(other));
    // KL(student ‖ teacher) is what the teacher minimises, KL(teacher ‖ student) the student.
    assertThat(results.get(0).measures().get(0).item_double()).isInfinite();
    assertThat(results.get(1).measures().get(0).item_double()).isFinite().isPositive();
    assertThat(results.get(1).gradients().get(0).gradient().sum().item_double()).isFinite();
  }

  @Test
  void hugeLogitsAreNoMatter() {
    Labels labels = labels(RELEASED);
    Tensor own = logits(RELEASED).mul(new Scalar(300));
    Tensor other = logits(RELEASED).mul(new Scalar(300));
    OnePass.Result shifted =
        pass(
                RELEASED,
                labels,
                variable(own.add(new Scalar(1e5))),
                variable(other.sub(new Scalar(1e5))))
            .get(0);
    OnePass.Result result = pass(RELEASED, labels, variable(own), variable(other)).get(0);
    assertThat(result.task().orElseThrow().item_double()).isFinite();
    sameNumber(shifted.measures().get(0), result.measures().get(0), 1e-9);
    same(shifted.gradients().get(0).gradient(), result.gradients().get(0).gradient(), 1e-9);
  }

  @Test
  void sharesOfTwoBatchesAddUp() {
    Net teacher = Net.of(RELEASED.classes(), RELEASED.type());
    Net student = Net.of(RELEASED.classes(), RELEASED.type());
    Lot lot = lot(RELEASED, teacher, List.of(student));
    Tensor inputs = randn(new long[] {240, FEATURES}, new TensorOptions(RELEASED.type()));
    Tensor right = randint(RELEASED.classes(), new long[] {240});
    gradients(lot, inputs, right, 1, teacher, student);
    List<Tensor> whole = List.of(teacher.gradient().clone(), student.gradient().clone());
    List.of(teacher, student).forEach(net -> net.gradient().zero_());
    gradients(lot, inputs.narrow(0, 0, 120), right.narrow(0, 0, 120), 0.5, teacher, student);
    gradients(lot, inputs.narrow(0, 120, 120), right.narrow(0, 120, 120), 0.5, teacher, student);
    same(teacher.gradient(), whole.get(0), 1e-12);
    same(student.gradient(), whole.get(1), 1e-12);
  }

  private static void gradients(
      Lot lot, Tensor inputs, Tensor right, double share, Net teacher, Net student) {
    Labels labels = new Labels(right, 0);
    lot.together(
        Exercise.of(inputs, labels),
        labels,
        teacher.answer(inputs),
        List.of(student.answer(inputs)),
        new Part(share, true));
  }

  private static Part part(Case c) {
    return new Part(c.share(), true);
  }

  /** The same networks, batch and loss, once known by its parts and once as a whole. */
  private static void bothWaysAgree(Case c, Mask mask, double alpha, boolean toTheBit) {
    Tensor inputs = randn(new long[] {c.time(), c.batch(), FEATURES}, new TensorOptions(c.type()));
    Labels labels = labels(c);
    Net teacher = Net.of(c.classes(), c.type());
    Net student = Net.of(c.classes(), c.type());
    Lot lot = lot(c, teacher, List.of(student)).withAlpha(alpha);
    List<Tensor> first = new ArrayList<>();
    for (Function<Output, Tensor> loss :
        List.of(labels, (Function<Output, Tensor>) labels::apply)) {
      lot.together(
          new Exercise(inputs, mask, Optional.of(loss)),
          loss,
          teacher.answer(inputs),
          List.of(student.answer(inputs)),
          Part.whole());
      if (first.isEmpty()) {
        first.addAll(List.of(teacher.gradient().clone(), student.gradient().clone()));
        List.of(teacher, student).forEach(net -> net.gradient().zero_());
      }
    }
    assertThat(teacher.gradient().equal(first.get(0))).isEqualTo(toTheBit);
    same(teacher.gradient(), first.get(0), c.type() == ScalarType.BFloat16 ? 0.05 : 1e-12);
    same(student.gradient(), first.get(1), c.type() == ScalarType.BFloat16 ? 0.05 : 1e-12);
  }

  @Test
  void positionsThatDoNotCountTakeThePlainWay() {
    Tensor counted = torch.rand(RELEASED.time(), RELEASED.batch()).gt(new Scalar(0.3));
    bothWaysAgree(RELEASED, Mask.of(counted), ALPHA, true);
    bothWaysAgree(RELEASED, Mask.none(), ALPHA, false);
  }

  @Test
  void withoutAlphaTheTeachersGradientKeepsItsBits() {
    bothWaysAgree(RELEASED, Mask.none(), 0, true);
  }

  @Test
  void shortTypesTakeThePlainWay() {
    bothWaysAgree(
        new Case(
            35,
            4,
            10_000,
            ScalarType.BFloat16,
            RELEASED.own(),
            RELEASED.students(),
            RELEASED.loss(),
            RELEASED.lambdas(),
            1,
            0),
        Mask.none(),
        ALPHA,
        true);
  }

  @Test
  void isNotForSmallOutputsOtherMeasuresTwoTemperaturesOrConstants() {
    Labels labels = labels(RELEASED);
    Output own = Output.logits(variable(logits(RELEASED)));
    List<Output> other = List.of(Output.logits(variable(logits(RELEASED))));
    Goal goal = goal(RELEASED, labels);
    Goal colder =
        Goal.of(0, Optional.empty(), kl(Direction.REFERENCE_FREE, 2, true), List.of(1.0))
            .orElseThrow();
    assertThat(OnePass.of(own, goal, other, goal)).isPresent();
    assertThat(OnePass.of(own, goal, other, Goal.none())).isPresent();
    assertThat(OnePass.of(own, goal, other, colder)).isEmpty();
    assertThat(OnePass.of(own, Goal.none(), other, Goal.none())).isEmpty();
    assertThat(OnePass.of(own.constant(), goal, other, goal)).isEmpty();
    assertThat(OnePass.of(own.constant(), Goal.none(), other, goal)).isPresent();
    Output small = Output.logits(variable(randn(10, 100)));
    assertThat(OnePass.of(small, goal, List.of(small), goal)).isEmpty();
    assertThat(OnePass.of(small, goal, other, goal)).isEmpty();
    assertThat(Goal.of(1, Optional.of(labels), new LogitError(1, false), List.of(1.0))).isEmpty();
    assertThat(
            Goal.of(
                1,
                Optional.of((Function<Output, Tensor>) labels::apply),
                RELEASED.own(),
                List.of()))
        .isEmpty();
    try (NoGradGuard constant = new NoGradGuard()) {
      assertThat(OnePass.of(own, goal, other, goal)).isEmpty();
    }
  }

  @Test
  void leavesNothingBehind() {
    Labels labels = labels(RELEASED);
    Tensor own = logits(RELEASED);
    Tensor other = logits(RELEASED);
    NativeObjects.assertUnchangedBy(
        () -> {
          try (PointerScope step = new PointerScope()) {
            pass(RELEASED, labels, variable(own), variable(other));
          }
        });
  }
}
