package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import lot4j.checkpoint.CheckpointException;
import lot4j.random.Streams;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochStreamTest {
  @TempDir Path directory;
  private PreparedTable table;

  @BeforeEach
  void write() throws IOException {
    List<String> lines = new ArrayList<>(List.of("x,y"));
    for (int i = 0; i < 40; i++) {
      lines.add(i * 3 + "," + (i % 2 == 0 ? "a" : "b"));
    }
    table =
        Tables.prepared(
            Tables.write(directory, "t.csv", lines), "y", "test: 0.1, validation: none");
  }

  private EpochStream<TableBatch> stream(int batch, int accumulate) {
    return (EpochStream<TableBatch>) table.taskStream(null, batch, accumulate, new Streams(4));
  }

  private static List<List<Float>> next(EpochStream<TableBatch> stream, int steps) {
    List<List<Float>> all = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      try (PointerScope scope = new PointerScope()) {
        List<Float> step = new ArrayList<>();
        for (TableBatch batch : stream.next()) {
          for (double number : TablePrediction.numbers(batch.inputs())) {
            step.add((float) number);
          }
        }
        all.add(step);
      }
    }
    return all;
  }

  @Test
  void resumedMidEpochEqualsUninterrupted() {
    for (int steps : new int[] {0, 1, 3, 4, 9}) {
      EpochStream<TableBatch> whole = stream(10, 1);
      next(whole, steps);
      StoredState state = new StoredState();
      whole.save(state);
      EpochStream<TableBatch> resumed = stream(10, 1);
      next(resumed, 2);
      resumed.restore(state);
      assertThat(next(resumed, 7)).isEqualTo(next(whole, 7));
    }
  }

  @Test
  void anEpochTakesEveryRowOnce() {
    EpochStream<TableBatch> stream = stream(5, 2);
    List<List<Float>> epoch = next(stream, 4);
    assertThat(epoch).extracting(List::size).containsExactly(10, 10, 10, 6);
    TreeSet<Float> rows = new TreeSet<>();
    epoch.forEach(rows::addAll);
    assertThat(rows).hasSize(36);
    assertThat(next(stream, 4)).isNotEqualTo(epoch);
  }

  @Test
  void theStateOfOtherDataIsRefused() {
    StoredState state = new StoredState();
    stream(10, 1).save(state);
    state.number("samples", 35);
    assertThatThrownBy(() -> stream(10, 1).restore(state))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("35");
  }
}
