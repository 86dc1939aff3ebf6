package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import lot4j.Descent;
import lot4j.Exercise;
import lot4j.Imitability;
import lot4j.Learner;
import lot4j.Mask;
import lot4j.Network;
import lot4j.Output;
import lot4j.Schedule;
import lot4j.Student;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.imitability.KlDivergence;
import lot4j.imitability.KlDivergence.Direction;
import lot4j.train.BatchSource;
import lot4j.train.Split;
import lot4j.train.Task;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What recurrent learners carry along each stream. Pieces are numbers: the task's 0, 1, …, the
 * students' 100, 101, …; a network carries the numbers that it has read. {@code "0 1 > 2"} says
 * that 2 was read after 0 and 1.
 */
class StreamMemoryTest {
  private static final Imitability KL = new KlDivergence(Direction.FREE_REFERENCE, 1, false);

  private final List<String> teacher = new ArrayList<>();
  private final List<String> student = new ArrayList<>();
  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  private record Piece(long number, boolean begins) {}

  /** Writes down what it reads and after what. */
  private static Network recording(List<String> log) {
    Tensor weight = torch.ones(1, 2).set_requires_grad(true);
    return (inputs, memory) -> {
      List<String> before = new ArrayList<>();
      for (Tensor each : memory.read()) {
        before.add(Long.toString(each.item_long()));
      }
      before.add(">");
      before.add(Long.toString(inputs.item_long()));
      log.add(String.join(" ", before));
      List<Tensor> next = new ArrayList<>(memory.read());
      next.add(inputs);
      List<Tensor> copies = new ArrayList<>();
      next.forEach(each -> copies.add(each.clone()));
      memory.write(copies);
      return Output.logits(weight.mul(new Scalar(1.0)));
    };
  }

  /**
   * Pieces from {@code first} on, {@code accumulate} a step, {@code epoch} until a new beginning.
   */
  private record Pieces(long first, int epoch, int accumulate, long[] read)
      implements BatchSource<Piece> {
    @Override
    public List<Piece> next() {
      return LongStream.range(0, accumulate)
          .mapToObj(i -> read[0]++)
          .map(index -> new Piece(first + index, index % epoch == 0))
          .toList();
    }

    @Override
    public void save(StateWriter out) {}

    @Override
    public void restore(StateReader in) {}
  }

  private record Numbers() implements Task<Piece> {
    @Override
    public Exercise exercise(Piece piece) {
      return new Exercise(
          torch.tensor(piece.number()),
          Mask.none(),
          Optional.of(output -> loss(output, piece)),
          piece.begins());
    }

    @Override
    public Tensor loss(Output output, Piece piece) {
      return output.logits().sum();
    }

    @Override
    public long samples(Piece piece) {
      return 1;
    }

    @Override
    public Map<String, Tensor> observe(Output output, Piece piece) {
      return Map.of();
    }

    @Override
    public Exercise part(Exercise exercise, double fraction) {
      return exercise;
    }

    @Override
    public Output part(Output output, double fraction) {
      return output;
    }

    @Override
    public List<Map<String, Double>> score(List<Network> networks, Split split) {
      throw new UnsupportedOperationException();
    }
  }

  /** LoT with N student steps; α is 0 before {@code start}. */
  private static LotMethod lot(
      Order order, RegularizeOn on, StudentTargets targets, int steps, long start, int every) {
    return new LotMethod(
        Schedule.constant(1),
        steps,
        KL,
        KL,
        order == Order.JOINT ? 1 : 0,
        Optional.of(1.0),
        order,
        on,
        start,
        every,
        1,
        targets,
        false);
  }

  private static LotMethod lot(Order order, RegularizeOn on, int steps) {
    return lot(order, on, StudentTargets.FRESH, steps, 0, 1);
  }

  private void run(LotMethod method, int updates, int epoch, int accumulate) {
    Descent none =
        new Descent() {
          @Override
          public void zeroGrad() {}

          @Override
          public void step() {}
        };
    try (Learner first = Learner.of(recording(teacher), none).withSamples(inputs -> 1);
        Learner second = Learner.of(recording(student), none).withSamples(inputs -> 1)) {
      Method running =
          method.over(
              new Setting<>(
                  new Numbers(),
                  first,
                  List.of(new Student(second, 1)),
                  new Pieces(0, epoch, accumulate, new long[1]),
                  new Pieces(100, epoch, accumulate, new long[1])));
      for (int step = 0; step < updates; step++) {
        running.update(step);
      }
    }
  }

  private void run(LotMethod method, int updates) {
    run(method, updates, 1000, 1);
  }

  @Test
  void aFreshBatchIsReadOnceByEachAndTheStreamGoesOn() {
    run(lot(Order.TEACHER_FIRST, RegularizeOn.FRESH_BATCH, 1), 2);
    assertThat(teacher)
        .containsExactly(
            "> 0", "> 100", "100 > 101", "0 > 1", "100 101 > 102", "100 101 102 > 103");
    assertThat(student).containsExactly("> 100", "100 > 101", "100 101 > 102", "100 101 102 > 103");
  }

