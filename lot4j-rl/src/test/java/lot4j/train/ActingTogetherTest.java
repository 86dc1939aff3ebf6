package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import lot4j.config.Catalog;
import lot4j.config.ConfigError;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.RunConfig;
import lot4j.distributed.Company;
import lot4j.distributed.Solo;
import lot4j.rl.Crews;
import lot4j.rl.Union;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Several processes, here threads, act each in environments of its own and learn together: to
 * rounding what one does that has all environments, and whose minibatches are theirs put together.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES) // who waits for another may wait without end
class ActingTogetherTest {
  private static final int UPDATES = 16; // rollouts of six: two passes of three minibatches
  private static final double ROUNDING = 2e-5;

  private static final Catalog CATALOG = Catalog.load();

  private static final String CONFIG =
      """
      name: together
      task: {kind: rl, environment: cartpole, envs: %d, rollout: 8}
      ppo: {epochs: 2}
      replay: {states: %d}
      method: lot
      teacher: {model: actor-critic, hidden: [8]}
      students: [{model: actor-critic, hidden: [6]}, {model: actor-critic, hidden: [5]}]
      optimizer: {kind: adam, lr: 0.01, eps: 1e-4, clip: 0.5}
      schedule: {kind: linear}
      budget: {updates: 16}
      batch-size: %d
      student-batch-size: %d
      threads: 1
      """;

  private record End(Map<String, Tensor> weights, double flops, long samples, double loss) {}

  /** A run with the environments of {@code ranks} ranks: 2 each, in minibatches of 6 each. */
  private static RunConfig config(int ranks, String settings) {
    return new ConfigReader(CATALOG)
        .readRun(
            ConfigSource.of(
                "test.yaml", CONFIG.formatted(2 * ranks, 40 * ranks, 6 * ranks, 5 * ranks)),
            Arrays.asList(settings.split(" ")))
        .withDevice("cpu");
  }

  private static RunSession session(Company company) {
    return new RunSession(CATALOG, Path.of("no-such-directory"), company);
  }

  private static End train(Course<?> course) {
    Threads.use(1);
    long taken = 0;
    double loss = 0;
    for (int step = 0; step < UPDATES; step++) {
      int at = step;
      course.seats().forEach(seat -> seat.descender().at(at));
      try (PointerScope scope = new PointerScope()) {
        lot4j.method.Update update = course.method().update(step);
        taken += update.taken();
        loss += update.loss().item_double();
      }
    }
    Map<String, Tensor> weights = new LinkedHashMap<>();
    course
        .seats()
        .forEach(
            seat ->
                seat.tensors()
                    .forEach((name, tensor) -> weights.put(seat.name() + " " + name, tensor)));
    return new End(weights, course.flops(), taken, loss);
  }

  private static void alike(int ranks, String settings, double rounding) throws IOException {
    RunConfig each = config(1, settings);
    RunConfig all = config(ranks, settings);
    List<Prepared<?>> data = new ArrayList<>();
    List<Course<?>> courses = new ArrayList<>();
    try (Crews crew = new Crews(ranks);
        PointerScope scope = new PointerScope();
        Prepared<?> whole = new Union(each, all, ranks);
        Course<?> alone = new Assembly<>(all, whole, CATALOG).course()) {
      End expected = train(alone);
      for (Company company : crew.members()) { // in turn: the engine's seed is everybody's
        Prepared<?> own = session(company).prepare(each);
        data.add(own);
        courses.add(new Assembly<>(each, own, CATALOG, company).course());
      }
      assertThat(courses.get(0).horizon().updates()).isEqualTo(alone.horizon().updates());
      List<End> ends =
          Crews.all(courses.stream().<Callable<End>>map(course -> () -> train(course)).toList());
      for (End end : ends) {
        assertThat(end.samples()).isEqualTo(expected.samples());
        near(end.weights(), expected.weights(), rounding);
        near(end.weights(), ends.get(0).weights(), 0);
      }
      assertThat(ends.stream().mapToDouble(End::flops).sum()).isEqualTo(expected.flops());
      assertThat(ends.stream().mapToDouble(End::loss).sum())
          .isCloseTo(expected.loss(), within(1e-3));
    } finally {
      courses.forEach(Course::close);
      data.forEach(Prepared::close);
    }
  }

