package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import lot4j.Descent;
import lot4j.Learner;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.optim.Weights;
import lot4j.train.Pace;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Methods without students on the toy task, beside others with the same initial weights. */
final class Alone {
  /** Ten samples an epoch, in steps of 4, 4 and 2. */
  static final Pace TEN = new Pace(10, 4, 4);

  /** The same in batches of 3 and 1, 3 and 1, and 2, whose gradients are gathered. */
  static final Pace TEN_IN_PARTS = new Pace(10, 4, 3);

  private static final Pace TEN_IN_TWOS = new Pace(10, 4, 2);

  private Alone() {}

  static Setting<Toy.Batch> setting(Toy.Pupil teacher, Toy.Stream stream) {
    return setting(teacher.learner, teacher.weights, stream, 9);
  }

  static Setting<Toy.Batch> setting(
      Learner learner, Weights weights, Toy.Stream stream, long updates) {
    return new Setting<>(
        new Toy.Rows(),
        learner,
        List.of(),
        stream,
        new Toy.Stream(TEN, 9),
        new Held(weights),
        updates);
  }

  static Networks held(Weights teacher) {
    return new Held(teacher);
  }

  static Method over(MethodSpec spec, Toy.Pupil teacher, Pace pace) {
    return spec.over(setting(teacher, new Toy.Stream(pace, 2)));
  }

  /** One step of a method on a teacher made of {@code spec} and seed 1. */
  static Update first(MethodSpec method, Toy.Pupil teacher) {
    return over(method, teacher, TEN).update(0);
  }

  /** The batch that {@link #first} learns from. */
  static Toy.Batch batch() {
    return new Toy.Stream(TEN, 2).next().get(0);
  }

  /** Some steps of two methods on equal teachers end in the same bits. */
  static void assertSameBits(MethodSpec one, MethodSpec other, Toy.Spec spec) {
    Toy.Pupil a = Toy.pupil(spec, 1);
    Toy.Pupil b = Toy.pupil(spec, 1);
    Method first = over(one, a, TEN_IN_TWOS);
    Method second = over(other, b, TEN_IN_TWOS);
    for (int step = 0; step < 6; step++) {
      torch.manual_seed(step); // dropout
      Update mine = first.update(step);
      torch.manual_seed(step);
      Update theirs = second.update(step);
      assertThat(mine.loss().item_double()).isEqualTo(theirs.loss().item_double());
      assertThat(mine.penalty().map(p -> p.term().item_double()))
          .isEqualTo(theirs.penalty().map(p -> p.term().item_double()));
    }
    assertThat(a.state().equal(b.state())).isTrue();
    assertThat(a.learner.work()).isEqualTo(b.learner.work());
  }

  /** Gathered gradients of parts of a batch make the step of the whole. */
  static void assertPartsMakeTheWhole(MethodSpec spec) {
    Toy.Pupil whole = Toy.pupil(1);
    Toy.Pupil parts = Toy.pupil(1);
    Method large = over(spec, whole, TEN);
    Method small = over(spec, parts, TEN_IN_PARTS);
    for (int step = 0; step < 6; step++) {
      Update a = large.update(step);
      Update b = small.update(step);
      assertThat(b.samples()).isEqualTo(a.samples());
      assertClose(b.loss(), a.loss().item_double());
      assertThat(b.penalty().isPresent()).isEqualTo(a.penalty().isPresent());
      a.penalty().ifPresent(p -> assertClose(b.penalty().get().term(), p.term().item_double()));
    }
    assertThat(torch.allclose(whole.state(), parts.state(), 1e-5, 1e-6, false)).isTrue();
  }

  static void assertClose(Tensor actual, double expected) {
    assertThat(actual.item_double()).isCloseTo(expected, within(2e-6));
  }

  /** [rows][classes] of doubles. */
  static double[][] rows(Tensor matrix) {
    Tensor wide = matrix.detach().to(torch.ScalarType.Double).contiguous();
    double[][] rows = new double[(int) wide.size(0)][(int) wide.size(1)];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows[i].length; j++) {
        rows[i][j] = wide.get(i).get(j).item_double();
      }
    }
    return rows;
  }

  /** Log-probabilities of rows of logits, in plain arithmetic. */
  static double[][] logSoftmax(double[][] logits) {
    double[][] all = new double[logits.length][];
    for (int i = 0; i < logits.length; i++) {
      double sum = 0;
      for (double logit : logits[i]) {
        sum += Math.exp(logit);
      }
      all[i] = new double[logits[i].length];
      for (int j = 0; j < logits[i].length; j++) {
        all[i][j] = logits[i][j] - Math.log(sum);
      }
    }
    return all;
  }

  static double crossEntropy(double[][] logProbabilities, Tensor labels) {
    double sum = 0;
    for (int i = 0; i < logProbabilities.length; i++) {
      sum -= logProbabilities[i][(int) labels.get(i).item_long()];
    }
    return sum / logProbabilities.length;
  }

  /** The logits of a fresh teacher's first answer. */
  static Tensor logits(Toy.Pupil twin) {
    return logits(twin, batch());
  }

  /** The logits of an answer to any batch. */
  static Tensor logits(Toy.Pupil twin, Toy.Batch batch) {
    return twin.net.forward(batch.inputs(), new Memory()).logits();
  }

  /** A network that counts what it carries along, and remembers what it was given. */
  static final class Counting implements Network {
    final List<Long> read = new ArrayList<>();
    private final Toy.Net net;

    Counting(Toy.Net net) {
      this.net = net;
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      long carried = memory.read().isEmpty() ? 0 : memory.read().get(0).item_long();
      read.add(carried);
      memory.write(List.of(torch.tensor(carried + 1)));
      return net.forward(inputs, memory);
    }
  }

  /** Gathers gradients and stays where it is. */
  static Descent still(Weights weights) {
    return new Descent() {
      @Override
      public void zeroGrad() {
        weights.zeroGrad();
      }

      @Override
      public void step() {}
    };
  }

  /** The teacher's weights, and no students. */
  private record Held(Weights teacher) implements Networks {
    @Override
    public Weights student(int index) {
      throw new IllegalStateException("no students");
    }

    @Override
    public void renew(int index, long generation) {
      throw new IllegalStateException("no students");
    }
  }
}
