package lot4j.model.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class DropoutTest {
  private static final double SCALE = 1 / 0.7;

  @Test
  void setsTheShareToZeroAndScalesTheRest() {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(1);
      double[] dropped = Filled.numbers(Dropout.each(ones(50, 40, 20), 0.3));
      long zeros = Arrays.stream(dropped).filter(x -> x == 0).count();
      assertThat(Arrays.stream(dropped).filter(x -> x != 0).toArray())
          .containsOnly(new double[] {SCALE}, within(1e-4));
      // 40,000 draws: a standard deviation is 0.0023.
      assertThat(zeros / 40_000.0).isCloseTo(0.3, within(0.01));
    }
  }

  @Test
  void keepsTheExpectation() {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(2);
      assertThat(Dropout.each(ones(100, 40, 20), 0.3).mean().item_double())
          .isCloseTo(1, within(0.01));
      assertThat(Dropout.locked(ones(1, 100, 800), 0.3).mean().item_double())
          .isCloseTo(1, within(0.01));
    }
  }

  @Test
  void lockedMaskIsTheSameAtAllTimesAndDiffersBetweenTexts() {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(3);
      Tensor dropped = Dropout.locked(ones(7, 4, 30), 0.3);
      double[] first = Filled.numbers(dropped.select(0, 0));
      for (long time = 1; time < 7; time++) {
        assertThat(Filled.numbers(dropped.select(0, time))).isEqualTo(first);
      }
      assertThat(Filled.numbers(dropped.select(1, 0)))
          .isNotEqualTo(Filled.numbers(dropped.select(1, 1)));
      assertThat(first).contains(0.0);
    }
  }

  @Test
  void wordsAreDroppedWholeAndEverywhere() {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(4);
      Tensor words = Filled.tokens(0, 40, 5, 20);
      double[] dropped = Filled.numbers(Dropout.words(ones(40, 5, 3), words, 20, 0.3));
      long[] ids = new long[200];
      words.data_ptr_long().get(ids);
      double[] fate = new double[20];
      Arrays.fill(fate, -1);
      for (int i = 0; i < dropped.length; i++) {
        int word = (int) ids[i / 3];
        fate[word] = fate[word] < 0 ? dropped[i] : fate[word];
        assertThat(dropped[i]).as("word " + word).isEqualTo(fate[word]);
      }
      assertThat(fate).contains(0.0);
      assertThat(Arrays.stream(fate).filter(x -> x > 0).count()).isPositive();
    }
  }

  @Test
  void sameSeedDropsTheSameNumbers() {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(5);
      double[] once = Filled.numbers(Dropout.each(ones(3, 4, 50), 0.5));
      torch.manual_seed(5);
      assertThat(Filled.numbers(Dropout.each(ones(3, 4, 50), 0.5))).isEqualTo(once);
      assertThat(Filled.numbers(Dropout.each(ones(3, 4, 50), 0.5))).isNotEqualTo(once);
    }
  }

  @Test
  void zeroProbabilityDrawsNothing() {
    try (PointerScope scope = new PointerScope()) {
      Tensor x = ones(3, 4, 5);
      assertThat(Dropout.each(x, 0)).isSameAs(x);
      assertThat(Dropout.locked(x, 0)).isSameAs(x);
      assertThat(Dropout.words(x, Filled.tokens(0, 3, 4, 5), 5, 0)).isSameAs(x);
    }
  }

  @Test
  void shareIsExactInBfloat16() {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(6);
      // Uniform numbers of 8 bits would never lie between 0.998 and 1 - 1/256 · ½.
      double[] dropped =
          Filled.numbers(Dropout.each(ones(100, 100, 100).to(ScalarType.BFloat16), 0.998));
      long kept = Arrays.stream(dropped).filter(x -> x != 0).count();
      // 2,000 expected, a standard deviation is 45.
      assertThat(kept).isBetween(1_700L, 2_300L);
    }
  }

  private static Tensor ones(long... sizes) {
    return torch.ones(sizes);
  }
}
