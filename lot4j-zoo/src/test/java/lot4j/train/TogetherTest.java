package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import lot4j.Network;
import lot4j.config.RunConfig;
import lot4j.distributed.Bucketing;
import lot4j.distributed.Company;
import lot4j.distributed.Solo;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several members of a company, here threads: together they do what one does with larger steps.
 * What draws from the engine's generator while it trains needs processes: {@code LaunchIT}.
 */
class TogetherTest {
  private static final int UPDATES = 6;
  private static final double ROUNDING = 2e-5;

  private static final String IMAGES =
      """
      name: together
      task: {kind: image, data: digits, augment: crop-flip, train-examples: 40, validation: none}
      method: lot
      teacher: {model: mlp, hidden: [12]}
      students: [{model: cnn, channels: [3, 4], hidden: 6}, {model: mlp, hidden: [8]}]
      optimizer: {kind: sgd, lr: 0.1, momentum: 0.9, weight-decay: 1e-4, clip: 1}
      budget: {updates: 6}
      batch-size: 8
      student-batch-size: 7
      threads: 1
      """;

  private static final String TEXT =
      """
      name: together
      task: {kind: text, data: %s, tokens: char, length: 7}
      method: lot
      teacher: {model: lstm, embedding: 6, hidden: 8, layers: 1, dropout: 0}
      students: [{model: transformer-xl, layers: 1, width: 8, heads: 2, head-width: 4, inner: 12,
                  memory: 9, dropout: 0, attention-dropout: 0}]
      lot: {steps: 2}
      optimizer: {kind: sgd, lr: 0.5, clip: 1}
      budget: {updates: 6}
      eval-batch-size: 2
      accumulate: 2
      threads: 1
      """;

  private static final String TABLE =
      """
      name: together
      task: {kind: tabular, data: "%s", target: %s, test: 0.5}
      method: lot
      teacher: {model: mlp, hidden: [5]}
      students: [{model: mlp, hidden: [4]}]
      optimizer: {kind: sgd, lr: 0.1}
      budget: {updates: 6}
      batch-size: 8
      eval-batch-size: 6
      threads: 1
      """;

  @TempDir private Path directory;

  /** What a member has in the end: weights by their names, and what it counted. */
  private record End(Map<String, Tensor> weights, double flops, long samples, double loss) {}

  private static End train(Course<?> course) {
    Threads.use(1);
    Map<String, Tensor> weights = new LinkedHashMap<>();
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
    course
        .seats()
        .forEach(
            seat ->
                seat.tensors()
                    .forEach((name, tensor) -> weights.put(seat.name() + " " + name, tensor)));
    return new End(weights, course.flops(), taken, loss);
  }

  /** One alone with a larger step, then the members, who end in the same bits. */
  private static void alike(RunConfig alone, RunConfig each, int size) throws IOException {
    List<Company> companies = Members.of(size, Bucketing.usual());
    try (PointerScope scope = new PointerScope();
        Prepared<?> whole = Members.session(new Solo()).prepare(alone);
        Course<?> course = new Assembly<>(alone, whole, Runs.CATALOG).course()) {
      End expected = train(course);
      Members.withCourses(each, companies, courses -> compare(course, expected, courses));
    } finally {
      Members.leave(companies);
    }
  }

  private static List<End> trained(List<Course<?>> courses) {
    return Members.all(courses.stream().<Callable<End>>map(course -> () -> train(course)).toList());
  }

  private static boolean compare(Course<?> alone, End expected, List<Course<?>> courses) {
    assertThat(courses.get(0).horizon().updates()).isEqualTo(alone.horizon().updates());
    List<End> ends = trained(courses);
    for (End end : ends) {
      assertThat(end.samples()).isEqualTo(expected.samples());
      near(end.weights(), expected.weights(), ROUNDING, false);
      near(end.weights(), ends.get(0).weights(), 0, true);
    }
    assertThat(ends.stream().mapToDouble(End::flops).sum()).isEqualTo(expected.flops());
    assertThat(ends.stream().mapToDouble(End::loss).sum()).isCloseTo(expected.loss(), within(1e-3));
    return true;
  }

