package lot4j.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import lot4j.checkpoint.Checkpoint;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.CheckpointStore;
import lot4j.train.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesSinkTest {
  @TempDir Path folder;

  private static MetricLine line(long step) {
    return new MetricLine(
        step, 0.5, Split.VALID, 1.25, 3e9, 640, new LinkedHashMap<>(Map.of("teacher/loss", 0.1)));
  }

  @Test
  void writesTheKeysInOrderAndNumbersUnrounded() throws Exception {
    Path file = folder.resolve("metrics.jsonl");
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("teacher/loss", 0.1 + 0.2);
    metrics.put("lr", Double.NaN);
    metrics.put("teacher/accuracy", Double.NEGATIVE_INFINITY);
    try (JsonLinesSink sink = JsonLinesSink.open(file)) {
      sink.write(new MetricLine(3, 1 / 3.0, Split.TRAIN, 0.25, 1e12, 384, metrics));
      assertThat(Files.readString(file))
          .isEqualTo(
              "{\"step\":3,\"epoch\":0.3333333333333333,\"split\":\"train\",\"wall_s\":0.25,"
                  + "\"flops\":1000000000000,\"samples\":384,"
                  + "\"teacher/loss\":0.30000000000000004,\"lr\":null,\"lr_reason\":\"NaN\","
                  + "\"teacher/accuracy\":null,\"teacher/accuracy_reason\":\"-Infinity\"}\n");
    }
  }

  @Test
  void goesOnWhereACheckpointWas() throws Exception {
    Path file = folder.resolve("metrics.jsonl");
    long offset;
    try (JsonLinesSink sink = JsonLinesSink.open(file)) {
      sink.write(line(1));
      sink.force();
      offset = sink.offset();
      sink.write(line(2));
    }
    Files.writeString(file, Files.readString(file) + "{\"step\":3,\"ep");
    try (JsonLinesSink sink = JsonLinesSink.open(file)) {
      sink.truncate(offset);
      sink.write(line(9));
    }
    assertThat(Files.readString(file).lines().map(l -> l.substring(0, 10)))
        .containsExactly("{\"step\":1,", "{\"step\":9,");
  }

  @Test
  void restoringACheckpointForgetsWhatCameLater() throws Exception {
    Path file = folder.resolve("metrics.jsonl");
    CheckpointStore store = new CheckpointStore(folder, 1, Map.of());
    Path saved;
    try (JsonLinesSink sink = JsonLinesSink.open(file)) {
      sink.write(line(1));
      saved = store.save(1, Map.of(), sink::save);
      sink.write(line(2));
    }
    try (JsonLinesSink sink = JsonLinesSink.open(file)) {
      sink.restore(Checkpoint.open(saved).state());
    }
    assertThat(Files.readString(file).lines().map(l -> l.substring(0, 10)))
        .containsExactly("{\"step\":1,");
  }

  @Test
  void refusesAFileShorterThanTheCheckpointSays() {
    Path file = folder.resolve("metrics.jsonl");
    try (JsonLinesSink sink = JsonLinesSink.open(file)) {
      assertThatThrownBy(() -> sink.truncate(5))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(file + ": is 0 bytes, the checkpoint says 5");
    }
  }
}
