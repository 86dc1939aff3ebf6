package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lot4j.Shape;
import lot4j.checkpoint.CheckpointException;
import lot4j.task.ImagePrediction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that are built from a run directory alone. */
class SavedRunTest {
  @TempDir Path temporary;

  private static RunSession elsewhere() {
    return new RunSession(Runs.CATALOG, Path.of("no-such-directory"));
  }

  private static Map<String, Map<String, Double>> scores(Path directory) {
    return elsewhere()
        .withNetworks(
            directory,
            Listener.none(),
            saved -> {
              Map<String, Map<String, Double>> scores = new LinkedHashMap<>();
              try (Prepared<?> prepared = Runs.session().prepare(saved.config())) {
                List<String> names = List.copyOf(saved.networks().keySet());
                List<Map<String, Double>> all =
                    prepared.task().score(List.copyOf(saved.networks().values()), Split.TEST);
                for (int i = 0; i < names.size(); i++) {
                  scores.put(names.get(i), all.get(i));
                }
              }
              return scores;
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ema=0.8",
        "method=swa",
        "method=mean-teacher",
        "optimizer={kind: asgd, lr: 0.1, t0: 2}",
        "student-optimizer={kind: asgd, lr: 0.1, t0: 2}",
        "teacher={model: cnn, channels: [4], hidden: 8}",
        "precision=bfloat16"
      })
  void haveTheWeightsTheyAreJudgedBy(String setting) {
    Path run = temporary.resolve("run");
    Runs.run(run, Runs.SMALL, setting);
    Map<String, Map<String, Double>> expected =
        Runs.session().score(run, Split.TEST, Optional.empty(), Listener.none());
    expected.remove("ensemble");
    assertThat(scores(run)).isEqualTo(expected);
  }

  @Test
  void aCheckpointIsTakenAsItIs() throws IOException {
    Path run = temporary.resolve("run");
    Runs.run(run, Runs.SMALL);
    try (Stream<Path> all = Files.list(run.resolve("checkpoints"))) {
      Path last = all.filter(Files::isDirectory).sorted().reduce((a, b) -> b).orElseThrow();
      long step = elsewhere().withNetworks(last, Listener.none(), SavedRun::step);
      assertThat(last.getFileName().toString()).isEqualTo("step-%08d.ckpt".formatted(step));
    }
  }

  @Test
  void knowTheirInputsAndClasses() {
    Path run = temporary.resolve("run");
    Runs.run(run, Runs.SMALL);
    elsewhere()
        .withNetworks(
            run,
            Listener.none(),
            saved -> {
              assertThat(saved.directory()).isEqualTo(run);
              assertThat(saved.networks().keySet()).containsExactly("teacher", "student0");
              assertThat(saved.outputs()).isEqualTo(10);
              ImagePrediction images = ImagePrediction.read(run.resolve(ImagePrediction.FILE));
              assertThat(new Shape(images.shape())).isEqualTo(saved.input());
              assertThat(images.classes()).hasSize(10);
              return 0;
            });
  }

  @Test
  void whatIsMissingIsSaid() throws IOException {
    assertThatThrownBy(() -> scores(temporary))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("neither a run nor a run's checkpoint");
    Path run = temporary.resolve("run");
    Runs.create(run, Runs.config(Runs.SMALL));
    assertThatThrownBy(() -> scores(run)).hasMessageContaining("no checkpoint yet");
    Runs.proceed(run, () -> false);
    ObjectNode document = (ObjectNode) Runs.json(run.resolve("run.json"));
    ((ObjectNode) document.get("data")).remove("input");
    Files.writeString(run.resolve("run.json"), document.toString());
    assertThatThrownBy(() -> scores(run))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("run.json: data.input is not there");
  }
}