  private static void near(
      Map<String, Tensor> mine, Map<String, Tensor> others, double most, boolean statistics) {
    assertThat(mine.keySet()).isEqualTo(others.keySet());
    mine.forEach(
        (name, tensor) -> {
          boolean statistic = name.contains("running_");
          if (!name.endsWith("num_batches_tracked") && (statistics || !statistic)) {
            double difference = tensor.sub(others.get(name)).abs().max().item_double();
            assertThat(difference).as(name).isLessThanOrEqualTo(most);
          }
        });
  }

  private static RunConfig images(String settings, int accumulate) {
    List<String> set = new ArrayList<>(List.of(settings.split(" ")));
    set.add("accumulate=" + accumulate);
    return Runs.config(IMAGES, set.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "2, method=teacher-only",
    "3, method=teacher-only",
    "2, method=lot lot.steps=2",
    "3, method=lot lot.objective=released lot.steps=2",
    "2, method=lot lot.order=students-first lot.regularize-on=student-batch lot.batch-fraction=0.5",
    "2, method=lot lot.regularize-on=task-batch lot.student-targets=reuse lot.every=2",
    "2, method=lot lot.student-task-weight=1 lot.steps=1",
    "2, method=shuffled-student",
    "2, method=frozen-student",
    "2, method=peer-without-imitation",
    "3, method=sam",
    "2, method=learned-lambda",
    "2, method=r-drop",
    "2, method=label-smoothing",
    "2, method=confidence-penalty",
    "2, method=mean-teacher",
    "2, method=self-lagged",
    "2, method=swa",
    "2, method=deep-mutual-learning",
    "2, method=co-distillation co-distillation.burn-in=2 co-distillation.refresh=2",
    "2, method=born-again",
    "2, method=knowledge-distillation",
    "2, method=ensemble-distillation",
    "2, method=two-network-ensemble",
  })
  void theyDoWhatOneDoesThatAccumulates(int size, String settings) throws IOException {
    alike(images(settings, size), images(settings, 1), size);
  }

  /** In buckets of 64 bytes: to the bit for two, whose sums have one order. */
  @ParameterizedTest
  @CsvSource({
    "2, 1, method=lot lot.steps=2",
    "2, 2, method=lot lot.steps=2",
    "2, 1, method=lot lot.objective=released lot.steps=2",
    "2, 2, method=lot lot.regularize-on=task-batch lot.student-targets=reuse lot.every=2",
    "2, 1, method=lot lot.order=students-first lot.regularize-on=student-batch",
    "2, 2, method=sam",
    "2, 1, method=deep-mutual-learning deep-mutual-learning.order=simultaneous",
    "2, 1, method=born-again",
    "3, 1, method=lot lot.objective=released lot.steps=2",
  })
  void bucketsAreAddedUpAsTheWholeIs(int size, int accumulate, String settings) throws IOException {
    RunConfig each = images(settings, accumulate);
    try (PointerScope scope = new PointerScope()) {
      End whole = trained(size, Bucketing.never(), each);
      End parts = trained(size, Bucketing.of(1e-6), each);
      near(parts.weights(), whole.weights(), size == 2 ? 0 : ROUNDING, true);
    }
  }

  /** What rank 0 of some members has in the end. */
  private static End trained(int size, Bucketing bucketing, RunConfig each) throws IOException {
    List<Company> companies = Members.of(size, bucketing);
    try {
      return Members.withCourses(each, companies, courses -> kept(trained(courses).get(0)));
    } finally {
      Members.leave(companies);
    }
  }

  private static End kept(End end) {
    end.weights().replaceAll((name, tensor) -> tensor.clone());
    return end;
  }

