package lot4j.bench;

import static org.bytedeco.pytorch.global.torch.randint;
import static org.bytedeco.pytorch.global.torch.randn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Distribution.Projected;
import lot4j.Imitability;
import lot4j.LinearProjection;
import lot4j.Mask;
import lot4j.Output;
import lot4j.Piecewise;
import lot4j.imitability.KlDivergence;
import lot4j.train.Threads;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The last layers and losses of one LoT update on one batch: the teacher's cross-entropy and
 * imitability, then a student's imitability; forward and backward, from features on.
 */
final class VocabularyStep implements Variant {
  private static final Imitability MEASURE = new KlDivergence(1.5);
  private final boolean piecewise;
  private final int threads;
  private final long positions;
  private final long features;
  private final LinearProjection teacher;
  private final LinearProjection student;
  private final Tensor targets;

  /**
   * A step of a size.
   *
   * @param set {@code classes=}, {@code features=}, {@code positions=} and {@code form=plain} or
   *     {@code form=piecewise}
   */
  VocabularyStep(int threads, List<String> set) {
    Map<String, String> sizes = new HashMap<>();
    set.forEach(each -> sizes.put(each.split("=")[0], each.split("=")[1]));
    this.threads = threads;
    Threads.use(threads);
    long classes = Long.parseLong(sizes.get("classes"));
    this.features = Long.parseLong(sizes.get("features"));
    this.positions = Long.parseLong(sizes.get("positions"));
    this.piecewise = sizes.get("form").equals("piecewise");
    this.teacher = layer(classes, features);
    this.student = layer(classes, features);
    this.targets = randint(classes, new long[] {positions});
  }

  @Override
  public String name() {
    return piecewise ? "piecewise" : "plain";
  }

  @Override
  public double round(double seconds) {
    Threads.use(threads);
    return Repeated.rate(seconds, this::step);
  }

  private long step() {
    try (PointerScope scope = new PointerScope()) {
      Tensor inputs = randn(positions, features).set_requires_grad(true);
      Output own = output(teacher, inputs);
      Output answer = constant(student, inputs);
      Piecewise.crossEntropy(own, targets)
          .add(Piecewise.measure(MEASURE, own, answer, Mask.none()))
          .backward();
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor inputs = randn(positions, features).set_requires_grad(true);
      Output own = output(student, inputs);
      Output answer = constant(teacher, inputs);
      Piecewise.measure(MEASURE, own, answer, Mask.none()).backward();
    }
    return positions;
  }

  private Output output(LinearProjection layer, Tensor inputs) {
    return piecewise
        ? new Output(new Projected(inputs, layer), Map.of())
        : Output.logits(layer.logits(inputs));
  }

  private Output constant(LinearProjection layer, Tensor inputs) {
    try (NoGradGuard constant = new NoGradGuard()) {
      return output(layer, inputs).constant();
    }
  }

  @Override
  public void close() {
    teacher.weight().close();
    student.weight().close();
    targets.close();
  }

  private static LinearProjection layer(long classes, long features) {
    Tensor weight = randn(classes, features).mul_(new Scalar(1 / Math.sqrt(features)));
    return new LinearProjection(weight.set_requires_grad(true), Optional.empty());
  }
}
