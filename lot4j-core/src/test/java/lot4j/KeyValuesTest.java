package lot4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class KeyValuesTest {

  /** Three texts, one head, {@code rows} rows of one number: 10 · text + row. */
  private static Tensor entry(int rows) {
    double[] numbers = new double[3 * rows];
    for (int b = 0; b < 3; b++) {
      for (int t = 0; t < rows; t++) {
        numbers[b * rows + t] = 10 * b + t;
      }
    }
    return torch.tensor(numbers).view(3, 1, rows, 1);
  }

  private static double[] numbers(Tensor tensor) {
    double[] numbers = new double[(int) tensor.numel()];
    tensor.contiguous().data_ptr_double().get(numbers);
    return numbers;
  }

  @Test
  void someTextsGoOnWithoutTheRowsThatNoneOfThemHas() {
    try (PointerScope scope = new PointerScope();
        KeyValues kept = new KeyValues(new long[] {0, 3, 2})) {
      kept.write(List.of(entry(5), entry(5)), 5);
      kept.select(new long[] {1, 2});
      assertThat(kept.length()).isEqualTo(3);
      assertThat(kept.starts().orElseThrow()).containsExactly(1, 0);
      assertThat(kept.read()).hasSize(2);
      for (Tensor entry : kept.read()) {
        assertThat(LongStream.range(0, 4).map(entry::size)).containsExactly(2L, 1L, 3L, 1L);
        assertThat(numbers(entry)).containsExactly(12, 13, 14, 22, 23, 24);
      }
      kept.select(new long[] {1});
      assertThat(kept.starts()).isEmpty();
      assertThat(numbers(kept.read().get(0))).containsExactly(22, 23, 24);
    }
  }

  @Test
  void textsThatBeginTogetherHaveNoStarts() {
    try (PointerScope scope = new PointerScope();
        KeyValues kept = new KeyValues(new long[] {0, 0, 0})) {
      assertThat(kept.starts()).isEmpty();
      kept.write(List.of(entry(2)), 2);
      kept.select(new long[] {2, 0});
      assertThat(kept.length()).isEqualTo(2);
      assertThat(numbers(kept.read().get(0))).containsExactly(20, 21, 0, 1);
    }
  }

  @Test
  void goesOnWithOneTextOrMore() {
    try (KeyValues kept = new KeyValues(new long[] {0, 1})) {
      assertThatThrownBy(() -> kept.select(new long[0]))
          .hasMessage("columns = 0 is not allowed; one or more");
    }
  }
}
