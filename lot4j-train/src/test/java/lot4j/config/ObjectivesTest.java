package lot4j.config;

import static lot4j.config.Texts.MINIMAL;
import static lot4j.config.Texts.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import lot4j.method.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectivesTest {

  @ParameterizedTest
  @CsvSource({
    // objective, kind, model, data, alpha, steps, temperature, T², task weight, metric weight
    "PAPER, image, preresnet20, cifar100, 1, 1, 1.5, false, 0, 1.0",
    "PAPER, tabular, mlp, mine.csv, 1, 1, 1.5, false, 0, 1.0",
    "PAPER, text, lstm, ptb, 1, 1, 1.5, false, 0, 1.0",
    "PAPER, text, transformer-xl, ptb, 0.1, 1, 2, false, 0, 1.0",
    "PAPER, rl, mlp, cartpole, 0.5, 5, 1, false, 0, 1.0",
    "RELEASED, image, preresnet20, cifar100, 0.5, 2, 1.5, true, 1, alpha",
    "RELEASED, tabular, mlp, mine.csv, 0.5, 2, 1.5, true, 1, alpha",
    "RELEASED, text, lstm, ptb, 1, 5, 1.5, true, 1, alpha",
    "RELEASED, text, transformer-xl, ptb, 0.5, 5, 1.5, true, 1, alpha",
    "RELEASED, text, transformer-xl, wikitext-103, 0.1, 4, 1.5, true, 1, alpha",
    "RELEASED, rl, mlp, cartpole, 0.5, 1, 1, true, 0, 1.0",
  })
  void setsTheNumbers(
      Objective objective,
      String kind,
      String model,
      String data,
      String alpha,
      String steps,
      String temperature,
      String scaleByT2,
      String taskWeight,
      String metricWeight) {
    Map<String, Object> lot =
        new Plain(Dummies.catalog()).keys(Objectives.of(objective, kind, model, data));

    assertThat(lot.get("alpha")).hasToString(alpha);
    assertThat(lot.get("steps")).hasToString(steps);
    assertThat(lot.get("temperature")).hasToString(temperature);
    assertThat(lot.get("scale-by-t2")).hasToString(scaleByT2);
    assertThat(lot.get("student-task-weight")).hasToString(taskWeight);
    assertThat(lot.get("student-metric-weight")).hasToString(metricWeight);
  }

  @ParameterizedTest
  @CsvSource({
    "PAPER, image, kl-free-reference, teacher-first, fresh-batch, 0",
    "PAPER, text, kl-free-reference, teacher-first, fresh-batch, 0",
    "PAPER, rl, kl-free-reference, teacher-first, fresh-batch, 0",
    "RELEASED, image, kl-reference-free, joint, task-batch, 0",
    "RELEASED, text, kl-reference-free, joint, task-batch, 0",
    "RELEASED, rl, kl-reference-free, joint, task-batch, after-first-rollout",
  })
  void setsTheChoices(
      Objective objective,
      String kind,
      String metric,
      String order,
      String regularizeOn,
      String start) {
    Map<String, Object> lot =
        new Plain(Dummies.catalog()).keys(Objectives.of(objective, kind, "mlp", "x"));

    assertThat(lot)
        .containsEntry("teacher-metric", metric)
        .containsEntry("student-metric", metric)
        .containsEntry("order", order)
        .containsEntry("regularize-on", regularizeOn)
        .containsEntry("reference-mode", "train");
    assertThat(lot.get("start")).hasToString(start);
  }

  @Test
  void keysGivenOverrideTheObjective() {
    LotConfig lot = run(MINIMAL, "lot={objective: released, alpha: 0.25, steps: 3}").lot();

    assertThat(lot.alpha()).isEqualTo(new AlphaSchedule.Constant(0.25));
    assertThat(lot.steps()).isEqualTo(3);
    assertThat(lot.order()).isEqualTo(Order.JOINT);
    assertThat(lot.objective()).isEqualTo(Objective.RELEASED);
  }

  @Test
  void everyKeyOfTheTableIsAKeyOfLot() {
    assertThat(Keys.of(LotConfig.class)).containsAll(Objectives.KEYS);
  }
}
