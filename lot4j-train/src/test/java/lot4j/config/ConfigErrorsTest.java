package lot4j.config;

import static lot4j.config.Texts.MINIMAL;
import static lot4j.config.Texts.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigErrorsTest {

  /** The text is the sixth line, after the minimal configuration. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "lot: {aplha: 1} ~ 6:7: unknown key: lot.aplha; did you mean 'alpha'?",
        "lto: {} ~ 6:1: unknown key: lto; did you mean 'lot'?",
        "frobnicate: 1 ~ 6:1: unknown key: frobnicate",
        "lot: {alpha: -0.1} ~ 6:14: lot.alpha = -0.1 is not allowed; 0 or more (0 trains the"
            + " teacher alone)",
        "lot: {alpha: .nan} ~ 6:14: lot.alpha = .nan is not allowed; 0 or more (0 trains the"
            + " teacher alone)",
        "lot: {alpha: high} ~ 6:14: lot.alpha = high is not allowed; a number, or {kind:"
            + " linear|cosine|warmup, …}",
        "lot: {alpha: {kind: linear, to: 1}} ~ 6:14: missing key: lot.alpha.steps",
        "lot: {alpha: {to: 1}} ~ 6:14: missing key: lot.alpha.kind",
        "lot: {alpha: {kind: linear, to: 1, steps: 0}} ~ 6:43: lot.alpha.steps = 0 is not"
            + " allowed; 1 or more",
        "lot: {alpha: {kind: linaer, to: 1, steps: 1}} ~ 6:21: lot.alpha.kind = linaer is not"
            + " allowed; a number, or {kind: linear|cosine|warmup, …}; did you mean 'linear'?",
        "lot: {steps: -1} ~ 6:14: lot.steps = -1 is not allowed; 0 or more",
        "lot: {steps: 1.5} ~ 6:14: lot.steps = 1.5 is not allowed; a whole number",
        "lot: {steps: 1.0} ~ 6:14: lot.steps = 1.0 is not allowed; a whole number",
        "lot: {steps: '1'} ~ 6:14: lot.steps = 1 is not allowed; a whole number",
        "lot: {steps: 3000000000} ~ 6:14: lot.steps = 3000000000 is not allowed; a smaller whole"
            + " number",
        "lot: {steps: } ~ 6:13: lot.steps = (nothing) is not allowed; a whole number",
        "lot: {temperature: 0} ~ 6:20: lot.temperature = 0 is not allowed; a number above 0",
        "lot: {temperature: '2'} ~ 6:20: lot.temperature = 2 is not allowed; a number",
        "lot: {scale-by-t2: yes} ~ 6:20: lot.scale-by-t2 = yes is not allowed; true or false",
        "lot: {scale-by-t2: 1} ~ 6:20: lot.scale-by-t2 = 1 is not allowed; true or false",
        "lot: {teacher-metric: kl-free-refrence} ~ 6:23: lot.teacher-metric = kl-free-refrence is"
            + " not allowed; a name of metrics; did you mean 'kl-free-reference'?",
        "lot: {student-metric: 3} ~ 6:23: lot.student-metric = 3 is not allowed; a text",
        "lot: {student-task-weight: -1} ~ 6:28: lot.student-task-weight = -1 is not allowed; 0 or"
            + " more",
        "lot: {student-metric-weight: beta} ~ 6:30: lot.student-metric-weight = beta is not"
            + " allowed; 0 or more, or alpha",
        "lot: {order: joit} ~ 6:14: lot.order = joit is not allowed; teacher-first, students-first"
            + " or joint; did you mean 'joint'?",
        "lot: {reference-mode: test} ~ 6:23: lot.reference-mode = test is not allowed; train or"
            + " eval",
        "lot: {start: -1} ~ 6:14: lot.start = -1 is not allowed; a whole number, 0 or more, or"
            + " after-first-rollout",
        "lot: {every: 0} ~ 6:14: lot.every = 0 is not allowed; 1 or more",
        "lot: {every: 3000000000} ~ 6:14: lot.every = 3000000000 is not allowed; a smaller whole"
            + " number",
        "lot: {batch-fraction: 0} ~ 6:23: lot.batch-fraction = 0 is not allowed; above 0, at most"
            + " 1",
        "lot: {objective: papre} ~ 6:18: lot.objective = papre is not allowed; paper or released;"
            + " did you mean 'paper'?",
        "lot: 3 ~ 6:6: lot = 3 is not allowed; keys with values",
        "optimizer: {lr: -1} ~ 6:17: optimizer.lr = -1 is not allowed; 0 or more",
        "optimizer: {kind: sdg} ~ 6:19: optimizer.kind = sdg is not allowed; sgd, adam, adamw or"
            + " asgd; did you mean 'sgd'?",
        "optimizer: {clip: -3} ~ 6:19: optimizer.clip = -3 is not allowed; a number above 0, or"
            + " none",
        "optimizer: {clip: nonw} ~ 6:19: optimizer.clip = nonw is not allowed; a number above 0, or"
            + " none",
        "optimizer: {kind: asgd, trigger: 0} ~ 6:34: optimizer.trigger = 0 is not allowed; a whole"
            + " number from 1 to 2147483647, or none",
        "optimizer: {kind: asgd, trigger: 2.5} ~ 6:34: optimizer.trigger = 2.5 is not allowed; a"
            + " whole number from 1 to 2147483647, or none",
        "optimizer: {trigger: 5} ~ 6:13: unknown key: optimizer.trigger; lr, momentum, nesterov,"
            + " weight-decay or clip",
        "optimizer: {momentum: 0} ~ 6:12: optimizer.nesterov = true is not allowed; false unless"
            + " momentum is above 0",
        "optimizer: {kind: adam, momentum: 0.9} ~ 6:25: unknown key: optimizer.momentum; lr,"
            + " beta1, beta2, eps, weight-decay or clip",
        "student-optimizer: {lr: -2} ~ 6:25: student-optimizer.lr = -2 is not allowed; 0 or more",
        "student-optimizer: adma ~ 6:20: student-optimizer = adma is not allowed; sgd, adam, adamw"
            + " or asgd; did you mean 'adam'?",
        "student-schedule: {warmup: -1} ~ 6:28: student-schedule.warmup = -1 is not allowed; 0 or"
            + " more",
        "student-schedule: {patience: 1} ~ 6:20: unknown key: student-schedule.patience; warmup,"
            + " per or floor",
        "student-schedule: {kind: plataeu} ~ 6:26: student-schedule.kind = plataeu is not allowed;"
            + " constant, linear, cosine, step, multi-step or plateau; did you mean 'plateau'?",
        "schedule: {warmup: -1} ~ 6:20: schedule.warmup = -1 is not allowed; 0 or more",
        "schedule: {kind: multi-step, milestones: 3} ~ 6:42: schedule.milestones = 3 is not"
            + " allowed; a list of numbers",
        "batch-size: 0 ~ 6:13: batch-size = 0 is not allowed; 1 or more",
        "accumulate: 0 ~ 6:13: accumulate = 0 is not allowed; 1 or more",
        "ema: 1 ~ 6:6: ema = 1 is not allowed; none, or above 0 and below 1",
        "ema: off ~ 6:6: ema = off is not allowed; none, or a number",
        "precision: float16 ~ 6:12: precision = float16 is not allowed; float32 or bfloat16; did"
            + " you mean 'bfloat16'?",
        "threads: 0 ~ 6:10: threads = 0 is not allowed; auto, or a number from 1 to 4096",
        "threads: many ~ 6:10: threads = many is not allowed; auto, or a whole number",
        "device: tpu ~ 6:9: device = tpu is not allowed; auto, cpu, cuda or cuda:i",
        "seeds: 3 ~ 6:8: seeds = 3 is not allowed; a list of distinct whole numbers, 0 or more",
        "seeds: [] ~ 6:8: seeds = [] is not allowed; a list of distinct whole numbers, 0 or more",
        "seeds: [1, 2, 1] ~ 6:15: seeds[2] = 1 is not allowed; every seed once",
        "seeds: [-1] ~ 6:9: seeds[0] = -1 is not allowed; a whole number, 0 or more",
        "eval-every: 0 ~ 6:13: eval-every = 0 is not allowed; a number above 0",
        "select: newest ~ 6:9: select = newest is not allowed; best or last",
        "early-stopping: 3 ~ 6:17: early-stopping = 3 is not allowed; none, or {patience}",
        "early-stopping: {patience: 0} ~ 6:28: early-stopping.patience = 0 is not allowed; 1 or"
            + " more",
        "early-stopping: {} ~ 6:17: missing key: early-stopping.patience",
        "checkpoint: {keep: 1} ~ 6:20: checkpoint.keep = 1 is not allowed; 2 or more",
        "checkpoint: {evry: 1} ~ 6:14: unknown key: checkpoint.evry; did you mean 'every'?",
        "method: lto ~ 6:9: method = lto is not allowed; a name of methods; did you mean 'lot'?",
        "methods: [teacher-onyl] ~ 6:11: methods[0] = teacher-onyl is not allowed; a name of"
            + " methods; did you mean 'teacher-only'?",
        "label-smoothing: {epsilon: 1} ~ 6:28: label-smoothing.epsilon = 1 is not allowed; 0 or"
            + " more and below 1",
        "label-smoothing: {epsilo: 1} ~ 6:19: unknown key: label-smoothing.epsilo; did you mean"
            + " 'epsilon'?",
        "equal-compute: {updates: 0} ~ 6:26: equal-compute.updates = 0 is not allowed; 1 or more",
      })
  void tellsWhatIsWrongAndWhere(String line, String problem) {
    assertThat(refusal(MINIMAL + line + "\n")).isEqualTo("a.yaml:" + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "name: ../x ~ name = ../x is not allowed; a text that can name a directory",
        "name: 3 ~ name = 3 is not allowed; a text that can name a directory",
        "task: {kind: image} ~ missing key: task.data",
        "task: {data: cifar100} ~ missing key: task.kind",
        "task: {kind: imgae, data: x} ~ task.kind = imgae is not allowed; image, tabular, text or"
            + " rl; did you mean 'image'?",
        "task: {kind: image, data: x, validation: 3} ~ task.validation = 3 is not allowed; none, a"
            + " path, or in (0, 1)",
        "task: {kind: image, data: x, validation: {folds: 1}} ~ task.validation.folds = 1 is not"
            + " allowed; 2 or more",
        "task: {kind: image, data: ' '} ~ task.data =   is not allowed; a data set's name, or a"
            + " path",
        "task: {kind: image, data: x, train-examples: many} ~ task.train-examples = many is not"
            + " allowed; all, or a whole number",
        "teacher: {} ~ missing key: teacher.model",
        "teacher: preresnet21 ~ teacher = preresnet21 is not allowed; mlp, preresnet,"
            + " transformer-xl, preresnet20 or preresnet56; did you mean 'preresnet20'?",
        "teacher: {model: preresnet20, depth: 32} ~ teacher.depth = 32 is not allowed; the name"
            + " has decided it",
        "teacher: {kind: preresnet, depth: 21} ~ teacher.depth = 21 is not allowed; 6n + 2, 8 or"
            + " more",
        "teacher: {model: mlp, lambda: 1} ~ unknown key: teacher.lambda; hidden, activation, dropout,"
            + " freeze, init-from or lora",
        "teacher: {model: mlp, hidden: [8, x]} ~ teacher.hidden[1] = x is not allowed; a whole"
            + " number",
        "teacher: {model: mlp, hidden: 8} ~ teacher.hidden = 8 is not allowed; a list of whole"
            + " numbers",
        "students: {model: mlp} ~ students = {model: mlp} is not allowed; a list of {model,"
            + " lambda, init-from, lora, freeze}",
        "students: [] ~ students = [] is not allowed; at least one with method lot",
        "students: [{model: mlp, lambda: 2}] ~ students[0].lambda = 2 is not allowed; a number"
            + " from 0 to 1",
        "students: [{model: mlp, lambda: 0.5}, {model: mlp}] ~ students: lambda for every student,"
            + " or for none",
        "students: [{model: mlp, lambda: 0.5}, {model: mlp, lambda: 0.25}] ~ sum of students'"
            + " lambda = 0.75 is not allowed; 1",
        "students: [{model: mlp, init-from: 3}] ~ students[0].init-from = 3 is not allowed; none,"
            + " or a path",
        "students: [{model: mlp, freeze: fc1}] ~ students[0].freeze = fc1 is not allowed; none,"
            + " or a list of beginnings of parameters' names",
        "teacher: {model: mlp, freeze: ['!']} ~ teacher.freeze = [!] is not allowed; none, or a list"
            + " of beginnings of parameters' names",
        "students: [{model: mlp, hiden: [3]}] ~ unknown key: students[0].hiden; did you mean"
            + " 'hidden'?",
        "budget: {} ~ budget = {} is not allowed; exactly one of epochs, updates, env-steps or"
            + " minutes",
        "budget: {epochs: 1, updates: 2} ~ budget = {epochs: 1, updates: 2} is not allowed;"
            + " exactly one of epochs, updates, env-steps or minutes",
        "budget: 30 ~ budget = 30 is not allowed; exactly one of epochs, updates, env-steps or"
            + " minutes",
        "budget: {epochs: 0} ~ budget.epochs = 0 is not allowed; a number above 0",
        "budget: {epochs: 1e300} ~ budget.epochs = 1e300 is not allowed; at most 1e15",
        "budget: {updates: 2000000000000000} ~ budget.updates = 2000000000000000 is not allowed; at"
            + " most 1e15",
        "budget: {updates: 99999999999999999999} ~ budget.updates = 99999999999999999999 is not"
            + " allowed; at most 1e15",
        "budget: {updates: 1.5} ~ budget.updates = 1.5 is not allowed; a whole number, 1 or more",
        "budget: {updates: 0} ~ budget.updates = 0 is not allowed; a whole number, 1 or more",
        "budget: {epoch: 3} ~ unknown key: budget.epoch; did you mean 'epochs'?",
        "budget: {env-steps: 30} ~ budget.env-steps is not allowed; only with task.kind rl",
      })
  void tellsWhatIsWrongWithTheFilesOwnKeys(String line, String problem) {
    String key = line.substring(0, line.indexOf(':') + 1);
    String text =
        MINIMAL.lines().filter(l -> !l.startsWith(key)).reduce("", (a, b) -> a + b + "\n") + line;

    assertThat(refusal(text)).matches("a\\.yaml:5:\\d+: .*").endsWith(": " + problem);
  }

  @Test
  void tellsWhatIsMissing() {
    assertThat(refusal("lot: {}\n"))
        .isEqualTo(
            """
            a.yaml:1:1: missing key: task
            a.yaml:1:1: missing key: teacher
            a.yaml:1:1: missing key: budget; exactly one of epochs, updates, env-steps or minutes
            a.yaml:1:1: missing key: students; method lot needs them\
            """);
  }

  @Test
  void tellsEverythingAtOnceInTheOrderOfTheFile() {
    String text =
        MINIMAL
            + """
            batch-size: 0
            optimizer: {momentum: 2, lr: -1}
            lot:
              steps: x
              order: joint
            bogus: 1
            """;

    assertThat(refusal(text, "seeds=[]", "lot.temperature=0"))
        .isEqualTo(
            """
            a.yaml:6:13: batch-size = 0 is not allowed; 1 or more
            a.yaml:7:23: optimizer.momentum = 2 is not allowed; 0 or more and below 1
            a.yaml:7:30: optimizer.lr = -1 is not allowed; 0 or more
            a.yaml:9:10: lot.steps = x is not allowed; a whole number
            a.yaml:11:1: unknown key: bogus
            --set lot.temperature=0: lot.temperature = 0 is not allowed; a number above 0
            --set seeds=[]: seeds = [] is not allowed; a list of distinct whole numbers, 0 or \
            more\
            """);
  }

  @Test
  void escapesControlCharactersInValues() {
    assertThat(refusal(MINIMAL + "precision: \"\\e[1m\\n\"\n"))
        .isEqualTo("a.yaml:6:12: precision = \\x1b[1m\\n is not allowed; float32 or bfloat16");
  }

  @Test
  void cutsEndlessValues() {
    assertThat(refusal(MINIMAL + "precision: " + "x".repeat(5000) + "\n")).hasSizeLessThan(300);
  }

  @Test
  void judgesTheIgnoredPartsOfATeacherOnlyRun() {
    assertThat(refusal(MINIMAL + "method: teacher-only\nlot: {aplha: 1}\n"))
        .isEqualTo("a.yaml:7:7: unknown key: lot.aplha; did you mean 'alpha'?");
  }
}
