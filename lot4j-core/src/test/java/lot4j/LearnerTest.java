package lot4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LearnerTest {
  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
    torch.manual_seed(5);
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  @ParameterizedTest
  @EnumSource(ReferenceMode.class)
  void askingLeavesEveryBitOfTheNetwork(ReferenceMode mode) {
    Nets.Small net = Nets.withNorm();
    Learner learner = Nets.learner(net).withReferenceMode(mode);
    learner.study(Nets.inputs(6), DataStream.TASK);
    Tensor before = Nets.state(net);
    assertThat(learner.answer(Nets.inputs(6), DataStream.TASK).logits().requires_grad()).isFalse();
    learner.rehearse(Nets.inputs(6), DataStream.STUDENT);
    assertThat(Nets.state(net).equal(before)).isTrue();
    assertThat(net.is_training()).isTrue();
  }

  @Test
  void studyingMovesTheRunningStatistics() {
    Nets.Small net = Nets.withNorm();
    Learner learner = Nets.learner(net);
    Tensor before = Nets.state(net);
    learner.study(Nets.inputs(6), DataStream.TASK);
    assertThat(Nets.state(net).equal(before)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(ReferenceMode.class)
  void aRehearsalHasTheGradientOfAPlainForward(ReferenceMode mode) {
    Nets.Small net = Nets.withNorm();
    Nets.Small twin = Nets.withNorm();
    Nets.copy(net, twin);
    Tensor inputs = Nets.inputs(6);
    Learner learner = Nets.learner(net).withReferenceMode(mode);
    // Two of them before the backward: the second restores buffers that the first's graph saw.
    Tensor loss =
        learner
            .rehearse(inputs, DataStream.STUDENT)
            .logits()
            .square()
            .mean()
            .add(learner.rehearse(inputs, DataStream.STUDENT).logits().square().mean());
    loss.backward();
    twin.train(mode == ReferenceMode.TRAIN);
    twin.logits(inputs).square().mean().mul(new Scalar(2)).backward();
    for (long i = 0; i < net.parameters().size(); i++) {
      assertThat(
              torch.allclose(
                  net.parameters().get(i).grad(),
                  twin.parameters().get(i).grad(),
                  1e-4,
                  1e-6,
                  false))
          .isTrue();
    }
  }

  @Test
  void trainModeAnswersWithBatchStatisticsAndEvalModeWithRunningOnes() {
    Nets.Small net = Nets.withNorm();
    Tensor inputs = Nets.inputs(6);
    Learner learner = Nets.learner(net);
    Tensor asTraining = learner.answer(inputs, DataStream.TASK).logits();
    Tensor asDeployed =
        learner.withReferenceMode(ReferenceMode.EVAL).answer(inputs, DataStream.TASK).logits();
    net.eval();
    assertThat(net.logits(inputs).equal(asDeployed)).isTrue();
    net.train(true);
    assertThat(net.logits(inputs).equal(asTraining)).isTrue();
    assertThat(asTraining.equal(asDeployed)).isFalse();
  }

  @Test
  void dropoutDrawsFromTheRolesOwnNumbers() {
    List<Randomness.Role> roles = new ArrayList<>();
    Randomness recorder =
        (role, forward) -> {
          roles.add(role);
          return forward.get();
        };
    Learner learner = Nets.learner(Nets.withDropout()).withRandomness(recorder);
    learner.study(Nets.inputs(2), DataStream.TASK);
    learner.answer(Nets.inputs(2), DataStream.TASK);
    learner.rehearse(Nets.inputs(2), DataStream.STUDENT);
    assertThat(roles)
        .containsExactly(
            Randomness.Role.LEARNER, Randomness.Role.REFERENCE, Randomness.Role.REFERENCE);
  }

  @Test
  void inEvalModeReferencesDrawNothing() {
    Learner learner =
        Nets.learner(Nets.withDropout())
            .withReferenceMode(ReferenceMode.EVAL)
            .withRandomness(
                (role, forward) -> {
                  throw new AssertionError("drew as " + role);
                });
    Tensor inputs = Nets.inputs(2);
    Tensor first = learner.answer(inputs, DataStream.TASK).logits();
    assertThat(learner.answer(inputs, DataStream.TASK).logits().equal(first)).isTrue();
  }

  @Test
  void countsItsWork() {
    Nets.Small net = Nets.plain();
    Learner learner = Nets.learner(net);
    learner.descend(learner.study(Nets.inputs(6), DataStream.TASK).logits().square().mean());
    learner.answer(Nets.inputs(4), DataStream.TASK);
    assertThat(learner.work()).isEqualTo(new Work(10, 6, 1));
    assertThat(learner.work().flops(10)).isEqualTo(10 * (10 + 2 * 6));
  }

  @Test
  void aLearnerWithoutAnOptimizerCannotStep() {
    Learner learner = Learner.of(Nets.plain(), Descent.none());
    assertThatThrownBy(learner::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("learner: it has no optimizer");
  }

  @Test
  void aMemoryOutlivesTheStepThatWroteIt() {
    Memory memory = new Memory();
    Tensor source;
    try (PointerScope step = new PointerScope()) {
      source = torch.ones(3).set_requires_grad(true);
      Tensor carried = source.mul(new Scalar(2));
      memory.write(List.of(carried));
    }
    try (PointerScope step = new PointerScope()) {
      Tensor read = memory.read().get(0);
      assertThat(read.requires_grad()).isFalse();
      assertThat(read.sum().item_double()).isEqualTo(6);
      memory.write(List.of(read.add(new Scalar(1)), read));
    }
    assertThat(memory.read().get(0).sum().item_double()).isEqualTo(9);
    assertThat(memory.read().get(1).sum().item_double()).isEqualTo(6);
    List<Tensor> owned = memory.read();
    memory.clear();
    assertThat(memory.read()).isEmpty();
    assertThat(owned).allMatch(tensor -> tensor.isNull());
  }

  @Test
  void everyStreamHasItsOwnMemory() {
    Learner learner = Nets.learner(Nets.plain());
    learner.memory(DataStream.TASK).write(List.of(torch.ones(1)));
    assertThat(learner.memory(DataStream.STUDENT).read()).isEmpty();
    learner.close();
    assertThat(learner.memory(DataStream.TASK).read()).isEmpty();
  }

  private enum Verb {
    STUDY,
    ANSWER,
    REHEARSE
  }

  private static Output ask(Verb verb, Learner learner, Exercise batch, DataStream stream) {
    return switch (verb) {
      case STUDY -> learner.study(batch, stream);
      case ANSWER -> learner.answer(batch, stream);
      case REHEARSE -> learner.rehearse(batch, stream);
    };
  }

  @ParameterizedTest
  @EnumSource(Verb.class)
  void aBatchThatBeginsAStreamClearsThatMemoryAlone(Verb verb) {
    Network counting =
        (inputs, memory) -> {
          long before = memory.read().isEmpty() ? 0 : memory.read().get(0).item_long();
          memory.write(List.of(torch.tensor(before + 1)));
          return Output.logits(inputs);
        };
    Exercise follows = Exercise.of(Nets.inputs(2));
    Exercise begins = new Exercise(follows.inputs(), follows.mask(), Optional.empty(), true);
    try (Learner learner = Learner.of(counting, Descent.none());
        Learner other = Learner.of(counting, Descent.none())) {
      for (DataStream stream : DataStream.values()) {
        for (int i = 0; i < 3; i++) {
          ask(verb, learner, follows, stream);
          ask(verb, other, follows, stream);
        }
      }
      ask(verb, learner, begins, DataStream.STUDENT);
      assertThat(carried(learner, DataStream.STUDENT)).isEqualTo(1);
      assertThat(carried(learner, DataStream.TASK)).isEqualTo(3);
      assertThat(carried(other, DataStream.STUDENT)).isEqualTo(3);
    }
  }

  private static long carried(Learner learner, DataStream stream) {
    return learner.memory(stream).read().get(0).item_long();
  }
}
