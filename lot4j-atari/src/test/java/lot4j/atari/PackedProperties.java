package lot4j.atari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lot4j.checkpoint.CheckpointException;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PackedProperties {
  @Property
  void opensToWhatItWas(@ForAll byte[] bytes) {
    assertThat(Packed.open("tape", Packed.of(bytes))).isEqualTo(bytes);
  }

  @Example
  void makesRepetitionsSmall() {
    assertThat(Packed.of(new byte[100_000])).hasSizeLessThan(1_000);
  }

  @Example
  void refusesWhatItDidNotMake() {
    assertThatThrownBy(() -> Packed.open("tape", new byte[] {1, 2, 3, 4}))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("tape: is damaged");
  }
}
