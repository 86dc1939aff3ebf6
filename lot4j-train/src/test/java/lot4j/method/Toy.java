package lot4j.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Census;
import lot4j.Descent;
import lot4j.Distribution;
import lot4j.Exercise;
import lot4j.Learner;
import lot4j.LinearProjection;
import lot4j.Mask;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Network;
import lot4j.Output;
import lot4j.Piecewise;
import lot4j.Projection;
import lot4j.Shape;
import lot4j.Student;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.optim.Clip;
import lot4j.optim.Descender;
import lot4j.optim.Sgd;
import lot4j.optim.Weights;
import lot4j.train.BatchSource;
import lot4j.train.Pace;
import lot4j.train.Split;
import lot4j.train.Task;
import org.bytedeco.pytorch.BatchNorm1dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A small task with networks and streams of its own, for tests of methods and of the loop. */
public final class Toy {
  public static final int FEATURES = 3;
  public static final int CLASSES = 4;

  private Toy() {}

  /** Labelled rows, and how many rows of the data they use up. */
  public record Batch(Tensor inputs, Tensor labels, long taken) {
    public Batch(Tensor inputs, Tensor labels) {
      this(inputs, labels, inputs.size(0));
    }
  }

  /** Two layers, with what stands between them as the flags say. */
  public record Spec(boolean norm, double dropout) implements ModelSpec {
    @Override
    public Model build(Shape input, int outputs) {
      return new Net(this);
    }

    @Override
    public Census census(Shape input, int outputs) {
      return Census.linear(FEATURES, 6, true).plus(Census.linear(6, CLASSES, true));
    }
  }

  /** The network. */
  public static final class Net extends Module implements Model {
    private final Spec spec;
    private final LinearImpl first = register_module("first", new LinearImpl(FEATURES, 6));
    private final BatchNorm1dImpl norm;
    private final LinearImpl last = register_module("last", new LinearImpl(6, CLASSES));

    /** Whether it hands on its features and last layer instead of logits. */
    boolean projects;

    Net(Spec spec) {
      super("Toy");
      this.spec = spec;
      this.norm =
          spec.norm()
              ? register_module("norm", new BatchNorm1dImpl(new BatchNormOptions(6)))
              : null;
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      Tensor x = torch.tanh(first.forward(inputs));
      if (spec.norm()) {
        x = norm.forward(x);
      }
      if (stochastic()) {
        x = torch.dropout(x, spec.dropout(), is_training());
      }
      Projection projection = new LinearProjection(last.weight(), Optional.of(last.bias()));
      return projects
          ? new Output(new Distribution.Projected(x, projection), Map.of())
          : Output.logits(last.forward(x));
    }

    @Override
    public Module module() {
      return this;
    }

    @Override
    public boolean stochastic() {
      return spec.dropout() > 0;
    }
  }

  /** A learner with its weights, and every gradient it ever stepped along. */
  public static final class Pupil {
    public final Net net;
    public final Weights weights;
    public final Learner learner;
    public final List<Tensor> gradients = new ArrayList<>();

    Pupil(Net net, Sgd optimizer) {
      this.net = net;
      this.weights = Weights.of(net);
      Descender descender = Descender.of("toy", weights, optimizer);
      this.learner =
          Learner.of(
              net,
              new Descent() {
                @Override
                public void zeroGrad() {
                  descender.zeroGrad();
                }

                @Override
                public void step() {
                  gradients.add(weights.gradients().clone().retainReference());
                  descender.step();
                }
              });
    }

    /** A copy of all weights and buffers. */
    public Tensor state() {
      List<Tensor> all = new ArrayList<>(weights.parameters().values());
      all.addAll(weights.buffers().values());
      org.bytedeco.pytorch.TensorVector flat = new org.bytedeco.pytorch.TensorVector();
      all.forEach(t -> flat.push_back(t.detach().to(torch.ScalarType.Double).reshape(-1)));
      return torch.cat(flat, 0).clone();
    }
  }

  /** A pupil whose initial weights are those of {@code seed}. */
  public static Pupil pupil(Spec spec, long seed) {
    torch.manual_seed(seed);
    return new Pupil(new Net(spec), new Sgd(0.1, 0.9, true, 1e-4, Clip.none()));
  }

