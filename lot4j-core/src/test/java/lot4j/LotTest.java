package lot4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.allclose;
import static org.bytedeco.pytorch.global.torch.cross_entropy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lot4j.imitability.KlDivergence;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LotTest {
  private PointerScope scope;
  private Nets.Small net;
  private Nets.Small small;
  private Learner teacher;
  private Learner student;

  @BeforeEach
  void makeLearners() {
    scope = new PointerScope();
    torch.manual_seed(5);
    net = Nets.plain();
    small = Nets.plain();
    teacher = Nets.learner(net);
    student = Nets.learner(small);
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  private Lot lot() {
    return Lot.teacher(teacher).student(student).build();
  }

  @Test
  void thePenaltyHasAGradientInTheTeacherAndNoneInTheStudent() {
    Tensor inputs = Nets.inputs(8);
    Penalty penalty = lot().penalty(Exercise.of(inputs), teacher.study(inputs, DataStream.TASK));
    penalty.term().backward();
    assertThat(Nets.hasGradient(net)).isTrue();
    assertThat(Nets.hasGradient(small)).isFalse();
  }

  @Test
  void aRehearsedPenaltyHasAGradientInTheTeacherAlone() {
    lot().penalty(Exercise.of(Nets.inputs(8))).term().backward();
    assertThat(Nets.hasGradient(net)).isTrue();
    assertThat(Nets.hasGradient(small)).isFalse();
  }

  @Test
  void studentAnswersWithAGraphAreConstantsInThePenalty() {
    Tensor inputs = Nets.inputs(8);
    Lot lot = lot();
    Exercise batch = Exercise.of(inputs);
    Output answer = teacher.study(inputs, DataStream.TASK);
    lot.penalty(batch.mask(), answer, lot.study(batch, DataStream.TASK)).term().backward();
    assertThat(Nets.hasGradient(net)).isTrue();
    assertThat(Nets.hasGradient(small)).isFalse();
  }

  @Test
  void theStudentsLossHasAGradientInTheStudentAndNoneInTheTeacher() {
    Tensor inputs = Nets.inputs(8);
    Lot lot = lot();
    Exercise batch = Exercise.of(inputs);
    // The teacher's answer comes with its graph, as in the joint order.
    Output answer = teacher.study(inputs, DataStream.TASK);
    lot.accumulate(batch, answer, lot.study(batch, DataStream.TASK), Part.whole());
    assertThat(Nets.hasGradient(small)).isTrue();
    assertThat(Nets.hasGradient(net)).isFalse();
  }

  @Test
  void theTeacherStaysAsItIsWhileStudentsAreTaught() {
    Tensor before = Nets.state(net);
    Tensor studentBefore = Nets.state(small);
    lot().teach(Stream.generate(() -> Nets.inputs(8)).iterator());
    assertThat(Nets.state(net).equal(before)).isTrue();
    assertThat(Nets.hasGradient(net)).isFalse();
    assertThat(Nets.state(small).equal(studentBefore)).isFalse();
  }

  @Test
  void studentsComeToImitate() {
    Tensor inputs = Nets.inputs(64);
    Lot lot = lot();
    double before = lot.penalty(Exercise.of(inputs)).imitability().item_double();
    for (int i = 0; i < 300; i++) {
      lot.teachOnce(Exercise.of(inputs));
    }
    assertThat(lot.penalty(Exercise.of(inputs)).imitability().item_double()).isLessThan(before / 2);
  }

  @Test
  void twoIdenticalStudentsOfWeightHalfEqualOneOfWeightOne() {
    Nets.Small twin = Nets.plain();
    Nets.copy(small, twin);
    Tensor inputs = Nets.inputs(8);
    Lot one = lot();
    Lot two = Lot.teacher(teacher).student(student, 0.5).student(Nets.learner(twin), 0.5).build();
    Tensor single = gradientOfPenalty(one, inputs);
    Tensor both = gradientOfPenalty(two, inputs);
    assertThat(
            two.penalty(Exercise.of(inputs)).term().item_double()
                - one.penalty(Exercise.of(inputs)).term().item_double())
        .isZero();
    assertThat(allclose(single, both, 1e-6, 1e-8, false)).isTrue();
  }

  @Test
  void weightsDecideHowMuchAStudentCounts() {
    Nets.Small third = Nets.plain();
    Lot lot =
        Lot.teacher(teacher)
            .student(student, 0.25)
            .student(Nets.learner(third), 0.75)
            .alpha(2)
            .build();
    Penalty penalty = lot.penalty(Exercise.of(Nets.inputs(8)));
    double expected =
        0.25 * penalty.each().get(0).item_double() + 0.75 * penalty.each().get(1).item_double();
    assertThat(penalty.imitability().item_double()).isCloseTo(expected, within(1e-6));
    assertThat(penalty.term().item_double()).isCloseTo(2 * expected, within(1e-6));
  }

  @Test
  void anAlphaOfZeroLeavesTheTasksGradientItsBits() {
    Tensor inputs = Nets.inputs(8);
    Tensor labels = Nets.labels(8);
    cross_entropy(net.logits(inputs), labels).backward();
    Tensor alone = gradient(net);
    teacher.zeroGrad();
    Output output = teacher.study(inputs, DataStream.TASK);
    Penalty penalty = lot().withAlpha(0).penalty(Exercise.of(inputs), output);
    cross_entropy(output.logits(), labels).add(penalty.term()).backward();
    assertThat(gradient(net).equal(alone)).isTrue();
    assertThat(penalty.imitability().item_double()).isPositive();
    assertThat(penalty.term().requires_grad()).isFalse();
  }

  @Test
  void withoutStudentStepsStudentsStayUntouched() {
    Tensor before = Nets.state(small);
    Lot lot = Lot.teacher(teacher).student(student).studentSteps(0).build();
    assertThat(lot.teach(Stream.<Tensor>empty().iterator())).isEmpty();
    assertThat(Nets.state(small).equal(before)).isTrue();
    assertThat(student.work()).isEqualTo(Work.NONE);
  }

  @Test
  void theJointOrderWithLabelsIsMutualLearning() {
    Nets.Small a = Nets.plain();
    Nets.Small b = Nets.plain();
    Nets.copy(net, a);
    Nets.copy(small, b);
    SGD stepA = Nets.sgd(a);
    SGD stepB = Nets.sgd(b);
    Lot lot =
        Lot.teacher(teacher)
            .student(student)
            .imitability(new KlDivergence(KlDivergence.Direction.REFERENCE_FREE, 1, false))
            .studentLoss(StudentLoss.imitationAndTask(1))
            .build();
    for (int i = 0; i < 3; i++) {
      Tensor x = Nets.inputs(8);
      Tensor y = Nets.labels(8);
      // Deep mutual learning (Zhang et al., 2018), both gradients at the old weights.
      Tensor p = torch.log_softmax(a.logits(x), -1);
      Tensor q = torch.log_softmax(b.logits(x), -1);
      stepA.zero_grad();
      stepB.zero_grad();
      torch.nll_loss(p, y).add(kl(q.detach(), p)).backward();
      torch.nll_loss(q, y).add(kl(p.detach(), q)).backward();
      stepA.step();
      stepB.step();

      Exercise batch = Exercise.of(x, output -> cross_entropy(output.logits(), y));
      Output t = teacher.study(x, DataStream.TASK);
      List<Output> s = lot.study(batch, DataStream.TASK);
      teacher.zeroGrad();
      lot.zeroGrad();
      teacher.accumulate(cross_entropy(t.logits(), y).add(lot.penalty(batch.mask(), t, s).term()));
      lot.accumulate(batch, t, s, Part.whole());
      teacher.step();
      lot.step();
    }
    assertThat(allclose(Nets.state(net), Nets.state(a), 0, 1e-6, false)).isTrue();
    assertThat(allclose(Nets.state(small), Nets.state(b), 0, 1e-6, false)).isTrue();
  }

  @Test
  void uncountedPositionsAddNothing() {
    Tensor inputs = Nets.inputs(4);
    Tensor mask = torch.tensor(new float[] {1, 1, 0, 0});
    Lot lot = lot();
    Tensor masked = lot.penalty(new Exercise(inputs, Mask.of(mask), Optional.empty())).term();
    Tensor part = lot.penalty(Exercise.of(inputs.narrow(0, 0, 2))).term();
    assertThat(allclose(masked, part)).isTrue();
  }

  @Test
  void worksWithoutAPointerScope() {
    scope.close();
    Nets.Small first = Nets.plain();
    Nets.Small second = Nets.plain();
    Lot lot = Lot.teacher(first::logits).student(second::logits, Nets.sgd(second)).build();
    Tensor inputs = Nets.inputs(4);
    Tensor logits = first.logits(inputs);
    lot.penalty(inputs, logits).term().backward();
    assertThat(Nets.hasGradient(first)).isTrue();
    // Asking the student switched gradients off; they are on again.
    lot.teach(Stream.generate(() -> inputs).iterator());
    assertThat(first.logits(inputs).requires_grad()).isTrue();
    scope = new PointerScope();
  }

  @Test
  void aStudentThatNeedsLabelsSaysSo() {
    Lot lot = lot().withStudentLoss(StudentLoss.imitationAndTask(0.5));
    assertThatThrownBy(() -> lot.teachOnce(Exercise.of(Nets.inputs(2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("student-task-weight: the student's batch has no labels");
  }

  @Test
  void namesTheSettingThatIsWrong() {
    assertThatThrownBy(() -> Lot.teacher(teacher).build())
        .hasMessage("students = [] is not allowed; at least one");
    assertThatThrownBy(() -> Lot.teacher(teacher).student(student).alpha(-0.1))
        .hasMessage("lot.alpha = -0.1 is not allowed; 0 or more");
    assertThatThrownBy(() -> Lot.teacher(teacher).student(student).studentSteps(-1))
        .hasMessage("lot.steps = -1 is not allowed; 0 or more");
    assertThatThrownBy(() -> Lot.teacher(teacher).student(student, 0.5).build())
        .hasMessage("sum of student.lambda = 0.5 is not allowed; 1");
    assertThatThrownBy(() -> Lot.teacher(teacher).student(student).student(student, 0.5))
        .hasMessageContaining("a λ for every student, or for none");
  }

  private Tensor gradientOfPenalty(Lot lot, Tensor inputs) {
    teacher.zeroGrad();
    lot.penalty(Exercise.of(inputs)).term().backward();
    return gradient(net);
  }

  private static Tensor gradient(Nets.Small net) {
    try (NoGradGuard constant = new NoGradGuard()) {
      TensorVector all = new TensorVector();
      for (long i = 0; i < net.parameters().size(); i++) {
        all.push_back(net.parameters().get(i).grad().reshape(-1));
      }
      return torch.cat(all, 0).clone();
    }
  }

  private static Tensor kl(Tensor logP, Tensor logQ) {
    return logP.exp().mul(logP.sub(logQ)).sum(-1).mean();
  }
}
