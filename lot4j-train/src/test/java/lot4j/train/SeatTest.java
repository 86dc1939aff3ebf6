package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import lot4j.DataStream;
import lot4j.Learner;
import lot4j.Shape;
import lot4j.method.Toy;
import lot4j.optim.Clip;
import lot4j.optim.Descender;
import lot4j.optim.MemoryState;
import lot4j.optim.Sgd;
import lot4j.optim.Weights;
import lot4j.random.Streams;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeatTest {
  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  private static Seat seat(long seed) {
    Toy.Spec spec = new Toy.Spec(true, 0.4);
    torch.manual_seed(seed);
    var model = spec.build(Shape.of(Toy.FEATURES), Toy.CLASSES);
    Weights weights = Weights.of(model.module());
    Descender descender =
        Descender.of("teacher", weights, new Sgd(0.1, 0.9, true, 1e-3, Clip.at(1)));
    EngineRandomness randomness = new EngineRandomness(new Streams(seed), "teacher");
    Learner learner = Learner.of(model, descender).withRandomness(randomness);
    return new Seat(
        "teacher",
        model,
        spec.census(Shape.of(Toy.FEATURES), Toy.CLASSES),
        weights,
        descender,
        learner,
        Optional.of(randomness),
        Optional.empty());
  }

  private static void train(Seat seat, int steps) {
    for (int i = 0; i < steps; i++) {
      torch.manual_seed(100 + seat.learner().work().steps());
      Tensor inputs = torch.randn(6, Toy.FEATURES);
      seat.learner().answer(inputs, DataStream.STUDENT);
      seat.learner()
          .descend(seat.learner().study(inputs, DataStream.TASK).logits().square().mean());
    }
  }

  @Test
  void everythingOfALearnerIsRestored() {
    Seat seat = seat(1);
    train(seat, 5);
    seat.learner().memory(DataStream.TASK).write(List.of(torch.randn(2, 3), torch.randn(4)));
    MemoryState saved = new MemoryState();
    seat.save(saved);

    Seat other = seat(2);
    train(other, 3);
    other.learner().memory(DataStream.STUDENT).write(List.of(torch.randn(1)));
    try (NoGradGuard constant = new NoGradGuard()) {
      seat.tensors().forEach((name, tensor) -> other.tensors().get(name).copy_(tensor));
    }
    other.restore(saved);

    assertThat(other.learner().work()).isEqualTo(seat.learner().work());
    assertThat(other.flops()).isEqualTo(seat.flops()).isPositive();
    List<Tensor> memory = seat.learner().memory(DataStream.TASK).read();
    List<Tensor> restored = other.learner().memory(DataStream.TASK).read();
    assertThat(restored).hasSize(2);
    assertThat(restored.get(0).equal(memory.get(0))).isTrue();
    assertThat(restored.get(1).equal(memory.get(1))).isTrue();
    assertThat(other.learner().memory(DataStream.STUDENT).read()).isEmpty();
    train(seat, 4);
    train(other, 4);
    seat.tensors()
        .forEach(
            (name, tensor) ->
                assertThat(other.tensors().get(name).equal(tensor)).as(name).isTrue());
  }

  @Test
  void weightsAndStatisticsHaveToBeFinite() {
    Seat seat = seat(1);
    seat.requireFinite();
    try (NoGradGuard constant = new NoGradGuard()) {
      seat.tensors().get("norm.running_var").select(0, 2).fill_(new Scalar(1.0 / 0));
    }
    assertThatThrownBy(seat::requireFinite)
        .isInstanceOf(DivergedException.class)
        .hasMessage("teacher: norm.running_var is not finite");
    try (NoGradGuard constant = new NoGradGuard()) {
      seat.tensors().get("last.bias").select(0, 1).fill_(new Scalar(0.0 / 0));
    }
    assertThatThrownBy(seat::requireFinite).hasMessage("teacher: a weight is not finite");
  }

  @Test
  void tensorsAreNamedAsInAStateDict() {
    assertThat(seat(1).tensors().keySet())
        .containsExactly(
            "first.weight",
            "first.bias",
            "last.weight",
            "last.bias",
            "norm.weight",
            "norm.bias",
            "norm.running_mean",
            "norm.running_var",
            "norm.num_batches_tracked");
  }
}
