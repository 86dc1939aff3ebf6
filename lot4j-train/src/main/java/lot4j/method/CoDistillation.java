package lot4j.method;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lot4j.DataStream;
import lot4j.Exercise;
import lot4j.Imitability;
import lot4j.Learner;
import lot4j.Lesson;
import lot4j.Output;
import lot4j.Penalty;
import lot4j.Piecewise;
import lot4j.Require;
import lot4j.Work;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.imitability.KlDivergence;
import lot4j.imitability.KlDivergence.Direction;
import lot4j.optim.Average;
import lot4j.optim.Snapshot;
import lot4j.train.Portion;
import org.bytedeco.pytorch.Tensor;

/**
 * Codistillation: teacher and students learn the labels and, after a burn-in, the mean answer of
 * stale copies of the others: each minimises {@code CE(p_k) + weight · KL(sg[mean_{j≠k} p̃_j] ‖
 * p_k)}, p̃ from weights of up to {@code refresh} steps ago, at temperature 1.
 *
 * <p>Source: Anil, Pereyra, Passos, Ormandi, Dahl, Hinton, "Large scale distributed neural network
 * training through online distillation", ICLR 2018, Algorithm 1; there the copies come from other
 * machines' checkpoints. All networks read the same batches here. A stale copy reads a text with a
 * memory of its own, the one along the students' stream, which this method does not use otherwise.
 * Refreshed at every step it is mutual learning, all at once, with the networks asked twice.
 *
 * @param refresh steps after which the copies are taken anew, 1 or more
 * @param burnIn steps of labels alone, 0 or more
 * @param weight of the divergence beside the labels, 0 or more
 */
public record CoDistillation(long refresh, long burnIn, double weight) implements MethodSpec {
  private static final Imitability KL = new KlDivergence(Direction.REFERENCE_FREE, 1, false);

  public CoDistillation {
    Require.atLeast("refresh", refresh, 1L);
    Require.atLeast("burn-in", burnIn, 0L);
    Require.atLeast("weight", weight, 0.0);
  }

  /** Copies of at most 50 steps ago, as the paper found harmless, after 100 steps alone. */
  public static CoDistillation defaults() {
    return new CoDistillation(50, 100, 1);
  }

  @Override
  public boolean usesStudents() {
    return true;
  }

  @Override
  public <B> Method over(Setting<B> setting) {
    return new Running<>(this, setting);
  }

  @Override
  public Bill bill(long updates, int students, Paces paces) {
    long studied = paces.task().studied(updates);
    long asked = studied - paces.task().studied(Math.min(burnIn, updates));
    Work each = new Work(Math.addExact(studied, asked), studied, updates);
    return new Bill(
        paces.task().total(updates), each, Stream.generate(() -> each).limit(students).toList());
  }

  /** The method with its stale copies. */
  private static final class Running<B> implements Method {
    private final CoDistillation spec;
    private final Setting<B> setting;
    private final List<Learner> learners = new ArrayList<>();
    private final List<Snapshot> copies = new ArrayList<>();

    Running(CoDistillation spec, Setting<B> setting) {
      this.spec = spec;
      this.setting = setting;
      learners.add(setting.teacher());
      copies.add(new Snapshot(setting.networks().teacher()));
      for (int i = 0; i < setting.students().size(); i++) {
        learners.add(setting.students().get(i).learner());
        copies.add(new Snapshot(setting.networks().student(i)));
      }
    }

    @Override
    public Update update(long step) {
      Portion<B> portion = setting.taskStream().portion(setting.task());
      List<B> batches = portion.batches();
      if (step < spec.burnIn()) {
        return alone(portion);
      }
      if ((step - spec.burnIn()) % spec.refresh() == 0) {
        copies.forEach(Snapshot::take);
      }
      List<List<Output>> answers = new ArrayList<>();
      for (B batch : batches) {
        answers.add(answers(setting.task().exercise(batch)));
      }
      List<LabelStep<B>> steps = new ArrayList<>();
      for (int k = 0; k < learners.size(); k++) {
        int own = k;
        steps.add(
            new LabelStep<>(setting.task(), portion, learners.get(k))
                .whole(
                    (batch, output) ->
                        Optional.of(
                            toward(
                                others(answers.get(batch), own),
                                output,
                                setting.task().exercise(batches.get(batch))))));
      }
      return steps
          .get(0)
          .update(List.of(new Lesson(steps.stream().skip(1).map(LabelStep::mark).toList())));
    }

    private Update alone(Portion<B> batches) {
      Update update = LabelStep.made(setting.task(), batches, setting.teacher()).update(List.of());
      Map<String, Tensor> numbers = new LinkedHashMap<>();
      for (int i = 1; i < learners.size(); i++) {
        numbers.putAll(LabelStep.made(setting.task(), batches, learners.get(i)).numbers(i - 1));
      }
      return update.withOthers(numbers);
    }

    /** Everybody's stale copy on one batch. */
    private List<Output> answers(Exercise exercise) {
      List<Output> answers = new ArrayList<>();
      for (int k = 0; k < learners.size(); k++) {
        try (Average.Swap stale = copies.get(k).swapIn()) {
          answers.add(learners.get(k).answer(exercise, DataStream.STUDENT).kept());
        }
      }
      return answers;
    }

    private static List<Output> others(List<Output> answers, int own) {
      List<Output> others = new ArrayList<>(answers);
      others.remove(own);
      return others;
    }

    private Penalty toward(List<Output> peers, Output own, Exercise exercise) {
      Output mean = MeanAnswer.of(peers, 1);
      return LabelStep.penalty(Piecewise.measure(KL, own, mean, exercise.mask()), spec.weight());
    }

    @Override
    public void save(StateWriter out) {
      for (int k = 0; k < copies.size(); k++) {
        copies.get(k).save(out.section("copy" + k));
      }
    }

    @Override
    public void restore(StateReader in) {
      for (int k = 0; k < copies.size(); k++) {
        copies.get(k).restore(in.section("copy" + k));
      }
    }

    @Override
    public void close() {
      copies.forEach(Snapshot::close);
    }
  }
}
