package lot4j.config;

import static lot4j.config.Texts.MINIMAL;
import static lot4j.config.Texts.refusal;
import static lot4j.config.Texts.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lot4j.config.Dummies.Activation;
import lot4j.config.Dummies.Mlp;
import lot4j.optim.Adam;
import lot4j.optim.Clip;
import lot4j.optim.Cosine;
import lot4j.optim.Plateau;
import lot4j.optim.Sgd;
import lot4j.optim.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverridesTest {

  @Test
  void setAKeyThatTheFileDoesNotGive() {
    assertThat(run(MINIMAL, "lot.temperature=3").lot().temperature()).isEqualTo(3);
  }

  @Test
  void theLastOneHolds() {
    assertThat(run(MINIMAL, "lot.steps=2", "lot.steps=4").lot().steps()).isEqualTo(4);
  }

  @Test
  void aBudgetsKeyReplacesTheOthers() {
    assertThat(run(MINIMAL, "budget.updates=7").budget())
        .isEqualTo(new Budget(Budget.Unit.UPDATES, 7));
    assertThat(run(MINIMAL, "budget.updates=7", "budget.minutes=1.5").budget())
        .isEqualTo(new Budget(Budget.Unit.MINUTES, 1.5));
  }

  @Test
  void reachIntoLists() {
    RunConfig run =
        run(
            MINIMAL.replace("[{model: preresnet20}]", "[preresnet20, {model: mlp, hidden: [3]}]"),
            "students[1].hidden=[7, 8]",
            "students[1].activation=gelu",
            "students[0].model=preresnet56");

    assertThat(run.students().get(0).model()).isEqualTo("preresnet56");
    assertThat(run.students().get(1).spec()).isEqualTo(new Mlp(List.of(7, 8), Activation.GELU, 0));
  }

  @Test
  void replaceWholeListsAndSections() {
    assertThat(run(MINIMAL, "seeds=[7]").seed()).isEqualTo(7);
    assertThat(run(MINIMAL, "optimizer={kind: adam, lr: 0.5}").optimization().optimizer())
        .isEqualTo(new Adam(0.5, 0.9, 0.999, 1e-8, 0, Clip.of("none")));
  }

  @Test
  void setAKeyOfAComponentWrittenAsItsName() {
    RunConfig run = run(MINIMAL + "optimizer: adam\n", "optimizer.lr=0.5");

    assertThat(run.optimization().optimizer())
        .isEqualTo(new Adam(0.5, 0.9, 0.999, 1e-8, 0, Clip.of("none")));
    assertThat(run(MINIMAL, "teacher=mlp", "teacher.hidden=[5]").teacher().spec())
        .isEqualTo(new Mlp(List.of(5), Activation.RELU, 0));
  }

  @Test
  void studentsFollowTheTeachersOptimizerButForTheirOwnKeys() {
    RunConfig run = run(MINIMAL, "optimizer.lr=0.5", "student-optimizer.weight-decay=0");

    assertThat(run.optimization().studentOptimizer())
        .isEqualTo(new Sgd(0.5, 0.9, true, 0, Clip.of("none")));
  }

  @Test
  void studentsMayUseAnotherOptimizer() {
    assertThat(run(MINIMAL, "student-optimizer=adam").optimization().studentOptimizer())
        .isEqualTo(new Adam(1e-3, 0.9, 0.999, 1e-8, 0, Clip.of("none")));
    assertThat(run(MINIMAL, "student-optimizer.kind=adam").optimization().studentOptimizer())
        .isInstanceOf(Adam.class);
  }

  @Test
  void studentsFollowTheTeachersScheduleButForTheirOwnKeys() {
    String teachers = "schedule={kind: step, size: 3, gamma: 0.5}";

    assertThat(run(MINIMAL, teachers).optimization().studentSchedule())
        .isEqualTo(new Step(3, 0.5, 0));
    assertThat(run(MINIMAL, teachers, "student-schedule={gamma: 0.25}").optimization())
        .returns(new Step(3, 0.5, 0), Optimization::schedule)
        .returns(new Step(3, 0.25, 0), Optimization::studentSchedule);
  }

  @Test
  void studentsMayFollowAnotherSchedule() {
    assertThat(run(MINIMAL, "student-schedule=plateau").optimization())
        .returns(Cosine.defaults(), Optimization::schedule)
        .returns(Plateau.defaults(), Optimization::studentSchedule);
    assertThat(
            run(MINIMAL, "schedule.warmup=2", "student-schedule={kind: plateau, patience: 3}")
                .optimization()
                .studentSchedule())
        .isEqualTo(new Plateau(0.1, 3, 1e-4, 0));
  }

  @Test
  void alphaMayBecomeASchedule() {
    assertThat(run(MINIMAL, "lot.alpha={kind: linear, from: 1, to: 0, steps: 10}").lot().alpha())
        .isEqualTo(new AlphaSchedule.Linear(1, 0, 10));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "lot.alpha=-1 ~ lot.alpha = -1 is not allowed; 0 or more (0 trains the teacher alone)",
        "lot.aplha=1 ~ unknown key: lot.aplha; did you mean 'alpha'?",
        "bogus.key=1 ~ unknown key: bogus",
        "lot.alpha ~ no key and value; key.path=value",
        "=3 ~ no key and value; key.path=value",
        "lot..alpha=3 ~ key lot..alpha is not allowed; key.path or key[0].path",
        "students[x].model=mlp ~ key students[x].model is not allowed; key.path or key[0].path",
        "students[3].model=mlp ~ students[3] is not there; students has 1 entry",
        "lot.alpha=[1 ~ not YAML: while parsing a flow sequence: expected ',' or ']', but got"
            + " <stream end>",
        "lot.steps.x=1 ~ lot.steps = {x: 1} is not allowed; a whole number",
        "lot.alpha=!x 1 ~ tag !x is not allowed; plain values",
        "budget.epochs=none ~ budget.epochs = none is not allowed; a number above 0",
      })
  void whatIsWrongStandsBesideTheOverride(String override, String problem) {
    assertThat(refusal(MINIMAL, override)).isEqualTo("--set " + override + ": " + problem);
  }

  @Test
  void aLineBreakInAKeyStaysOnTheLine() {
    assertThat(refusal(MINIMAL, "a\nb[0].lot="))
        .isEqualTo(
            """
            --set a\\nb[0].lot=: a\\nb[0] is not there; a\\nb has 0 entries
            --set a\\nb[0].lot=: unknown key: a\\nb\
            """);
  }
}
