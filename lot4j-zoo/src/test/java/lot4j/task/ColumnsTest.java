package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import lot4j.data.Tokens;
import lot4j.train.DataException;
import lot4j.train.Pace;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class ColumnsTest {
  /** 0 to 22 in three columns of seven rows; 21 and 22 fill no row. */
  private final Columns columns =
      new Columns(Tokens.of(IntStream.range(0, 23).toArray()), 3, "text", "batch-size");

  static List<Long> numbers(Tensor tensor) {
    Tensor flat = tensor.contiguous();
    List<Long> numbers = new ArrayList<>();
    for (long i = 0; i < flat.numel(); i++) {
      numbers.add(flat.data_ptr_long().get(i));
    }
    return numbers;
  }

  @Test
  void everyColumnIsContiguousAndItsTargetIsTheNextToken() {
    try (PointerScope scope = new PointerScope()) {
      TextBatch piece = columns.piece(2, 2, true);

      assertThat(numbers(piece.inputs())).containsExactly(2L, 9L, 16L, 3L, 10L, 17L);
      assertThat(numbers(piece.targets().orElseThrow()))
          .containsExactly(3L, 10L, 17L, 4L, 11L, 18L);
      assertThat(piece.begins()).isFalse();
      assertThat(columns.piece(0, 2, true).begins()).isTrue();
    }
  }

  @Test
  void theLastPieceTakesWhatIsLeftAndTheLastRowIsOnlyATarget() {
    try (PointerScope scope = new PointerScope()) {
      TextBatch piece = columns.piece(4, 5, true);

      assertThat(numbers(piece.inputs())).containsExactly(4L, 11L, 18L, 5L, 12L, 19L);
      assertThat(numbers(piece.targets().orElseThrow()))
          .containsExactly(5L, 12L, 19L, 6L, 13L, 20L);
      assertThat(columns.targets()).isEqualTo(18);
    }
  }

  @Test
  void unlabelledPiecesHaveNoTargets() {
    try (PointerScope scope = new PointerScope()) {
      assertThat(columns.piece(0, 2, false).targets()).isEmpty();
    }
  }

  @Test
  void thePaceCountsWhatThePiecesHold() {
    Pace pace = columns.pace(4, 1);

    assertThat(pace.stepsPerEpoch()).isEqualTo(2);
    assertThat(pace.samples(0)).isEqualTo(12);
    assertThat(pace.samples(1)).isEqualTo(6);
    assertThat(pace.samples(0, 0.5)).isEqualTo(8); // two of three columns
    assertThat(columns.pace(100, 3).samples(0)).isEqualTo(18);
  }

  @Test
  void tooShortATextSaysHowManyTokensAreNeeded() {
    assertThatThrownBy(() -> new Columns(Tokens.of(1, 2, 3), 2, "my.txt", "batch-size"))
        .isInstanceOf(DataException.class)
        .hasMessage("my.txt: 3 tokens are too few for batch-size = 2, which needs 4 or more");
  }
}
