package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BenchCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** A small network, one round, and as little time as possible. */
  private static final List<String> TINY =
      List.of(
          "--rounds=1",
          "--seconds=0.001",
          "--threads=1",
          "--batch=8",
          "--set=teacher={model: mlp, hidden: [4]}",
          "--set=students=[{model: mlp, hidden: [4]}]",
          "--json");

  /** The same for texts. */
  private static final List<String> TINY_LSTM =
      List.of(
          "--rounds=1",
          "--seconds=0.001",
          "--threads=1",
          "--batch=2",
          "--set=teacher={model: lstm, embedding: 2, hidden: 2}",
          "--set=students=[{model: lstm, embedding: 2, hidden: 2}]",
          "--json");

  /** The same for policies: 8 environments, rollouts of 2. */
  private static final List<String> TINY_PPO =
      List.of(
          "--rounds=1",
          "--seconds=0.001",
          "--threads=1",
          "--batch=8",
          "--set=task.rollout=2",
          "--set=replay.states=16",
          "--set=teacher.hidden=[2]",
          "--set=students=[{model: actor-critic, hidden: [2]}]",
          "--json");

  @Test
  void listsTheBenchmarks() {
    assertThat(lot("bench", "--list")).isZero();

    assertThat(text(out))
        .contains(
            "image-step",
            "bare-loop",
            "lot-step",
            "paper-trainer",
            "memory",
            "lstm-step",
            "transformerxl-step",
            "lstm-lot-step",
            "transformerxl-lot-step",
            "language-memory",
            "lstm-parts",
            "transformerxl-parts",
            "vocabulary",
            "env-steps",
            "ppo",
            "actor-critic-lot-step",
            "grid-cnn-lot-step",
            "roofline",
            "startup",
            "sweep-trials");
  }

  @Test
  void refusesAnUnknownBenchmarkAndNamesTheNearest() {
    assertThat(lot("bench", "lot-stepp")).isEqualTo(2);

    assertThat(text(err)).contains("lot-stepp: no such benchmark; did you mean 'lot-step'?");
  }

  @Test
  void refusesNoRounds() {
    assertThat(lot("bench", "image-step", "--rounds=0")).isNotZero();

    assertThat(text(err)).contains("--rounds = 0 is not allowed");
  }

  @Test
  void idealCostsOfTheMethodsAreThoseOfThePaper() throws IOException {
    JsonNode series = run("lot-step").at("/benchmarks/0/series");

    List<String> beside = new ArrayList<>();
    series.forEach(each -> beside.add(each.path("beside").asText().replaceFirst(",.*", "")));
    // (6 + 1 + 4N) / 3 for a fresh batch, the student's answer alone on the task batch: (3 + 1 +
    // 4N)
    // / 3; released (6 + 4(N - 1)) / 3. Teacher and student are alike.
    assertThat(beside.subList(0, 7))
        .containsExactly(
            "",
            "ideal 3.667",
            "ideal 5.000",
            "ideal 2.667",
            "ideal 3.667",
            "ideal 2.000",
            "ideal 3.333");
    // With N = 5, where the user names the students.
    assertThat(beside.subList(7, 9)).containsExactly("ideal 9.000", "ideal 7.333");
  }

  @Test
  void trainerAndBareLoopAreMeasuredWithTheMachineBeside() throws IOException {
    JsonNode found = run("bare-loop");

    assertThat(found.at("/machine/cores").asInt()).isPositive();
    assertThat(found.at("/benchmarks/0/benchmark").asText()).isEqualTo("bare-loop");
    found
        .at("/benchmarks/0/series")
        .forEach(each -> assertThat(each.path("median").asDouble()).isPositive());
  }

  @Test
  void idealCostsOfLanguageModelsAreTheSame() throws IOException {
    JsonNode series = run("lstm-lot-step", TINY_LSTM).at("/benchmarks/0/series");

    List<String> beside = new ArrayList<>();
    series.forEach(each -> beside.add(each.path("beside").asText().replaceFirst(",.*", "")));
    assertThat(beside)
        .containsExactly(
            "",
            "ideal 3.667",
            "ideal 5.000",
            "ideal 9.000",
            "ideal 2.000",
            "ideal 3.333",
            "ideal 7.333");
  }

  @Test
  void partsOfAStepStandBesideTheWhole() throws IOException {
    JsonNode series = run("lstm-parts", TINY_LSTM).at("/benchmarks/0/series");

    List<String> names = new ArrayList<>();
    series.forEach(
        each -> {
          names.add(each.path("name").asText().replaceFirst("1 thread: ", ""));
          assertThat(each.path("median").asDouble()).isPositive();
        });
    assertThat(names)
        .startsWith("whole step")
        .contains("recurrent layers, backward", "decoder, forward", "sum of the parts");
  }

  @Test
  void partsOfPpoSumUpToTheWhole() throws IOException {
    JsonNode series = run("ppo", TINY_PPO).at("/benchmarks/0/series");

    Map<String, Double> medians = new LinkedHashMap<>();
    series.forEach(
        each ->
            medians.put(
                each.path("name").asText().replaceFirst("1 thread: ", ""),
                each.path("median").asDouble()));
    assertThat(medians)
        .containsOnlyKeys(
            "PPO",
            "whole",
            "learner",
            "acting, the network's answers",
            "bookkeeping",
            "environment",
            "bare loop, updates alone",
            "learner / bare loop");
    double sum =
        medians.get("learner")
            + medians.get("acting, the network's answers")
            + medians.get("bookkeeping")
            + medians.get("environment");
    assertThat(sum).isCloseTo(medians.get("whole"), offset(1e-9));
    assertThat(medians.get("PPO")).isCloseTo(1000 * 2 * 8 / medians.get("whole"), offset(1e-6));
  }

  @Test
  void idealCostsOfPoliciesCountActingOnce() throws IOException {
    JsonNode series = run("actor-critic-lot-step", TINY_PPO).at("/benchmarks/0/series");

    List<String> beside = new ArrayList<>();
    series.forEach(each -> beside.add(each.path("beside").asText().replaceFirst(",.*", "")));
    // A rollout of 16 steps: 24 answers to act and to value its end, 4 passes of 16 steps, 8
    // students' batches of 8 for
    // each N and one for the regularizer; released: the task's batches, then 5 passes of the
    // memory.
    // Teacher and student are alike, backward is two forwards.
    double alone = 24 + 3 * 64;
    assertThat(beside)
        .containsExactly(
            "",
            ideal((alone + 64 * (3 + 1) + 64 * (1 + 3)) / alone),
            ideal((alone + 64 * (3 + 1) + 5 * 64 * (1 + 3)) / alone),
            ideal((alone + 64 * 3 + 5 * 16 * (1 + 3)) / alone));
  }

  private static String ideal(double ratio) {
    return String.format(Locale.ROOT, "ideal %.3f", ratio);
  }

  private JsonNode run(String benchmark) throws IOException {
    return run(benchmark, TINY);
  }

  private JsonNode run(String benchmark, List<String> more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("bench", benchmark));
    arguments.addAll(more);
    int exit = lot(arguments.toArray(String[]::new));
    assertThat(exit).as(text(err)).isZero();
    return new ObjectMapper().readTree(text(out));
  }

  private int lot(String... arguments) {
    PrintStream standardOut = System.out;
    PrintStream standardErr = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      return Main.run(Arrays.copyOf(arguments, arguments.length));
    } finally {
      System.setOut(standardOut);
      System.setErr(standardErr);
    }
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
