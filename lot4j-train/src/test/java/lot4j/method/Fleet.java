package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lot4j.Learner;
import lot4j.Memory;
import lot4j.Student;
import lot4j.Work;
import lot4j.optim.Weights;
import lot4j.train.Pace;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A teacher and students on toy streams, with their weights: what tests of methods put to work. */
final class Fleet {
  final List<Toy.Pupil> pupils = new ArrayList<>();
  final Toy.Stream tasks;
  final Toy.Stream lessons;
  private final Pace taskPace;
  private final Pace studentPace;
  private final long[] renewed;

  /** Networks whose initial weights are those of seeds 1, 2, …; the first is the teacher. */
  Fleet(int networks, Pace taskPace, Pace studentPace) {
    this(networks, taskPace, studentPace, new Toy.Spec(false, 0));
  }

  Fleet(int networks, Pace taskPace, Pace studentPace, Toy.Spec spec) {
    for (int i = 0; i < networks; i++) {
      pupils.add(Toy.pupil(spec, i + 1));
    }
    this.renewed = new long[networks];
    this.taskPace = taskPace;
    this.studentPace = studentPace;
    this.tasks = new Toy.Stream(taskPace, 30);
    this.lessons = new Toy.Stream(studentPace, 40);
  }

  /** The same on epochs of 24 rows in batches of 8. */
  static Fleet of(int networks) {
    return new Fleet(networks, new Pace(24, 8, 8), new Pace(24, 8, 8));
  }

  Toy.Pupil teacher() {
    return pupils.get(0);
  }

  Toy.Pupil student(int index) {
    return pupils.get(index + 1);
  }

  /** How often a student was begun anew, by its last generation. */
  long generation(int student) {
    return renewed[student + 1];
  }

  Method over(MethodSpec spec, long updates) {
    List<Student> students =
        Toy.students(pupils.subList(1, pupils.size()).toArray(Toy.Pupil[]::new));
    return spec.at(new Paces(taskPace, studentPace))
        .over(
            new Setting<>(
                new Toy.Rows(), teacher().learner, students, tasks, lessons, networks(), updates));
  }

  private Networks networks() {
    return new Networks() {
      @Override
      public Weights teacher() {
        return pupils.get(0).weights;
      }

      @Override
      public Weights student(int index) {
        return pupils.get(index + 1).weights;
      }

      @Override
      public void renew(int index, long generation) {
        renewed[index + 1] = generation;
        Toy.copy(Toy.pupil(1000 + 10 * generation + index), pupils.get(index + 1));
      }
    };
  }

  /** Makes all updates of a run and gives back what each measured. */
  List<Update> run(MethodSpec spec, long updates) {
    Method method = over(spec, updates);
    List<Update> made = new ArrayList<>();
    for (long step = 0; step < updates; step++) {
      made.add(method.update(step));
    }
    return made;
  }

  /** Weights and statistics of everybody. */
  List<Tensor> states() {
    return pupils.stream().map(Toy.Pupil::state).toList();
  }

  static void assertSameBits(List<Tensor> actual, List<Tensor> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i).equal(expected.get(i))).as("network %d", i).isTrue();
    }
  }

  /** Logits of a twin whose weights nobody has moved. */
  static Tensor logits(Toy.Pupil pupil, Toy.Batch batch) {
    return pupil.net.forward(batch.inputs(), new Memory()).logits();
  }

  /** Σ p log(p / q), p and q of the two logits, mean over rows; written out. */
  static Tensor kl(Tensor p, Tensor q) {
    Tensor a = torch.log_softmax(p, -1);
    Tensor b = torch.log_softmax(q, -1);
    return a.exp().mul(a.sub(b)).sum(-1).mean();
  }

  static void assertClose(Tensor actual, Tensor expected) {
    assertThat(torch.allclose(actual, expected, 1e-5, 1e-7, false)).isTrue();
    assertThat(expected.abs().sum().item_double()).isPositive();
  }

  /**
   * Requires that what a method plans is what its learners counted: short last batches, one batch a
   * step and two.
   */
  static void assertBillIsCounted(MethodSpec spec, int students, long updates) {
    for (int accumulate : new int[] {1, 2}) {
      Pace task = new Pace(10, 4, 4 / accumulate); // 4, 4, 2 rows an epoch
      Pace student = new Pace(7, 3, Math.max(1, 3 / accumulate));
      Fleet fleet = new Fleet(students + 1, task, student);
      long samples = fleet.run(spec, updates).stream().mapToLong(Update::taken).sum();
      List<Work> counted =
          fleet.pupils.stream().map(pupil -> pupil.learner).map(Learner::work).toList();
      assertThat(spec.bill(updates, students, new Paces(task, student)))
          .as("%s, accumulate %d", spec, accumulate)
          .isEqualTo(new Bill(samples, counted.get(0), counted.subList(1, counted.size())));
    }
  }

  /** Requires that two batches of half a step's rows move everybody as one of all rows does. */
  static void assertAccumulates(MethodSpec spec, int students, long updates) {
    Fleet whole = new Fleet(students + 1, new Pace(21, 8, 8), new Pace(21, 8, 8));
    Fleet parts = new Fleet(students + 1, new Pace(21, 8, 4), new Pace(21, 8, 4));
    List<Update> one = whole.run(spec, updates);
    List<Update> two = parts.run(spec, updates);
    for (int i = 0; i < one.size(); i++) {
      assertThat(two.get(i).loss().item_double())
          .isCloseTo(one.get(i).loss().item_double(), org.assertj.core.api.Assertions.within(1e-5));
    }
    List<Tensor> expected = whole.states();
    List<Tensor> actual = parts.states();
    for (int i = 0; i < expected.size(); i++) {
      assertThat(torch.allclose(actual.get(i), expected.get(i), 1e-4, 1e-5, false))
          .as("network %d", i)
          .isTrue();
    }
  }

  static Stream<Tensor> gradients(Toy.Pupil pupil) {
    return pupil.gradients.stream();
  }
}
