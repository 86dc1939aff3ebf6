package lot4j.config;

import static lot4j.config.Texts.MINIMAL;
import static lot4j.config.Texts.experiment;
import static lot4j.config.Texts.run;
import static lot4j.config.Texts.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigWriterTest {
  private static final String RESOLVED =
      """
      name: first
      task:
        kind: image
        data: cifar100
        augment: crop-flip
        unlabelled: none
        validation: 0.1
        split-seed: 0
        train-examples: all
        label-noise: 0
        allow-subset: false
      method: lot
      teacher: {model: preresnet20}
      students:
        - {model: preresnet20, lambda: 1, init-from: none}
      lot:
        objective: paper
        alpha: 1
        steps: 1
        teacher-metric: kl-free-reference
        student-metric: kl-free-reference
        temperature: 1.5
        scale-by-t2: false
        student-task-weight: 0
        student-metric-weight: 1.0
        order: teacher-first
        regularize-on: fresh-batch
        reference-mode: train
        start: 0
        every: 1
        batch-fraction: 1
        student-targets: fresh
      optimizer: {kind: sgd, lr: 0.1, momentum: 0.9, nesterov: true, weight-decay: 1e-4, clip: none}
      student-optimizer:
        kind: sgd
        lr: 0.1
        momentum: 0.9
        nesterov: true
        weight-decay: 1e-4
        clip: none
      schedule: {kind: cosine, warmup: 0, per: update, floor: 0}
      student-schedule: {kind: cosine, warmup: 0, per: update, floor: 0}
      budget: {epochs: 30}
      batch-size: 128
      student-batch-size: 128
      eval-batch-size: 512
      accumulate: 1
      ema: none
      precision: float32
      threads: auto
      device: auto
      seeds: [0]
      eval-every: 1
      select: best
      early-stopping: none
      checkpoint: {every: 1, keep: 2}
      """;

  @Test
  void writesEverythingThatDeterminesARun() {
    assertThat(yaml(run(MINIMAL))).isEqualTo(RESOLVED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "threads=2",
        "ema=0.99",
        "seeds=[7]",
        "device=cuda:1",
        "early-stopping={patience: 3}",
        "lot.alpha={kind: warmup, to: 0.5, steps: 100}",
        "lot.student-metric-weight=alpha",
        "lot={objective: released, alpha: 0.25}",
        "lot.teacher-metric=kl_ref_free",
        "method=lot-released",
        "method=teacher-only",
        "student-optimizer={kind: adam, lr: 0.5}",
        "optimizer.clip=0.25",
        "optimizer={kind: asgd, trigger: 5}",
        "optimizer={kind: asgd, trigger: none}",
        "schedule={kind: multi-step, milestones: [1, 2.5]}",
        "student-schedule={kind: plateau, patience: 3}",
        "student-schedule.warmup=2",
        "task.validation=none",
        "task.validation=dir/valid",
        "task.validation={folds: 5}",
        "task.data='it''s: a \"test\" # no'",
        "task.data=\"true\"",
        "task.data=\"1e3\"",
        "task.data=\"a\\tb\\nc\\\\ é \\U0001F600 \\x1b\"",
        "task.train-examples=200",
        "teacher={kind: preresnet, depth: 32}",
        "students=[{model: mlp, hidden: [], lambda: 0.25, init-from: runs/a}, {model: mlp,"
            + " lambda: 0.75}]",
        "task.kind=rl",
        "budget.minutes=0.5",
        "lot.alpha=-0.0",
      })
  void readsBackWhatItWrites(String override) {
    RunConfig config = run(MINIMAL, override);
    String text = yaml(config);

    assertThat(run(text)).isEqualTo(config);
    assertThat(yaml(run(text))).isEqualTo(text);
  }

  @Test
  void writesWhatAMatchedRunNeedsToBeRerun() {
    RunConfig matched =
        run(MINIMAL, "method=teacher-only-equal-compute").withEqualCompute(new EqualCompute(812));

    assertThat(yaml(matched)).endsWith("equal-compute: {updates: 812}\n");
    assertThat(run(yaml(matched))).isEqualTo(matched);
  }

  @Test
  void writesAMapInOneOrder() {
    assertThat(yaml(run(MINIMAL, "task.validation={folds: 5}")))
        .contains("  validation: {kind: folds, folds: 5}\n");
  }

  @Test
  void decisionsOfTheStartAreWritten() {
    RunConfig decided = run(MINIMAL).withSeed(3).withThreads(2).withDevice("cpu");

    assertThat(yaml(decided)).contains("seeds: [3]\n", "threads: 2\n", "device: cpu\n");
    assertThat(run(yaml(decided))).isEqualTo(decided);
  }

  @Test
  void writesAComparisonThatReadsAsTheSame() {
    ExperimentConfig experiment =
        experiment(
            MINIMAL,
            "methods=[teacher-only, lot, lot-released, {label: eq, method:"
                + " teacher-only-equal-compute, match: lot}, {label: turned, method: lot, set:"
                + " {lot.objective: released, lot.steps: 3, task.label-noise: 0.2}}, {label: whole,"
                + " method: lot, set: {lot: {alpha: {kind: linear, to: 1, steps: 5}}}}]");
    ExperimentConfig again = experiment(yaml(experiment));

    assertThat(again.base()).isEqualTo(experiment.base());
    assertThat(again.seeds()).isEqualTo(experiment.seeds());
    assertThat(again.methods())
        .extracting(v -> v.label() + v.match() + v.config())
        .isEqualTo(
            experiment.methods().stream().map(v -> v.label() + v.match() + v.config()).toList());
    assertThat(yaml(again)).isEqualTo(yaml(experiment));
  }

  @Test
  void theDigestIsThatOfTheText() {
    ConfigWriter writer = new ConfigWriter(Dummies.catalog());

    assertThat(writer.digest(run(MINIMAL)))
        .isEqualTo(writer.digest(run(RESOLVED)))
        .isNotEqualTo(writer.digest(run(MINIMAL, "seeds=[1]")))
        .matches("[0-9a-f]{64}");
  }
}