  private static void near(Map<String, Tensor> mine, Map<String, Tensor> others, double most) {
    assertThat(mine.keySet()).isEqualTo(others.keySet());
    mine.forEach(
        (name, tensor) -> {
          if (!name.endsWith(".count") || most == 0) { // what each has seen, not what all have
            double difference = tensor.sub(others.get(name)).abs().max().item_double();
            assertThat(difference).as(name).isLessThanOrEqualTo(most);
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "2, method=teacher-only",
    "3, method=teacher-only",
    "2, method=teacher-only ppo.normalize-advantages=false ppo.value-clip=none",
    "2, method=teacher-only ppo.target-kl=0.0005",
    "3, method=teacher-only task.environment=pendulum",
    "2, method=teacher-only accumulate=2",
    "2, method=lot lot.steps=2",
    "3, method=lot lot.steps=1 task.environment=pendulum",
    "2, method=lot lot.objective=released",
    "3, method=lot-released",
    "2, method=lot-released accumulate=2",
    "2, method=lot lot.order=students-first lot.steps=1",
    "2, method=self-lagged",
    "2, method=mean-teacher",
    "2, method=confidence-penalty",
    "2, method=swa",
  })
  void theyDoWhatOneDoesWithAllEnvironments(int ranks, String settings) throws IOException {
    alike(ranks, settings, ROUNDING);
  }

  /** What came before the first sample counts as a ten-thousandth of one, in every process. */
  @Test
  void theySeeAlikeWhereInputsAreNormalised() throws IOException {
    alike(2, "method=teacher-only task.environment=pendulum teacher.normalize=true", 1e-4);
  }

  /** Samples, epochs and the budget are those of all ranks; sizes are each one's own. */
  @Test
  void budgetsCountTheStepsOfAll() throws IOException {
    RunConfig each = config(1, "method=teacher-only budget.env-steps=150");
    try (Crews crew = new Crews(3)) {
      for (Company company : crew.members()) {
        try (Prepared<?> own = session(company).prepare(each)) {
          // a rollout is 3 · 2 · 8 steps: four of them, of six updates each
          assertThat(Assembly.updates(each, own)).isEqualTo(24);
          assertThat(own.taskPace(6, 1).total(24)).isEqualTo(192);
        }
      }
    }
  }

  /** 16 bytes a state: 1 GB holds 62,500,000 rows, of which 18 are the rollout's. */
  @Test
  void moreStatesThanCanBeSentAreRefused() throws IOException {
    RunConfig most = config(1, "replay.states=62499982");
    RunConfig more = config(1, "replay.states=62499983");
    try (Crews crew = new Crews(2)) {
      Company company = crew.members().get(1);
      session(company).prepare(most).close();
      assertThatThrownBy(() -> session(company).prepare(more))
          .isInstanceOf(ConfigError.class)
          .hasMessageContaining("replay.states")
          .hasMessageContaining("62499983 is not allowed with 2 processes; at most 62499982");
    }
    session(new Solo()).prepare(more).close();
  }

  /** What is planned for them is what they compute, the students' passes over memories too. */
  @ParameterizedTest
  @CsvSource({"2, method=lot lot.batch-fraction=0.5", "3, method=lot-released"})
  void plansHoldForThem(int ranks, String settings) throws IOException {
    RunConfig each = config(1, settings);
    List<Prepared<?>> data = new ArrayList<>();
    List<Course<?>> courses = new ArrayList<>();
    try (Crews crew = new Crews(ranks);
        PointerScope scope = new PointerScope()) {
      for (Company company : crew.members()) {
        Prepared<?> own = session(company).prepare(each);
        data.add(own);
        courses.add(new Assembly<>(each, own, CATALOG, company).course());
      }
      double planned = Plan.of(each, any -> data.get(0), CATALOG).flops();
      double spent =
          Crews.all(courses.stream().<Callable<End>>map(course -> () -> train(course)).toList())
              .stream()
              .mapToDouble(End::flops)
              .sum();
      assertThat(spent).isEqualTo(planned);
    } finally {
      courses.forEach(Course::close);
      data.forEach(Prepared::close);
    }
  }
}
