package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import lot4j.checkpoint.CheckpointException;
import lot4j.data.Tokens;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;

class TextStreamTest {
  private static TextStream stream(int tokens, int accumulate) {
    Columns columns =
        new Columns(Tokens.of(IntStream.range(0, tokens).toArray()), 2, "text", "batch-size");
    return new TextStream(columns, 3, accumulate, true);
  }

  private static List<Long> first(TextStream stream) {
    try (PointerScope scope = new PointerScope()) {
      return ColumnsTest.numbers(stream.next().get(0).inputs());
    }
  }

  @Test
  void anEpochEndsWithAShortPieceAndTheNextBeginsAnew() {
    TextStream stream = stream(12, 1); // two columns of six: five steps, 3 and 2

    assertThat(first(stream)).containsExactly(0L, 6L, 1L, 7L, 2L, 8L);
    assertThat(first(stream)).containsExactly(3L, 9L, 4L, 10L);
    try (PointerScope scope = new PointerScope()) {
      TextBatch again = stream.next().get(0);
      assertThat(again.begins()).isTrue();
      assertThat(ColumnsTest.numbers(again.inputs())).containsExactly(0L, 6L, 1L, 7L, 2L, 8L);
    }
  }

  @Test
  void accumulatedPiecesFollowEachOtherInTheSameColumns() {
    try (PointerScope scope = new PointerScope()) {
      List<TextBatch> pieces = stream(16, 2).next(); // seven steps: 3 and 3, then 1

      assertThat(pieces).hasSize(2);
      assertThat(ColumnsTest.numbers(pieces.get(1).inputs()))
          .containsExactly(3L, 11L, 4L, 12L, 5L, 13L);
      assertThat(pieces.get(1).begins()).isFalse();
    }
  }

  @Test
  void aRestoredStreamGoesOnWhereItWas() {
    TextStream stream = stream(20, 1);
    first(stream);
    StoredState state = new StoredState();
    stream.save(state);
    List<Long> next = first(stream);

    TextStream other = stream(20, 1);
    other.restore(state);

    assertThat(first(other)).isEqualTo(next);
  }

  @Test
  void anotherTextIsRefused() {
    StoredState state = new StoredState();
    stream(20, 1).save(state);

    assertThatThrownBy(() -> stream(24, 1).restore(state))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("not the one that was trained on");
  }
}
