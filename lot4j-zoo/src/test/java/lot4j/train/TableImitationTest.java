package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import lot4j.Distribution.DiagonalNormal;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.config.ConfigError;
import lot4j.random.Streams;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on tables that imitate a finished run's network: of numbers, and of few rows. */
class TableImitationTest {
  private static final String TEACHER =
      """
      name: houses
      task: {kind: tabular, data: "%s", target: price}
      method: teacher-only
      teacher: {model: mlp, hidden: [8]}
      optimizer: {kind: adam, lr: 0.01}
      budget: {updates: 12}
      batch-size: 16
      eval-every: 4
      checkpoint: {every: 4}
      select: last
      threads: 1
      """;

  @TempDir static Path shared;
  @TempDir Path temporary;

  @BeforeAll
  static void trainTeachers() throws IOException {
    Random random = new Random(5);
    StringBuilder houses = new StringBuilder("area,town,old,price\n");
    for (int i = 0; i < 120; i++) {
      double area = 40 + random.nextInt(100);
      String old = i % 9 == 0 ? "" : Integer.toString(random.nextInt(80));
      houses.append(
          "%.1f,%s,%s,%.1f\n".formatted(area, i % 3 == 0 ? "Ulm" : "Jena", old, 900 + 7 * area));
    }
    Files.writeString(shared.resolve("houses.csv"), houses);
    Runs.run(shared.resolve("all"), teacher(), "seeds=[1]");
    Runs.run(shared.resolve("few"), teacher(), "task.train-examples=12", "task.subset-seed=1");
    Runs.run(shared.resolve("squared"), teacher(), "task.loss=squared");
  }

  private static String teacher() {
    return TEACHER.formatted(shared.resolve("houses.csv"));
  }

  private static String imitating(String run) {
    return teacher() + "imitate: {run: " + shared.resolve(run) + "}\n";
  }

  @Test
  void theMeasureIsTheDivergenceOfNormals() {
    for (String run : new String[] {"all", "squared"}) {
      String loss = run.equals("all") ? "gaussian" : "squared";
      try (Prepared<?> prepared =
              Runs.session().prepare(Runs.config(imitating(run), "task.loss=" + loss));
          PointerScope scope = new PointerScope()) {
        theLossIsThatOfNormals(prepared, run.equals("squared"));
      }
    }
  }

  private static <B> void theLossIsThatOfNormals(Prepared<B> prepared, boolean squared) {
    Task<B> task = prepared.task();
    B batch = prepared.taskStream(null, 4, 1, new Streams(0)).next().get(0); // needs no learner
    DiagonalNormal frozen = (DiagonalNormal) ((Demonstration<?>) batch).answer().distribution();
    double[] mean = numbers(frozen.mean());
    double[] log = numbers(frozen.logStd());
    Tensor own = torch.zeros(4, 1);
    Output said = new Output(new DiagonalNormal(own, own), java.util.Map.of());
    double expected = 0;
    for (int i = 0; i < 4; i++) {
      // KL(N(0, 1) ‖ N(m, s²)) = ln s + (1 + m²) / (2 s²) − ½
      expected += (log[i] + (1 + mean[i] * mean[i]) / 2 * Math.exp(-2 * log[i]) - 0.5) / 4;
      if (squared) {
        assertThat(log[i]).isZero();
      }
    }
    assertThat(task.loss(said, batch).item_double()).isCloseTo(expected, within(1e-5));
  }

  private static double[] numbers(Tensor tensor) {
    double[] numbers = new double[(int) tensor.numel()];
    Tensor wide = tensor.to(torch.ScalarType.Double).contiguous();
    wide.data_ptr_double().get(numbers);
    return numbers;
  }

