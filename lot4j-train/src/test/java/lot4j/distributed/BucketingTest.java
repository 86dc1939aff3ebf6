package lot4j.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketingTest {
  private static final long MEBI = 1 << 20;

  private static Bucketing said(String text) {
    return Bucketing.of(Map.of("LOT_BUCKET_MB", text));
  }

  @Test
  void theEnvironmentNamesASize() {
    assertThat(Bucketing.of(Map.of())).isEqualTo(Bucketing.usual());
    assertThat(said("")).isEqualTo(Bucketing.usual());
    assertThat(said(" auto ")).isEqualTo(Bucketing.usual());
    assertThat(said("0")).isEqualTo(Bucketing.never());
    assertThat(said("25")).isEqualTo(new Bucketing(0, 25 * MEBI));
    assertThat(said("0.5")).isEqualTo(new Bucketing(0, MEBI / 2));
    for (String text : new String[] {"auto", "0", "25.0", "0.5"}) {
      assertThat(said(text).text()).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "many", "NaN", "3000", "1e99"})
  void whatMakesNoSenseIsNamed(String text) {
    assertThatThrownBy(() -> said(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("LOT_BUCKET_MB = " + text + " is not allowed; auto, 0 for no");
  }

  @Test
  void aBucketIsClosedOnceItIsLargeEnoughTheFirstSooner() {
    // 600 KiB + 600 KiB are above the first one's 1 MiB; then 4 MiB: 3 + 2, 30 alone, the rest
    List<Long> bytes =
        List.of(600L << 10, 600L << 10, 3 * MEBI, 2 * MEBI, 30 * MEBI, MEBI, 2 * MEBI);
    assertThat(Bucketing.of(4).counts(bytes)).containsExactly(2, 2, 1, 2);
    assertThat(Bucketing.of(0.5).counts(bytes)).containsExactly(1, 1, 1, 1, 1, 1, 1);
    assertThat(Bucketing.of(1000).counts(bytes)).containsExactly(2, 5);
    assertThat(Bucketing.of(4).counts(List.of(5L))).containsExactly(1);
  }
}
