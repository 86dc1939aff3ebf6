package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.DirectoryInUse;
import lot4j.checkpoint.DirectoryLock;
import lot4j.config.ConfigWriter;
import lot4j.config.RunConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run directory: what it says, who may work in it, and its scores. */
class RunSessionTest {
  private static final String AVERAGED = "ema=0.8";
  private static final String NORMED = "teacher={model: cnn, channels: [4], hidden: 8}";

  @TempDir Path temporary;

  private static Map<String, Map<String, Double>> score(Path directory, Split split) {
    return Runs.session().score(directory, split, Optional.empty(), Listener.none());
  }

  @Test
  void aSavedRunScoresWhatItsResultSays() {
    Path run = temporary.resolve("run");
    Runs.run(run, Runs.SMALL, AVERAGED, NORMED, "eval-every=2");
    JsonNode splits = Runs.json(run.resolve("result.json")).get("splits");
    for (Split split : List.of(Split.VALID, Split.TEST)) {
      score(run, split)
          .forEach(
              (learner, metrics) ->
                  metrics.forEach(
                      (name, value) ->
                          assertThat(splits.get(split.key()).get(learner).get(name).asDouble())
                              .as(split + " " + learner + " " + name)
                              .isEqualTo(value)));
    }
    assertThat(score(run, Split.TEST)).containsOnlyKeys("teacher", "student0", "ensemble");
  }

  @Test
  void aCheckpointScoresAsItsLineSays() {
    Path run = temporary.resolve("run");
    Runs.run(run, Runs.SMALL, AVERAGED, NORMED, "eval-every=6", "checkpoint.every=6");
    JsonNode line =
        Runs.metricLines(run).stream()
            .filter(l -> l.get("split").asText().equals("valid") && l.get("step").asLong() == 6)
            .findFirst()
            .orElseThrow();
    Path checkpoint = run.resolve("checkpoints/step-00000006.ckpt");
    assertThat(score(checkpoint, Split.VALID).get("teacher").get("loss"))
        .isEqualTo(line.get("teacher/loss").asDouble());
  }

  @Test
  void whatIsNoRunCannotBeScored() {
    for (Path path : List.of(temporary, Path.of("/"), Path.of("nowhere"))) {
      assertThatThrownBy(() -> score(path, Split.TEST))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("neither a run nor a run's checkpoint");
    }
  }

  @Test
  void aSplitThatIsNotThereIsADataError() {
    Path run = temporary.resolve("run");
    Runs.run(run, Runs.SMALL, "task.validation=none", "select=last");
    assertThatThrownBy(() -> score(run, Split.VALID))
        .isInstanceOf(DataException.class)
        .hasMessage("digits: split valid is not there; there are [train, test]");
  }

  @Test
  void theDirectorySaysWhatTheRunIs() {
    Path run = temporary.resolve("run");
    RunConfig config = Runs.config(Runs.SMALL, "seeds=[7]");
    Runs.create(run, config);
    JsonNode said = Runs.json(run.resolve("run.json"));
    assertThat(said.get("status").asText()).isEqualTo("running");
    assertThat(said.get("seed").asLong()).isEqualTo(7);
    assertThat(said.get("method").asText()).isEqualTo("lot");
    assertThat(said.at("/data/name").asText()).startsWith("digits");
    assertThat(said.at("/data/files/0/sha256").asText()).hasSize(64);
    assertThat(said.get("config_digest").asText())
        .isEqualTo(new ConfigWriter(Runs.CATALOG).digest(config));
    assertThat(Runs.session().config(run)).isEqualTo(config);

    Runs.proceed(run, () -> false);
    JsonNode after = Runs.json(run.resolve("run.json"));
    assertThat(after.get("status").asText()).isEqualTo("done");
    assertThat(after.get("ended").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
    assertThat(after.get("started")).isEqualTo(said.get("started"));
  }

  @Test
  void rerunningItsConfigurationGivesTheRunAgain() throws IOException {
    Path first = temporary.resolve("first");
    Runs.run(first, Runs.SMALL, AVERAGED);
    Path again = temporary.resolve("again");
    Runs.run(again, Files.readString(first.resolve("config.yaml")));
    assertThat(Runs.metrics(again)).isEqualTo(Runs.metrics(first));
    assertThat(Runs.lastFiles(again)).isEqualTo(Runs.lastFiles(first));
    assertThat(Files.readString(again.resolve("config.yaml")))
        .isEqualTo(Files.readString(first.resolve("config.yaml")));
  }

  @Test
  void changedDataIsRefused() throws IOException {
    Path run = Runs.create(temporary.resolve("run"), Runs.config(Runs.SMALL));
    ObjectNode said = (ObjectNode) Runs.json(run.resolve("run.json"));
    ((ObjectNode) said.at("/data/files/0")).put("sha256", "0".repeat(64));
    Files.writeString(run.resolve("run.json"), said.toString());
    assertThatThrownBy(() -> Runs.proceed(run, () -> false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the data has changed since this run began");
    assertThat(run.resolve("metrics.jsonl")).doesNotExist();
  }

  @Test
  void anotherVersionIsSaidAndTheRunGoesOn() throws IOException {
    Path run = Runs.create(temporary.resolve("run"), Runs.config(Runs.SMALL));
    ObjectNode said = (ObjectNode) Runs.json(run.resolve("run.json"));
    ((ObjectNode) said.get("versions")).put("libtorch", "0.0.1");
    Files.writeString(run.resolve("run.json"), said.toString());
    List<String> warnings = new ArrayList<>();
    Listener listener =
        new Listener() {
          @Override
          public void warning(String message) {
            warnings.add(message);
          }
        };
    assertThat(Runs.session().proceed(run, listener, () -> false).status())
        .isEqualTo(RunStatus.DONE);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("libtorch 0.0.1 then").contains("the bits may differ");
  }

  @Test
  void aDirectoryInUseIsRefused() {
    Path run = Runs.create(temporary.resolve("run"), Runs.config(Runs.SMALL));
    try (DirectoryLock lock = DirectoryLock.acquire(run)) {
      assertThatThrownBy(() -> Runs.proceed(run, () -> false)).isInstanceOf(DirectoryInUse.class);
    }
    assertThat(Runs.proceed(run, () -> false).status()).isEqualTo(RunStatus.DONE);
  }

  @Test
  void aRunThatFailedSaysSoAndCanGoOn() {
    Path run = Runs.create(temporary.resolve("run"), Runs.config(Runs.SMALL));
    assertThatThrownBy(
            () ->
                Runs.proceed(
                    run,
                    () -> {
                      throw new IllegalStateException("the power went");
                    }))
        .hasMessage("the power went");
    assertThat(RunSession.status(run)).isEqualTo("failed");
    Runs.proceed(run, () -> false);
    Path unbroken = temporary.resolve("unbroken");
    Runs.run(unbroken, Runs.SMALL);
    assertThat(Runs.lastFiles(run)).isEqualTo(Runs.lastFiles(unbroken));
  }
}