  @Test
  void aRunIsScoredByItsLikenessToTheFrozenNetwork() {
    Path run = temporary.resolve("run");
    Runs.run(run, imitating("all"), "seeds=[7]");
    for (JsonNode line : Runs.metricLines(run)) {
      assertThat(line.path("teacher/kl_free_reference").asDouble()).isPositive();
      assertThat(line.path("teacher/distance").asDouble()).isPositive();
      assertThat(line.path("reference_rmse").asDouble()).isPositive();
      assertThat(line.has("teacher/agreement")).isFalse();
    }
    JsonNode result = Runs.json(run.resolve("result.json"));
    assertThat(result.at("/primary/name").asText()).isEqualTo("kl_free_reference");
    // The network itself scores what its own run says.
    JsonNode own = Runs.json(shared.resolve("all/result.json"));
    assertThat(result.at("/splits/test/teacher/reference_rmse").asDouble())
        .isEqualTo(own.at("/splits/test/teacher/rmse").asDouble());
  }

  /** A teacher of few rows standardises by these; its students see all rows as it sees them. */
  @Test
  void studentsOfATeacherOfFewRowsSeeAllRowsAsItDoes() throws IOException {
    Path run = temporary.resolve("run");
    Runs.run(run, imitating("few"), "seeds=[7]");
    assertThat(Files.readString(run.resolve("table.json")))
        .isEqualTo(Files.readString(shared.resolve("few/table.json")))
        .isNotEqualTo(Files.readString(shared.resolve("all/table.json")));
    assertThat(Runs.json(run.resolve("run.json")).at("/data/counts/train").asInt())
        .isEqualTo(Runs.json(shared.resolve("all/run.json")).at("/data/counts/train").asInt());
    JsonNode own = Runs.json(shared.resolve("few/result.json"));
    assertThat(
            Runs.json(run.resolve("result.json"))
                .at("/splits/test/teacher/reference_rmse")
                .asDouble())
        .isEqualTo(own.at("/splits/test/teacher/rmse").asDouble());
  }

  @Test
  void interruptedItEndsInTheSameBits() {
    Path unbroken = temporary.resolve("unbroken");
    Runs.run(unbroken, imitating("few"));
    Path broken = temporary.resolve("broken");
    Runs.create(broken, Runs.config(imitating("few")));
    assertThat(Runs.proceed(broken, Runs.after(6)).status()).isEqualTo(RunStatus.INTERRUPTED);
    assertThat(Runs.proceed(broken, () -> false).status()).isEqualTo(RunStatus.DONE);
    assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(unbroken));
    assertThat(Runs.lastFiles(broken)).isEqualTo(Runs.lastFiles(unbroken));
  }

  @Test
  void aSavedStudentAnswersFromItsDirectoryAlone() {
    Path run = temporary.resolve("run");
    Runs.run(run, imitating("few"));
    double said =
        Runs.session()
            .withNetworks(
                run,
                Listener.none(),
                saved -> {
                  Network network = saved.networks().get("teacher");
                  Output output =
                      network.forward(torch.zeros(1, saved.input().size(0)), new Memory());
                  return ((DiagonalNormal) output.distribution()).mean().item_double();
                });
    assertThat(said).isFinite();
  }

  @Test
  void whatDoesNotFitIsRefused() {
    refused(
        "imitate.metric = js is not allowed; one of diagonal normals: ",
        imitating("all"),
        "imitate.metric=js");
    refused("has 1 outputs", imitating("squared"));
    refused(
        "table.json: not the same as of houses here",
        imitating("all"),
        "task.columns={area: category}");
    assertThatThrownBy(
            () ->
                Runs.config(
                    imitating("all"), "imitate.metric=gaussian-jeffreys", "imitate.temperature=2"))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("imitate.temperature = 2 is not allowed; 1 with gaussian-jeffreys");
  }

  private void refused(String message, String yaml, String... overrides) {
    assertThatThrownBy(() -> Runs.create(temporary.resolve("no"), Runs.config(yaml, overrides)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
    assertThat(temporary.resolve("no")).doesNotExist();
  }
}
