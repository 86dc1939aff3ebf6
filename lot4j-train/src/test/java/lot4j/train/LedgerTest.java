package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import lot4j.Lesson;
import lot4j.Penalty;
import lot4j.method.Update;
import lot4j.optim.MemoryState;
import lot4j.testkit.NativeObjects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final int UPDATES = 700;

  private static Tensor of(double value) {
    return torch.tensor((float) value);
  }

  private static Update update(Random random, boolean penalized) {
    Tensor task = of(random.nextDouble());
    Optional<Penalty> penalty =
        penalized
            ? Optional.of(
                new Penalty(of(random.nextDouble()), of(random.nextDouble()), List.of(of(1))))
            : Optional.empty();
    Lesson lesson =
        new Lesson(
            List.of(
                new Lesson.Mark(Optional.of(of(random.nextDouble())), of(3), of(4)),
                new Lesson.Mark(Optional.empty(), of(random.nextDouble()), of(6))));
    return new Update(
        1 + random.nextInt(9),
        task,
        of(random.nextDouble()),
        penalty,
        List.of(lesson, lesson),
        Map.of("accuracy", of(random.nextDouble())));
  }

  private interface Between {
    void act(Ledger ledger, int update);
  }

  private static Map<String, Double> means(Between between) {
    Random random = new Random(5);
    try (Ledger ledger = new Ledger()) {
      for (int i = 0; i < UPDATES; i++) {
        try (PointerScope scope = new PointerScope()) {
          ledger.add(update(random, i % 3 == 0));
        }
        between.act(ledger, i);
      }
      return ledger.means();
    }
  }

  @Test
  void anUpdateWithNothingToLearnLeavesNoTrace() {
    try (Ledger ledger = new Ledger();
        PointerScope scope = new PointerScope()) {
      ledger.add(Update.nothing());
      assertThat(ledger.means()).isEmpty();
      Update some = update(new Random(3), true);
      ledger.add(some);
      ledger.add(Update.nothing());
      assertThat(ledger.means())
          .containsEntry("teacher/loss", some.loss().item_double())
          .doesNotContainValue(Double.NaN);
    }
  }

  @Test
  void meansDoNotDependOnWhenTheyAreRead() {
    Map<String, Double> undisturbed = means((ledger, i) -> {});
    Map<String, Double> readOften =
        means(
            (ledger, i) -> {
              if (i % 7 == 0) {
                ledger.save(new MemoryState()); // reads what is pending
              }
            });
    assertThat(readOften).isEqualTo(undisturbed);
    assertThat(new ArrayList<>(readOften.keySet()))
        .isEqualTo(new ArrayList<>(undisturbed.keySet()));
  }

  @Test
  void savedHalfwayAndRestoredItGoesOnToTheSameBits() {
    Map<String, Double> unbroken = means((ledger, i) -> {});
    Random random = new Random(5);
    MemoryState saved = new MemoryState();
    try (Ledger first = new Ledger();
        Ledger second = new Ledger()) {
      for (int i = 0; i < UPDATES; i++) {
        try (PointerScope scope = new PointerScope()) {
          (i < 301 ? first : second).add(update(random, i % 3 == 0));
        }
        if (i == 300) {
          first.save(saved);
          try (PointerScope scope = new PointerScope()) {
            second.add(update(new Random(99), true)); // forgotten by the restore
          }
          second.restore(saved);
        }
      }
      Map<String, Double> resumed = second.means();
      assertThat(resumed).isEqualTo(unbroken);
      assertThat(new ArrayList<>(resumed.keySet())).isEqualTo(new ArrayList<>(unbroken.keySet()));
    }
  }

  @Test
  void weighsTheTeachersNumbersBySamplesAndStudentsBySteps() {
    try (PointerScope scope = new PointerScope();
        Ledger ledger = new Ledger()) {
      for (int[] each : new int[][] {{8, 1}, {2, 6}}) {
        Lesson.Mark mark = new Lesson.Mark(Optional.empty(), of(each[1]), of(each[1]));
        ledger.add(
            new Update(
                each[0],
                of(each[1]),
                of(each[1] + 0.5),
                each[0] == 8
                    ? Optional.of(new Penalty(of(3), of(30), List.of(of(30))))
                    : Optional.empty(),
                List.of(new Lesson(List.of(mark))),
                Map.of("accuracy", of(each[1]))));
      }
      Map<String, Double> expected = new LinkedHashMap<>();
      expected.put("teacher/loss", 2.5);
      expected.put("teacher/task_loss", 2.0);
      expected.put("teacher/imitability", 30.0); // of the updates that had a regularizer
      expected.put("teacher/penalty", 3.0);
      expected.put("teacher/accuracy", 2.0);
      expected.put("student0/loss", 3.5);
      expected.put("student0/imitability", 3.5);
      assertThat(ledger.means()).isEqualTo(expected);
    }
  }

  @Test
  void startsAnewAfterItsMeansAreTaken() {
    try (PointerScope scope = new PointerScope();
        Ledger ledger = new Ledger()) {
      ledger.add(update(new Random(1), true));
      assertThat(ledger.means()).isNotEmpty();
      assertThat(ledger.means()).isEmpty();
      MemoryState empty = new MemoryState();
      ledger.save(empty);
      ledger.restore(empty);
      assertThat(ledger.means()).isEmpty();
    }
  }

  @Test
  void keepsNoTensorBeyondWhatIsPending() {
    means((ledger, i) -> {});
    NativeObjects.assertUnchangedBy(() -> means((ledger, i) -> {}));
  }
}