  @Test
  void theStudentsBatchIsReadTwiceFromTheSameState() {
    run(lot(Order.TEACHER_FIRST, RegularizeOn.STUDENT_BATCH, 2), 2);
    assertThat(student)
        .containsExactly(
            "> 100", "> 100", "100 > 101", "100 101 > 102", "100 101 > 102", "100 101 102 > 103");
    assertThat(teacher)
        .containsExactly(
            "> 0",
            "> 100",
            "> 100",
            "100 > 101",
            "0 > 1",
            "100 101 > 102",
            "100 101 > 102",
            "100 101 102 > 103");
  }

  @Test
  void studentsFirstTheLastBatchIsReadAgainFromWhereItBegan() {
    run(lot(Order.STUDENTS_FIRST, RegularizeOn.STUDENT_BATCH, 2), 2);
    assertThat(student)
        .containsExactly(
            "> 100",
            "100 > 101",
            "100 > 101",
            "100 101 > 102",
            "100 101 102 > 103",
            "100 101 102 > 103");
    assertThat(teacher)
        .containsExactly(
            "> 100",
            "100 > 101",
            "> 0",
            "100 > 101",
            "100 101 > 102",
            "100 101 102 > 103",
            "0 > 1",
            "100 101 102 > 103");
  }

  @Test
  void reusedAnswersAreStudiedFromTheStateInWhichTheyWereRegularizedOn() {
    run(lot(Order.TEACHER_FIRST, RegularizeOn.TASK_BATCH, StudentTargets.REUSE, 1, 0, 1), 2);
    assertThat(student).containsExactly("> 0", "> 0", "0 > 1", "0 > 1");
    assertThat(teacher).containsExactly("> 0", "0 > 1");
  }

  @Test
  void jointlyBothReadTheTasksStreamOnce() {
    run(lot(Order.JOINT, RegularizeOn.TASK_BATCH, 2), 2);
    assertThat(student).containsExactly("> 0", "> 100", "0 > 1", "100 > 101");
    assertThat(teacher).containsExactly("> 0", "> 100", "0 > 1", "100 > 101");
  }

  @Test
  void accumulatedPiecesAreReadTwiceInTheirOrder() {
    run(lot(Order.TEACHER_FIRST, RegularizeOn.STUDENT_BATCH, 1), 1, 1000, 2);
    assertThat(student).containsExactly("> 100", "100 > 101", "> 100", "100 > 101");
    assertThat(teacher).containsExactly("> 0", "> 100", "0 > 1", "100 > 101", "> 100", "100 > 101");
  }

  @Test
  void aNewEpochBeginsWithNothingAndIsRewoundToNothing() {
    run(lot(Order.TEACHER_FIRST, RegularizeOn.STUDENT_BATCH, 1), 3, 2, 1);
    assertThat(student)
        .containsExactly("> 100", "> 100", "100 > 101", "100 > 101", "> 102", "> 102");
    assertThat(teacher).contains("> 0", "0 > 1", "> 2");
  }

  @Test
  void studentsCarryNothingOverTaskBatchesThatOnlyTheTeacherRead() {
    run(lot(Order.TEACHER_FIRST, RegularizeOn.TASK_BATCH, StudentTargets.FRESH, 1, 0, 2), 4);
    assertThat(teacher).contains("> 0", "0 > 1", "0 1 > 2", "0 1 2 > 3");
    assertThat(student).containsExactly("> 0", "> 100", "> 2", "100 > 101");
  }

  @Test
  void theSameBeforeTheStart() {
    run(lot(Order.TEACHER_FIRST, RegularizeOn.TASK_BATCH, StudentTargets.FRESH, 1, 2, 1), 4);
    assertThat(student)
        .containsExactly(
            "> 100", "100 > 101", "> 2", "100 101 > 102", "2 > 3", "100 101 102 > 103");
  }

  @Test
  void reusedAnswersGoOnBeforeTheStart() {
    run(lot(Order.TEACHER_FIRST, RegularizeOn.TASK_BATCH, StudentTargets.REUSE, 1, 2, 1), 3);
    assertThat(student).containsExactly("> 0", "0 > 1", "0 1 > 2", "0 1 > 2");
  }

  /** Where α is 0 the regularizer's batch is drawn, as always, but nobody reads it. */
  @Test
  void nobodyCarriesAnythingOverAFreshBatchThatNobodyRead() {
    run(lot(Order.TEACHER_FIRST, RegularizeOn.FRESH_BATCH, StudentTargets.FRESH, 1, 2, 1), 3);
    assertThat(student).containsExactly("> 101", "> 103", "103 > 104", "103 104 > 105");
    assertThat(teacher)
        .containsExactly("> 0", "> 101", "0 > 1", "> 103", "0 1 > 2", "103 > 104", "103 104 > 105");
  }

  @Test
  void theSameWithStudentsFirst() {
    run(lot(Order.STUDENTS_FIRST, RegularizeOn.FRESH_BATCH, StudentTargets.FRESH, 1, 2, 1), 3);
    assertThat(student).containsExactly("> 100", "> 102", "> 104", "104 > 105");
  }
}
