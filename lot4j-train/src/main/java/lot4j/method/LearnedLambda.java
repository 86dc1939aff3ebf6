package lot4j.method;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Lot;
import lot4j.Penalty;
import lot4j.Require;
import lot4j.Student;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * LoT whose weights λ of the students are learnt, as the paper allows: λ = softmax(w), and w goes
 * down the teacher's loss after each of its steps, {@code w ← w − rate·∂/∂w (α·Σ λᵢ·μ(t, sᵢ) −
 * entropy·H(λ))}, from the configured λ on.
 *
 * <p>Without the entropy term the loss is least with all weight on the student that is nearest to
 * the teacher, and that is where λ goes: {@code ∂/∂w_k = α·λ_k·(μ_k − Σ λᵢ·μᵢ)} is negative for
 * every student nearer than the mean. With it λ stays near softmax(−α·μ/entropy).
 *
 * <p>λ is kept on the host in double precision and shown as {@code teacher/lambda_student0} and so
 * on; reading μ waits for the device at each step. At rate 0 it is LoT, to the bit.
 *
 * @param lot the method
 * @param rate the learning rate of w, 0 or more
 * @param entropy weight of λ's entropy, which is to be large, 0 or more
 */
public record LearnedLambda(LotMethod lot, double rate, double entropy) implements MethodSpec {
  /**
   * The section {@code learned-lambda}.
   *
   * @param rate the learning rate of w, 0 or more
   * @param entropy weight of λ's entropy, 0 or more
   */
  public record Keys(double rate, double entropy) {
    public Keys {
      Require.atLeast("rate", rate, 0.0);
      Require.atLeast("entropy", entropy, 0.0);
    }

    /** A rate of a tenth, and nothing that keeps λ apart from its collapse. */
    public static Keys defaults() {
      return new Keys(0.1, 0);
    }
  }

  public LearnedLambda {
    Require.atLeast("rate", rate, 0.0);
    Require.atLeast("entropy", entropy, 0.0);
  }

  @Override
  public LearnedLambda at(Paces paces) {
    return new LearnedLambda(lot.at(paces), rate, entropy);
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
    return lot.bill(updates, students, paces);
  }

  /** λ after one step of w. */
  List<Double> next(List<Double> lambda, List<Double> mu, double alpha) {
    if (rate == 0) {
      return lambda;
    }
    double mean = 0;
    double h = 0;
    for (int i = 0; i < lambda.size(); i++) {
      mean += lambda.get(i) * mu.get(i);
      h -= lambda.get(i) > 0 ? lambda.get(i) * Math.log(lambda.get(i)) : 0;
    }
    List<Double> next = new ArrayList<>();
    double sum = 0;
    for (int i = 0; i < lambda.size(); i++) {
      double own = lambda.get(i);
      double surprise = own > 0 ? Math.log(own) + h : 0;
      double slope = own * (alpha * (mu.get(i) - mean) + entropy * surprise);
      // softmax(w − rate·slope) from λ = softmax(w): a factor for each, made to sum to 1 again
      double moved = own * Math.exp(-rate * slope);
      next.add(moved);
      sum += moved;
    }
    double all = sum;
    next.replaceAll(value -> value / all);
    return next;
  }

  /** The method with its λ. */
  private static final class Running<B> implements Method {
    private final LearnedLambda spec;
    private final Setting<B> setting;
    private final Lot built;
    private List<Double> lambda;

    Running(LearnedLambda spec, Setting<B> setting) {
      this.spec = spec;
      this.setting = setting;
      this.built = spec.lot().lot(setting);
      this.lambda = setting.students().stream().map(Student::weight).toList();
    }

    @Override
    public Update update(long step) {
      Update update = spec.lot().update(setting, built.withLambdas(lambda), step);
      Map<String, Tensor> seen = new LinkedHashMap<>(update.observed());
      for (int i = 0; i < lambda.size(); i++) {
        seen.put("lambda_student" + i, torch.full(new long[0], new Scalar(lambda.get(i))));
      }
      Optional<Penalty> penalty = update.penalty();
      if (penalty.isPresent()) {
        List<Double> mu = ofAll(penalty.get().each());
        lambda = spec.next(lambda, mu, spec.lot().alphaAt(step));
      }
      return update.withObserved(seen);
    }

    /** Numbers of each of which every process has its part. */
    private List<Double> ofAll(List<Tensor> parts) {
      List<Tensor> sums = parts.stream().map(Tensor::clone).toList();
      setting.company().sum(sums);
      return sums.stream().map(Tensor::item_double).toList();
    }

    @Override
    public void save(StateWriter out) {
      for (int i = 0; i < lambda.size(); i++) {
        out.real("lambda" + i, lambda.get(i));
      }
    }

    @Override
    public void restore(StateReader in) {
      List<Double> read = new ArrayList<>();
      for (int i = 0; i < lambda.size(); i++) {
        read.add(in.real("lambda" + i));
      }
      lambda = read;
    }
  }
}
