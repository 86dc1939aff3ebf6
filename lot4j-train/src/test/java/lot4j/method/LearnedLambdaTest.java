package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.DoubleStream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LearnedLambdaTest {
  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  private static LotMethod lot() {
    return ControlsTest.lot(1, Order.TEACHER_FIRST, RegularizeOn.FRESH_BATCH);
  }

  /** Slope of w: .5·(.2 − .4) = −.1 and .1; factors e^.05 and e^−.05. */
  @Test
  void aStepByHand() {
    List<Double> next =
        new LearnedLambda(lot(), 0.5, 0).next(List.of(0.5, 0.5), List.of(0.2, 0.6), 1);
    assertThat(next.get(0)).isCloseTo(0.52497918747894, within(1e-14));
    assertThat(next.get(1)).isCloseTo(0.47502081252106, within(1e-14));
  }

  /** Slopes −.0494067 and .0494067: .7·.8·(.2 − .32) + .1·.7·(log .7 + H). */
  @Test
  void aStepWithEntropyByHand() {
    List<Double> next =
        new LearnedLambda(lot(), 0.5, 0.1).next(List.of(0.7, 0.3), List.of(0.2, 0.6), 0.8);
    assertThat(next.get(0)).isCloseTo(0.7102718275246448, within(1e-14));
    assertThat(next.get(1)).isCloseTo(0.28972817247535526, within(1e-14));
  }

  /** What the paper's learnable λ comes to: everything on the nearest student. */
  @Test
  void withoutEntropyItCollapsesOntoTheNearestStudent() {
    List<Double> lambda = List.of(1 / 3.0, 1 / 3.0, 1 / 3.0);
    LearnedLambda spec = new LearnedLambda(lot(), 1, 0);
    for (int step = 0; step < 2000; step++) {
      lambda = spec.next(lambda, List.of(0.5, 0.4, 0.7), 1);
    }
    assertThat(lambda.get(1)).isGreaterThan(0.99);
    assertThat(lambda.stream().mapToDouble(Double::doubleValue).sum()).isCloseTo(1, within(1e-12));
  }

  /** The least of Σ λμ − c·H(λ) is at λ ∝ e^(−μ/c). */
  @Test
  void withEntropyItRestsAtTheSoftMinimum() {
    List<Double> mu = List.of(0.5, 0.4, 0.7);
    double entropy = 0.2;
    List<Double> lambda = List.of(0.2, 0.2, 0.6);
    LearnedLambda spec = new LearnedLambda(lot(), 1, entropy);
    for (int step = 0; step < 3000; step++) {
      lambda = spec.next(lambda, mu, 1);
    }
    double sum = mu.stream().mapToDouble(m -> Math.exp(-m / entropy)).sum();
    for (int i = 0; i < 3; i++) {
      assertThat(lambda.get(i)).isCloseTo(Math.exp(-mu.get(i) / entropy) / sum, within(1e-6));
    }
  }

  @Test
  void aRateOfZeroIsLotToTheBit() {
    Fleet learned = Fleet.of(3);
    List<Update> updates = learned.run(new LearnedLambda(lot(), 0, 0.3), 6);
    Fleet lot = Fleet.of(3);
    lot.run(lot(), 6);
    Fleet.assertSameBits(learned.states(), lot.states());
    assertThat(updates.get(5).observed().get("lambda_student1").item_double()).isEqualTo(0.5);
  }

  @Test
  void theNextStepGoesByWhatTheLastOneMeasured() {
    Fleet fleet = Fleet.of(3);
    LearnedLambda spec = new LearnedLambda(lot(), 2, 0);
    Method method = fleet.over(spec, 5);
    Update first = method.update(0);
    double[] mu =
        first.penalty().orElseThrow().each().stream().mapToDouble(m -> m.item_double()).toArray();
    List<Double> expected = spec.next(List.of(0.5, 0.5), DoubleStream.of(mu).boxed().toList(), 0.8);
    Update second = method.update(1);
    for (int i = 0; i < 2; i++) {
      assertThat(second.observed().get("lambda_student" + i).item_double())
          .isCloseTo(expected.get(i), within(1e-6));
    }
    double weighted =
        expected.get(0) * second.penalty().orElseThrow().each().get(0).item_double()
            + expected.get(1) * second.penalty().orElseThrow().each().get(1).item_double();
    assertThat(second.penalty().orElseThrow().imitability().item_double())
        .isCloseTo(weighted, within(1e-6));
  }

  @Test
  void aStudentOfWeightZeroKeepsIt() {
    assertThat(new LearnedLambda(lot(), 1, 0.5).next(List.of(0.0, 1.0), List.of(0.1, 0.9), 1))
        .containsExactly(0.0, 1.0);
  }

  @Test
  void costsWhatLotCosts() {
    Fleet.assertBillIsCounted(new LearnedLambda(lot(), 1, 0), 2, 7);
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new LearnedLambda(lot(), -1, 0)).hasMessageContaining("rate = -1");
    assertThatThrownBy(() -> new LearnedLambda(lot(), 1, -1)).hasMessageContaining("entropy = -1");
  }
}