  @Test
  void eachMayAccumulateItself() throws IOException {
    alike(images("method=lot", 4), images("method=lot", 2), 2);
  }

  private RunConfig text(String method, int columns, int others) throws IOException {
    Path file = directory.resolve("text.txt");
    StringBuilder words = new StringBuilder();
    for (int i = 0; words.length() < 500; i++) {
      words.append(i % 3 == 0 ? "ab" : "cab").append(i % 5 == 0 ? '\n' : ' ');
    }
    Files.writeString(file, words);
    return Runs.config(
        TEXT.formatted(file),
        "method=" + method,
        "batch-size=" + columns,
        "student-batch-size=" + others);
  }

  @ParameterizedTest
  @ValueSource(strings = {"teacher-only", "lot", "deep-mutual-learning"})
  void theyReadAsManyColumnsTogether(String method) throws IOException {
    alike(text(method, 6, 4), text(method, 3, 2), 2);
  }

  /** Every member answers its part of the batches; rank 0 finds what one alone does. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void theyScoreToTheBitsOfOne(int size) throws IOException {
    scoreAlike(images("method=lot eval-batch-size=64", 1), size);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kind", "y"})
  void theyScoreTablesToo(String target) throws IOException {
    StringBuilder rows = new StringBuilder("x,kind,y\n");
    for (int i = 0; i < 100; i++) {
      rows.append(i * 37 % 100).append(i % 3 == 0 ? ",a," : ",b,").append(i * 0.7).append('\n');
    }
    Path file = directory.resolve("table.csv");
    Files.writeString(file, rows);
    scoreAlike(Runs.config(TABLE.formatted(file, target)), 2);
  }

  private static void scoreAlike(RunConfig config, int size) throws IOException {
    List<Company> companies = Members.of(size, Bucketing.usual());
    try (PointerScope scope = new PointerScope();
        Prepared<?> whole = Members.session(new Solo()).prepare(config);
        Course<?> alone = new Assembly<>(config, whole, Runs.CATALOG).course()) {
      Members.withCourses(config, companies, courses -> scoreAlike(alone, courses, companies));
    } finally {
      Members.leave(companies);
    }
  }

  private static boolean scoreAlike(
      Course<?> alone, List<Course<?>> courses, List<Company> companies) {
    List<AtomicInteger> answered = new ArrayList<>();
    List<Callable<Map<String, Map<String, Double>>>> calls = new ArrayList<>();
    for (int rank = 0; rank < companies.size(); rank++) {
      Course<?> course = courses.get(rank);
      AtomicInteger batches = new AtomicInteger();
      answered.add(batches);
      Company company = companies.get(rank);
      calls.add(() -> score(course, company, batches));
    }
    AtomicInteger batches = new AtomicInteger();
    assertThat(Members.all(calls).get(0)).isEqualTo(score(alone, new Solo(), batches));
    int networks = alone.seats().size();
    int each = batches.get() / networks / companies.size();
    assertThat(each).isPositive();
    for (AtomicInteger own : answered) {
      assertThat(own.get()).isBetween(each * networks, (each + 1) * networks);
    }
    return true;
  }

  /**
   * The scores on the test split.
   *
   * @param batches counts those that the networks of {@code course} are asked for as a whole
   */
  private static Map<String, Map<String, Double>> score(
      Course<?> course, Company company, AtomicInteger batches) {
    Threads.use(1);
    return Scoring.scores(
        course,
        networks -> {
          List<Network> counted =
              networks.stream()
                  .<Network>map(
                      network ->
                          (inputs, memory) -> {
                            batches.addAndGet(inputs.size(0) > 1 ? 1 : 0);
                            return network.forward(inputs, memory);
                          })
                  .toList();
          return course
              .prepared()
              .task()
              .score(
                  company.size() == 1 ? counted : DividedNetwork.of(counted, company), Split.TEST);
        });
  }
}
