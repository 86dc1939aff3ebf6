package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
            "startup");
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
