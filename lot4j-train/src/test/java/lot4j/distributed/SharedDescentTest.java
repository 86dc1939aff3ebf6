package lot4j.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bytedeco.pytorch.global.torch.equal;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.randint;
import static org.bytedeco.pytorch.global.torch.randn;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import lot4j.Descent;
import lot4j.Learner;
import lot4j.Network;
import lot4j.optim.Weights;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranks, here threads of one process, that add up their gradients in buckets or as a whole. */
class SharedDescentTest {
  private static final int STEPS = 3;

  /** Notes the gradient it is to step along. */
  private record Noted(Weights weights, List<Tensor> seen) implements Descent {
    @Override
    public void zeroGrad() {
      weights.zeroGrad();
    }

    @Override
    public void step() {
      seen.add(weights.gradients().clone().retainReference());
    }
  }

  /** A rank's network, its descent, and its batches: for every step a list, which may be empty. */
  private record Rank(Chain chain, Weights weights, List<List<Tensor>> batches) {
    static Rank of(int seed, List<List<Tensor>> batches) {
      manual_seed(seed);
      Chain chain = new Chain(4, List.of(0, 1, 1, 3));
      Weights weights = Weights.of(chain);
      weights.zeroGrad();
      return new Rank(chain, weights, batches);
    }

    List<Tensor> gradients(Company company) {
      List<Tensor> seen = new ArrayList<>();
      try (PointerScope scope = new PointerScope();
          SharedDescent descent = new SharedDescent(new Noted(weights, seen), weights, company)) {
        for (List<Tensor> step : batches) {
          descent.zeroGrad();
          for (int i = 0; i < step.size(); i++) {
            Tensor loss = chain.loss(step.get(i));
            descent.gather(() -> loss.backward(), i == step.size() - 1);
          }
          descent.step();
        }
      }
      return seen;
    }
  }

