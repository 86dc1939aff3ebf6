package lot4j.method;

import static org.bytedeco.pytorch.global.torch.arange;
import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.logsumexp;

import java.util.Optional;
import lot4j.Distribution.Projected;
import lot4j.Exercise;
import lot4j.Output;
import lot4j.Penalty;
import lot4j.Piecewise;
import lot4j.Require;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The loss of decoupled distillation: {@code CE(p) + w·τ²·(α·TCKD + β·NCKD)}, with q the finished
 * networks' answer, t the right class and all probabilities at temperature τ:
 *
 * <pre>{@code
 * TCKD = KL((q_t, 1 − q_t) ‖ (p_t, 1 − p_t))
 * NCKD = KL(q̂ ‖ p̂),  q̂ and p̂ the probabilities of the other classes alone, made to sum to 1
 * w    = min(1, the part of the training that is done / warmup)
 * }</pre>
 *
 * <p>Plain distillation has α = 1 and, sample by sample, β = 1 − q_t: where the finished network is
 * sure, it teaches little.
 *
 * <p>Source: Zhao, Cui, Song, Qiu, Liang, "Decoupled knowledge distillation", CVPR 2022, equations
 * 5 to 8; its program's warm-up is 20 epochs of 240.
 *
 * @param alpha α, 0 or more
 * @param beta β, 0 or more
 * @param temperature τ, above 0
 * @param warmup part of the teacher's training in which the distilled part grows to its full
 *     weight, 0 to 1
 */
public record DecoupledLabels(double alpha, double beta, double temperature, double warmup)
    implements Distillation.Loss {
  public DecoupledLabels {
    Require.atLeast("alpha", alpha, 0.0);
    Require.atLeast("beta", beta, 0.0);
    Require.positive("temperature", temperature);
    Require.that(warmup >= 0 && warmup <= 1, "warmup", warmup, "0 to 1");
  }

  /** The paper's for CIFAR-100; a tenth of the training to warm up. */
  public static DecoupledLabels defaults() {
    return new DecoupledLabels(1, 8, 4, 0.1);
  }

  @Override
  public double labelWeight() {
    return 1;
  }

  @Override
  public Penalty toward(
      Output target, Output own, Exercise exercise, Optional<Tensor> classes, double done) {
    Tensor right =
        classes
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "decoupled-distillation: this task's batches have no right classes"))
            .reshape(-1);
    Optional<Tensor> counted = exercise.mask().positions().map(p -> p.reshape(-1));
    Scalar count =
        new Scalar(
            counted
                .map(p -> Math.max(1, p.sum().item_long()))
                .orElseGet(() -> right.size(0))
                .doubleValue());
    Tensor mean;
    if (own.distribution() instanceof Projected projected) {
      mean =
          Piecewise.sum(
              projected,
              (logits, from, to) ->
                  sum(
                          logits,
                          rows(target, from, to),
                          right.narrow(0, from, to - from),
                          counted.map(p -> p.narrow(0, from, to - from)))
                      .div(count));
    } else {
      Tensor logits = own.logits().reshape(-1, own.logits().size(-1));
      mean = sum(logits, rows(target, 0, right.size(0)), right, counted).div(count);
    }
    double warmth = warmup == 0 ? 1 : Math.min(1, done / warmup);
    return LabelStep.penalty(mean, warmth);
  }

  /** The target's logits at some positions. */
  private static Tensor rows(Output target, long from, long to) {
    if (target.distribution() instanceof Projected projected) {
      Tensor features = projected.features();
      return projected
          .projection()
          .logits(features.reshape(-1, features.size(-1)).narrow(0, from, to - from));
    }
    Tensor logits = target.logits();
    return logits.reshape(-1, logits.size(-1)).narrow(0, from, to - from);
  }

  /** τ²·(α·TCKD + β·NCKD), summed over the positions that count. */
  private Tensor sum(Tensor own, Tensor target, Tensor right, Optional<Tensor> counted) {
    Scalar t = new Scalar(temperature);
    Tensor p = log_softmax(own.div(t), -1);
    Tensor q = log_softmax(target.div(t), -1);
    Tensor index = right.unsqueeze(1); // [positions, 1]
    Tensor ranks = arange(new Scalar(own.size(1) - 1), right.options());
    Tensor others = ranks.add(ranks.ge(index).to(right.scalar_type())); // all classes but the right
    Tensor pOthers = p.gather(1, others);
    Tensor qOthers = q.gather(1, others);
    Tensor pRest = logsumexp(pOthers, 1); // log(1 − p_t)
    Tensor qRest = logsumexp(qOthers, 1);
    Tensor pRight = p.gather(1, index).squeeze(1);
    Tensor qRight = q.gather(1, index).squeeze(1);
    Tensor tckd = qRight.exp().mul(qRight.sub(pRight)).add(qRest.exp().mul(qRest.sub(pRest)));
    Tensor pHat = pOthers.sub(pRest.unsqueeze(1));
    Tensor qHat = qOthers.sub(qRest.unsqueeze(1));
    Tensor nckd = qHat.exp().mul(qHat.sub(pHat)).sum(1);
    Tensor each =
        tckd.mul(new Scalar(alpha))
            .add(nckd.mul(new Scalar(beta)))
            .mul(new Scalar(temperature * temperature));
    return counted.map(c -> each.mul(c.to(each.scalar_type()))).orElse(each).sum();
  }
}
