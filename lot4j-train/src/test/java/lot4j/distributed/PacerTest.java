package lot4j.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a rank says of itself. */
class PacerTest {
  private final Pacer pacer = new Pacer();

  @Test
  void meetingsAndTheTimesBetweenThemAreCounted() {
    assertThat(pacer.headway()).isEqualTo(new Headway(0, false, false, false, 0, "the start"));
    pacer.come(100);
    pacer.leave(200, false);
    assertThat(pacer.headway()).isEqualTo(new Headway(1, false, false, false, 0, "the start"));
    pacer.come(5000); // data is read before the first sum: no step
    assertThat(pacer.headway()).isEqualTo(new Headway(2, true, false, false, 0, "the start"));
    pacer.leave(5100, true);
    pacer.at("step 2");
    pacer.come(5130);
    pacer.leave(9000, false); // however long the others took
    pacer.come(9020);
    assertThat(pacer.headway()).isEqualTo(new Headway(4, true, false, true, 30, "step 2"));
    assertThat(pacer.summingNanos()).isEqualTo(100); // the only sum's
  }

  @Test
  void whatIsDoneForAllIsNoStep() {
    pacer.come(0);
    pacer.leave(10, true);
    pacer.excuse();
    pacer.excuse();
    pacer.back(500);
    assertThat(pacer.headway().excused()).isTrue();
    pacer.back(1000);
    assertThat(pacer.headway().excused()).isFalse();
    pacer.come(1007);
    assertThat(pacer.headway().longestNanos()).isEqualTo(7);
  }

  @Test
  void itTravelsAsBytes() {
    Headway headway = new Headway(1L << 40, true, false, true, 77, "the checkpoint of step 3, ä");
    assertThat(Headway.decoded(headway.encoded())).isEqualTo(headway);
    Headway wordy = new Headway(1, false, true, false, 0, "x".repeat(100_000));
    assertThat(Headway.decoded(wordy.encoded()).place()).isEqualTo("x".repeat(200));
  }
}