  /** Rank r of {@code size}: {@code r} batches at the first step, then one, then one more. */
  private static List<Rank> ranks(int size) {
    List<Rank> ranks = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      manual_seed(100 + rank);
      List<List<Tensor>> batches = new ArrayList<>();
      for (int step = 0; step < STEPS; step++) {
        List<Tensor> own = new ArrayList<>();
        for (int i = 0; i < (rank + step) % size; i++) {
          own.add(randn(5, 4));
        }
        batches.add(own);
      }
      ranks.add(Rank.of(7, batches));
    }
    return ranks;
  }

  private static List<List<Tensor>> gradients(int size, Bucketing bucketing, List<Rank> ranks)
      throws Exception {
    List<Crew> crew = Crews.of(bucketing, Crews.untold(size));
    try {
      return Crews.each(size, rank -> ranks.get(rank).gradients(crew.get(rank)));
    } finally {
      Crews.leave(crew);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "2, 128", "2, 300", "2, 100000", "3, 1", "3, 200"})
  void bucketsGiveTheSumsOfTheWhole(int size, int bytes) throws Exception {
    try (PointerScope scope = new PointerScope()) {
      List<Rank> ranks = ranks(size);
      List<List<Tensor>> whole = gradients(size, Bucketing.never(), ranks);
      List<List<Tensor>> parts = gradients(size, new Bucketing(0, bytes), ranks);
      for (int step = 0; step < STEPS; step++) {
        for (int rank = 0; rank < size; rank++) {
          Tensor sum = parts.get(rank).get(step);
          Tensor expected = whole.get(0).get(step);
          assertThat(equal(sum, parts.get(0).get(step))).isTrue(); // every rank has the same bits
          if (size == 2) {
            assertThat(equal(sum, expected)).isTrue(); // a + b = b + a
          } else {
            assertThat(sum.sub(expected).abs().max().item_double()).isLessThan(1e-6);
          }
          assertThat(expected.abs().sum().item_double()).isPositive();
        }
      }
    }
  }

  /** Two networks, which one rank goes through in one order and the other does not use at all. */
  @Test
  void networksThatOneRankDoesNotUseAreWaitedForInTheOrderOfSteps() throws Exception {
    List<Crew> crew = Crews.of(new Bucketing(0, 64), Crews.untold(2));
    try (PointerScope scope = new PointerScope()) {
      Tensor input = randint(-2, 3, new long[] {5, 4}).to(ScalarType.Float);
      List<Rank> teachers = List.of(Rank.of(1, List.of()), Rank.of(1, List.of()));
      List<Rank> students = List.of(Rank.of(2, List.of()), Rank.of(2, List.of()));
      List<List<Tensor>> seen =
          Crews.each(
              2,
              rank -> {
                List<Tensor> gradients = new ArrayList<>();
                Rank teacher = teachers.get(rank);
                Rank student = students.get(rank);
                try (PointerScope inner = new PointerScope();
                    SharedDescent one =
                        new SharedDescent(
                            new Noted(teacher.weights(), gradients),
                            teacher.weights(),
                            crew.get(rank));
                    SharedDescent other =
                        new SharedDescent(
                            new Noted(student.weights(), gradients),
                            student.weights(),
                            crew.get(rank))) {
                  for (int step = 0; step < STEPS; step++) {
                    one.zeroGrad();
                    other.zeroGrad();
                    if (rank == 0) {
                      other.gather(() -> student.chain().loss(input).backward(), true);
                      one.gather(() -> teacher.chain().loss(input).backward(), true);
                    }
                    one.step();
                    other.step();
                  }
                }
                return gradients;
              });
      Rank student = Rank.of(2, List.of());
      student.chain().loss(input).backward();
      for (List<Tensor> own : seen) {
        assertThat(own).hasSize(2 * STEPS);
        assertThat(equal(own.get(5), student.weights().gradients())).isTrue();
        assertThat(equal(own.get(4), own.get(0))).isTrue();
      }
    } finally {
      Crews.leave(crew);
    }
  }

  /** What was handed on must not be touched: that is how it shows. */
  @Test
  void fromTheSecondStepOnTheLastPassHandsOnAndOnlyThat() throws Exception {
    List<Crew> crew = Crews.of(new Bucketing(0, 64), Crews.untold(2));
    try (PointerScope scope = new PointerScope()) {
      List<Rank> ranks = List.of(Rank.of(1, List.of()), Rank.of(1, List.of()));
      Tensor input = randn(5, 4);
      Crews.each(
          2,
          rank -> {
            Chain chain = ranks.get(rank).chain();
            Weights weights = ranks.get(rank).weights();
            try (PointerScope inner = new PointerScope();
                SharedDescent descent =
                    new SharedDescent(
                        new Noted(weights, new ArrayList<>()), weights, crew.get(rank))) {
              descent.gather(() -> chain.loss(input).backward(), true);
              descent.zeroGrad(); // the first step opens the channel
              descent.step();
              descent.gather(() -> chain.loss(input).backward(), false);
              descent.zeroGrad();
              descent.gather(() -> chain.loss(input).backward(), true);
              assertThatThrownBy(descent::zeroGrad)
                  .hasMessageContaining("after the one that was said to be the step's last");
              descent.step();
              descent.zeroGrad();
            }
            return rank;
          });
    } finally {
      Crews.leave(crew);
    }
  }

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES) // it waits for what might never be noticed
  void aRankThatFailsInTheMiddleOfItsPassIsNamedToTheOthers() throws Exception {
    List<CompletableFuture<Loss>> told = Crews.untold(2);
    List<Crew> crew = Crews.of(new Bucketing(0, 64), told);
    CompletableFuture<Boolean> failed = new CompletableFuture<>();
    CompletableFuture<Integer> other =
        Crews.started(
            () -> {
              try (PointerScope scope = new PointerScope()) {
                Rank rank = Rank.of(1, List.of());
                SharedDescent descent =
                    new SharedDescent(
                        new Noted(rank.weights(), new ArrayList<>()), rank.weights(), crew.get(1));
                descent.step();
                assertThatThrownBy(
                        () ->
                            descent.gather(
                                () -> rank.chain().lossThatFailsAt(2, randn(5, 4)).backward(),
                                true))
                    .hasMessageContaining("out of memory");
                crew.get(1).fail(1, "out of memory", false);
                failed.join(); // the test has seen what it wanted
                descent.step(); // else the other would wait for good: here nothing ends it
                descent.close();
                return 0;
              }
            });
    CompletableFuture<Integer> waiting =
        Crews.started(
            () -> {
              try (PointerScope scope = new PointerScope()) {
                Rank rank = Rank.of(1, List.of());
                SharedDescent descent =
                    new SharedDescent(
                        new Noted(rank.weights(), new ArrayList<>()), rank.weights(), crew.get(0));
                descent.step();
                descent.gather(() -> rank.chain().loss(randn(5, 4)).backward(), true);
                descent.step();
                descent.close();
                return 0;
              }
            });
    Loss loss = told.get(0).get();
    assertThat(loss.rank()).isEqualTo(1);
    assertThat(loss.message()).isEqualTo("rank 1 failed: out of memory");
    assertThat(waiting).isNotDone();
    failed.complete(true);
    other.get();
    waiting.get();
    Crews.leave(crew);
  }

  @Test
  void ranksThatDivideOtherwiseDoNotTrainTogether() throws Exception {
    int port = 0;
    try (java.net.ServerSocket socket =
        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    int free = port;
    assertThatThrownBy(
            () ->
                Crews.each(
                    2,
                    rank ->
                        Crew.join(
                            new Ranks(rank, 2, rank, 2, "127.0.0.1", free),
                            Patience.of(java.util.Map.of()),
                            "the same",
                            Bucketing.of(1 + rank),
                            false,
                            loss -> {})))
        .isInstanceOf(CompletionException.class)
        .hasRootCauseInstanceOf(JoinException.class)
        .rootCause()
        .hasMessageContaining("rank 1 differs from rank 0: the same, LOT_BUCKET_MB = 2.0 there");
  }

  /** What a learner says of its last gradient reaches the descent. */
  @Test
  void aLearnerSaysWhichGradientIsTheLast() {
    List<Boolean> said = new ArrayList<>();
    Descent descent =
        new Descent() {
          @Override
          public void zeroGrad() {}

          @Override
          public void gather(Runnable backward, boolean last) {
            said.add(last);
          }

          @Override
          public void step() {}
        };
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard();
        Learner learner = Learner.of(Network.of(x -> x.mul(new Scalar(2))), descent)) {
      Tensor loss = randn(1);
      learner.accumulate(loss);
      learner.accumulate(loss, true);
      learner.descend(loss);
      assertThat(said).containsExactly(false, true, true);
    }
  }
}
