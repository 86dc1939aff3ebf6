package lot4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lot4j.config.AlphaSchedule.Constant;
import lot4j.config.AlphaSchedule.Cosine;
import lot4j.config.AlphaSchedule.Linear;
import lot4j.config.AlphaSchedule.Warmup;
import org.junit.jupiter.api.Test;

class AlphaScheduleTest {
  @Test
  void linearGoesStraightAndStays() {
    Linear alpha = new Linear(1, 0, 4);

    assertThat(alpha.at(0)).isEqualTo(1);
    assertThat(alpha.at(1)).isEqualTo(0.75);
    assertThat(alpha.at(4)).isZero();
    assertThat(alpha.at(1000)).isZero();
  }

  @Test
  void cosineIsHalfwayInTheMiddle() {
    Cosine alpha = new Cosine(0, 2, 4);

    assertThat(alpha.at(0)).isZero();
    assertThat(alpha.at(1)).isCloseTo(1 - Math.sqrt(0.5), within(1e-12));
    assertThat(alpha.at(2)).isCloseTo(1, within(1e-12));
    assertThat(alpha.at(4)).isEqualTo(2);
  }

  @Test
  void warmupBeginsAtNothing() {
    Warmup alpha = new Warmup(0.5, 10);

    assertThat(alpha.at(0)).isZero();
    assertThat(alpha.at(5)).isEqualTo(0.25);
    assertThat(alpha.at(10)).isEqualTo(0.5);
  }

  @Test
  void isZeroOnlyIfItNeverRises() {
    assertThat(new Constant(0).isZero()).isTrue();
    assertThat(new Linear(0, 0, 5).isZero()).isTrue();
    assertThat(new Linear(1, 0, 5).isZero()).isFalse();
    assertThat(new Cosine(0, 1, 5).isZero()).isFalse();
    assertThat(new Warmup(1, 5).isZero()).isFalse();
  }

  @Test
  void refusesNegativeValues() {
    assertThatThrownBy(() -> new Linear(0, -1, 5))
        .hasMessage("to = -1 is not allowed; 0 or more (0 trains the teacher alone)");
  }
}
