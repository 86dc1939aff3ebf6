package lot4j.imitability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Optional;
import lot4j.Distribution;
import lot4j.LinearProjection;
import lot4j.Mask;
import lot4j.Output;
import lot4j.Piecewise;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShuffledTest {
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

  private static Tensor rows(Tensor of, long... order) {
    return of.index_select(0, torch.tensor(order));
  }

  private static boolean same(Tensor one, Tensor other) {
    return torch.equal(one, other);
  }

  @Test
  void answersMoveOnByOnePositionAndTheLastComesFirst() {
    Tensor logits = torch.randn(4, 3);
    Tensor moved = Shuffled.shuffled(Output.logits(logits), Mask.none()).logits();
    assertThat(same(moved, rows(logits, 3, 0, 1, 2))).isTrue();
  }

  @Test
  void onlyPositionsThatCountChangePlaces() {
    Tensor logits = torch.randn(5, 3);
    Mask mask = Mask.of(torch.tensor(1L, 0L, 1L, 1L, 0L));
    Tensor moved = Shuffled.shuffled(Output.logits(logits), mask).logits();
    assertThat(same(moved, rows(logits, 3, 1, 0, 2, 4))).isTrue();
  }

  @Test
  void ofATextTheNextPositionIsTheNextColumn() {
    Tensor logits = torch.randn(2, 3, 4); // [time, column, classes]
    Tensor moved = Shuffled.shuffled(Output.logits(logits), Mask.none()).logits();
    assertThat(moved.sizes().vec().get()).containsExactly(2, 3, 4);
    assertThat(same(moved.select(0, 1).select(0, 2), logits.select(0, 1).select(0, 1))).isTrue();
    assertThat(same(moved.select(0, 1).select(0, 0), logits.select(0, 0).select(0, 2))).isTrue();
  }

  @Test
  void normalsMoveWithTheirSpread() {
    Tensor mean = torch.randn(3, 2);
    Tensor each = torch.randn(3, 2);
    Tensor shared = torch.randn(2);
    Distribution.DiagonalNormal ofEach =
        (Distribution.DiagonalNormal)
            Shuffled.shuffled(
                    new Output(new Distribution.DiagonalNormal(mean, each), Map.of()), Mask.none())
                .distribution();
    assertThat(same(ofEach.mean(), rows(mean, 2, 0, 1))).isTrue();
    assertThat(same(ofEach.logStd(), rows(each, 2, 0, 1))).isTrue();
    Distribution.DiagonalNormal ofAll =
        (Distribution.DiagonalNormal)
            Shuffled.shuffled(
                    new Output(new Distribution.DiagonalNormal(mean, shared), Map.of()),
                    Mask.none())
                .distribution();
    assertThat(same(ofAll.logStd(), shared)).isTrue();
  }

  /** 300 positions of 70,000 classes are three pieces; the answers move through all of them. */
  @Test
  void projectedAnswersMoveAsAWholeAndNotWithinAPiece() {
    Tensor weight = torch.randn(70_000, 2);
    LinearProjection projection = new LinearProjection(weight, Optional.empty());
    Tensor free = torch.randn(300, 2);
    Tensor reference = torch.randn(300, 2);
    KlDivergence kl = new KlDivergence(1);
    double actual =
        Piecewise.measure(
                new Shuffled(kl),
                new Output(new Distribution.Projected(free, projection), Map.of()),
                new Output(new Distribution.Projected(reference, projection), Map.of()),
                Mask.none())
            .item_double();
    Tensor moved =
        torch.cat(new TensorVector(reference.narrow(0, 299, 1), reference.narrow(0, 0, 299)), 0);
    double expected =
        Piecewise.measure(
                kl,
                new Output(new Distribution.Projected(free, projection), Map.of()),
                new Output(new Distribution.Projected(moved, projection), Map.of()),
                Mask.none())
            .item_double();
    assertThat(actual).isCloseTo(expected, within(1e-6)).isPositive();
  }
}
