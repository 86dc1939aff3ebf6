package lot4j.model.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import lot4j.Distribution.DiagonalNormal;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Output;
import lot4j.Shape;
import lot4j.model.vision.Mlp;
import lot4j.model.vision.PreResNet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class TabularNetworksTest {
  private static long parameters(Model model) {
    TensorVector all = model.module().parameters();
    long count = 0;
    for (long i = 0; i < all.size(); i++) {
      count += all.get(i).numel();
    }
    return count;
  }

  private static float[] floats(Tensor tensor) {
    Tensor flat = tensor.contiguous();
    float[] numbers = new float[(int) flat.numel()];
    flat.data_ptr_float().get(numbers);
    return numbers;
  }

  @Test
  void theCensusIsExact() {
    try (PointerScope scope = new PointerScope()) {
      for (ModelSpec spec :
          new ModelSpec[] {new TabularResNet(), new TabularResNet(3, 10, 1.5, 0, 0.1)}) {
        assertThat(parameters(spec.build(Shape.of(7), 4)))
            .isEqualTo(spec.census(Shape.of(7), 4).parameters());
      }
      // By hand: 7·8+8, one block of 2·8 + 8·16+16 + 16·8+8, 2·8, 8·2+2.
      assertThat(new TabularResNet(1, 8, 2, 0, 0).census(Shape.of(7), 2).parameters())
          .isEqualTo(64 + (16 + 144 + 136) + 16 + 18);
      assertThat(new TabularResNet(1, 8, 2, 0, 0).census(Shape.of(7), 2).macs())
          .isEqualTo(56 + 128 + 128 + 16);
      ColumnFront front = new ColumnFront(2, List.of(3, 40));
      ModelSpec mlp = new Mlp();
      assertThat(parameters(front.build(mlp, 5))).isEqualTo(front.census(mlp, 5).parameters());
    }
  }

  @Test
  void widthsFollowTheRule() {
    assertThat(ColumnFront.width(1)).isEqualTo(2);
    assertThat(ColumnFront.width(3)).isEqualTo(3);
    assertThat(ColumnFront.width(40)).isEqualTo(13);
    assertThat(ColumnFront.width(1_000_000)).isEqualTo(64);
    assertThat(new ColumnFront(2, List.of(3, 40)).inner()).isEqualTo(Shape.of(2 + 3 + 13));
  }

  @Test
  void codesChooseTheirVectorsAndUnknownOnesAreZero() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard();
        Memory memory = new Memory()) {
      // A network that gives back a sum of all it reads, so that the front can be seen.
      ModelSpec sum = new Mlp(List.of(), lot4j.model.vision.Activation.RELU, 0);
      Model model = new ColumnFront(1, List.of(3)).build(sum, 1);
      model
          .module()
          .named_parameters()
          .get("network.fc1.weight")
          .fill_(new org.bytedeco.pytorch.Scalar(1));
      model.module().named_parameters().get("network.fc1.bias").zero_();
      Tensor vectors = model.module().named_parameters().get("embedding0.weight");
      float[] sums = floats(vectors.sum(1));
      Tensor inputs = torch.tensor(new float[] {10, 0, 10, 1, 10, 2}).view(3, 2);
      float[] said = floats(model.forward(inputs, memory).logits());
      assertThat(said[0]).isEqualTo(10);
      assertThat(said[1]).isCloseTo(10 + sums[1], within(1e-5f));
      assertThat(said[2]).isCloseTo(10 + sums[2], within(1e-5f));
      assertThat(sums[1]).isNotEqualTo(sums[2]);
    }
  }

  @Test
  void withoutCategoriesNothingIsPutInFront() {
    try (PointerScope scope = new PointerScope()) {
      Model model = new ColumnFront(4, List.of()).build(new Mlp(), 3);
      assertThat(model.module().named_parameters().contains("fc1.weight")).isTrue();
    }
  }

  @Test
  void aTrainingBatchOfOneRowIsNormalisedByRunningStatistics() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard();
        Memory memory = new Memory()) {
      Model model = new TabularResNet(1, 8, 2, 0, 0).build(Shape.of(3), 2);
      Tensor row = torch.randn(1, 3);
      model.module().train(true);
      float[] training = floats(model.forward(row, memory).logits());
      model.module().eval();
      assertThat(floats(model.forward(row, memory).logits())).containsExactly(training);
      model.module().train(true);
      float[] many =
          floats(
              model
                  .forward(torch.cat(new TensorVector(row, row, torch.randn(2, 3)), 0), memory)
                  .logits());
      assertThat(many[0]).isNotEqualTo(training[0]);
    }
  }

  @Test
  void aNormalsDeviationIsBounded() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard();
        Memory memory = new Memory()) {
      Model fixed =
          new Model() {
            @Override
            public Output forward(Tensor inputs, Memory ignored) {
              return Output.logits(torch.tensor(new float[] {3, 0, 4, 1e6f, 5, -1e6f}).view(3, 2));
            }

            @Override
            public org.bytedeco.pytorch.Module module() {
              return new org.bytedeco.pytorch.Module("none");
            }
          };
      DiagonalNormal own =
          (DiagonalNormal)
              new NormalHead(fixed, true).forward(torch.zeros(3, 1), memory).distribution();
      assertThat(floats(own.mean())).containsExactly(3, 4, 5);
      assertThat(floats(own.logStd())).containsExactly(0, 5, -5);
      DiagonalNormal unit =
          (DiagonalNormal)
              new NormalHead(fixed, false).forward(torch.zeros(3, 1), memory).distribution();
      assertThat(floats(unit.logStd())).containsOnly(0);
    }
  }

  @Test
  void imagesAreRefusedByTheTabularNetAndRowsByImageNets() {
    assertThatThrownBy(() -> new TabularResNet().census(Shape.of(1, 8, 8), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rows of numbers");
    assertThatThrownBy(() -> new ColumnFront(3, List.of()).census(new PreResNet(20), 2))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