  /** A plain pupil. */
  public static Pupil pupil(long seed) {
    return pupil(new Spec(false, 0), seed);
  }

  /** Students of equal weight. */
  public static List<Student> students(Pupil... pupils) {
    List<Student> students = new ArrayList<>();
    for (Pupil pupil : pupils) {
      students.add(new Student(pupil.learner, 1.0 / pupils.length));
    }
    return students;
  }

  /** Classification of rows by cross-entropy. */
  public static final class Rows implements Task<Batch> {
    @Override
    public Exercise exercise(Batch batch) {
      return Exercise.of(batch.inputs(), output -> loss(output, batch));
    }

    @Override
    public Tensor loss(Output output, Batch batch) {
      long rows = output.constant().logits().size(0);
      return Piecewise.crossEntropy(output, batch.labels().narrow(0, 0, rows));
    }

    @Override
    public Optional<Tensor> classes(Batch batch) {
      return Optional.of(batch.labels());
    }

    @Override
    public long samples(Batch batch) {
      return batch.inputs().size(0);
    }

    @Override
    public long taken(Batch batch) {
      return batch.taken();
    }

    @Override
    public Map<String, Tensor> observe(Output output, Batch batch) {
      Tensor hits = output.logits().argmax(new LongOptional(1), false).eq(batch.labels());
      return Map.of("accuracy", hits.to(torch.ScalarType.Float).mean());
    }

    @Override
    public Map<String, Double> derive(Map<String, Double> means) {
      return Map.of("teacher/perplexity", Math.exp(means.get("teacher/task_loss")));
    }

    @Override
    public Exercise part(Exercise exercise, double fraction) {
      return new Exercise(first(exercise.inputs(), fraction), Mask.none(), exercise.task());
    }

    @Override
    public Output part(Output output, double fraction) {
      return new Output(
          output.distribution() instanceof Distribution.Projected projected
              ? new Distribution.Projected(
                  first(projected.features(), fraction), projected.projection())
              : new Distribution.Categorical(first(output.logits(), fraction)),
          Map.of());
    }

    private static Tensor first(Tensor rows, double fraction) {
      return rows.narrow(0, 0, Pace.part(rows.size(0), fraction));
    }

    @Override
    public List<Map<String, Double>> score(List<Network> networks, Split split) {
      return networks.stream().map(network -> Map.of("accuracy", 0.0)).toList();
    }
  }

  /** Rows of a fixed set, in order, epoch after epoch; remembers what it gave. */
  public static final class Stream implements BatchSource<Batch> {
    public final List<List<Batch>> given = new ArrayList<>();
    private final Tensor inputs;
    private final Tensor labels;
    private final Pace pace;
    private long step;

    public Stream(Pace pace, long seed) {
      torch.manual_seed(seed);
      this.pace = pace;
      this.inputs = torch.randn(pace.epoch(), FEATURES);
      this.labels = torch.randint(CLASSES, new long[] {pace.epoch()});
    }

    @Override
    public List<Batch> next() {
      long from = step % pace.stepsPerEpoch() * pace.step();
      long end = from + pace.samples(step);
      step++;
      List<Batch> batches = new ArrayList<>();
      for (long at = from; at < end; at += pace.batch()) {
        long n = Math.min(pace.batch(), end - at);
        batches.add(new Batch(inputs.narrow(0, at, n), labels.narrow(0, at, n)));
      }
      given.add(batches);
      return batches;
    }

    /** Steps taken. */
    public long drawn() {
      return step;
    }

    @Override
    public void save(StateWriter out) {
      out.number("step", step);
    }

    @Override
    public void restore(StateReader in) {
      step = in.number("step");
    }
  }

  /** Copies {@code from}'s weights into {@code to}. */
  public static void copy(Pupil from, Pupil to) {
    try (NoGradGuard constant = new NoGradGuard()) {
      to.weights.values().copy_(from.weights.values());
    }
  }

  static Optional<Double> one() {
    return Optional.of(1.0);
  }
}
