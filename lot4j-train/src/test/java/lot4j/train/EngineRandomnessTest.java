package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import lot4j.Output;
import lot4j.Randomness.Role;
import lot4j.optim.MemoryState;
import lot4j.random.Streams;
import lot4j.testkit.NativeObjects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EngineRandomnessTest {
  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  private static EngineRandomness of(String learner) {
    return new EngineRandomness(new Streams(3), learner);
  }

  private static Tensor draw(EngineRandomness randomness, Role role, int numbers) {
    return randomness.draw(role, () -> Output.logits(torch.rand(1, numbers))).logits();
  }

  @Test
  void rolesAndLearnersDrawIndependently() {
    EngineRandomness alone = of("teacher");
    Tensor first = draw(alone, Role.LEARNER, 7);
    Tensor second = draw(alone, Role.LEARNER, 7);

    EngineRandomness mixed = of("teacher");
    EngineRandomness student = of("student0");
    draw(student, Role.LEARNER, 100);
    draw(mixed, Role.REFERENCE, 33);
    torch.rand(5);
    assertThat(draw(mixed, Role.LEARNER, 7).equal(first)).isTrue();
    draw(mixed, Role.REFERENCE, 1);
    draw(student, Role.REFERENCE, 2);
    assertThat(draw(mixed, Role.LEARNER, 7).equal(second)).isTrue();
    assertThat(first.equal(second)).isFalse();
    assertThat(draw(of("student0"), Role.LEARNER, 7).equal(first)).isFalse();
    assertThat(draw(of("teacher"), Role.REFERENCE, 7).equal(first)).isFalse();
  }

  @Test
  void goesOnToTheBitAfterARestore() {
    EngineRandomness randomness = of("teacher");
    draw(randomness, Role.LEARNER, 3);
    draw(randomness, Role.REFERENCE, 5);
    MemoryState saved = new MemoryState();
    randomness.save(saved);
    Tensor learner = draw(randomness, Role.LEARNER, 9);
    Tensor reference = draw(randomness, Role.REFERENCE, 9);

    EngineRandomness other = new EngineRandomness(new Streams(77), "teacher");
    other.restore(saved);
    assertThat(draw(other, Role.REFERENCE, 9).equal(reference)).isTrue();
    assertThat(draw(other, Role.LEARNER, 9).equal(learner)).isTrue();
  }

  @Test
  void makingOneLeavesTheEnginesOwnNumbersAlone() {
    torch.manual_seed(5);
    Tensor expected = torch.rand(4);
    torch.manual_seed(5);
    of("teacher");
    assertThat(torch.rand(4).equal(expected)).isTrue();
  }

  @Test
  void drawingKeepsNoTensor() {
    EngineRandomness randomness = of("teacher");
    NativeObjects.assertUnchangedBy(
        () -> {
          for (int i = 0; i < 50; i++) {
            try (PointerScope step = new PointerScope()) {
              draw(randomness, Role.LEARNER, 3);
            }
          }
        });
  }
}
