package lot4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateTest {
  @TempDir Path run;

  private StateReader roundTrip(Consumer<StateWriter> state) {
    Path saved = new CheckpointStore(run, 1, Map.of()).save(1, Map.of(), state);
    return Checkpoint.open(saved).state();
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        Long.MIN_VALUE,
        0x7fefffffffffffffL,
        0x7ff0000000000000L,
        0xfff0000000000000L,
        0x7ff8000000000000L,
        0x7ff8000000000001L,
        0xfff8000000000000L,
        0x3fb999999999999aL,
        0x3fd3333333333334L,
        0x000fffffffffffffL
      })
  void keepsEveryBitOfAReal(long bits) {
    StateReader in = roundTrip(out -> out.real("x", Double.longBitsToDouble(bits)));
    assertThat(Double.doubleToRawLongBits(in.real("x"))).isEqualTo(bits);
  }

  @Test
  void keepsNumbersTextsAndBytes() {
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    StateReader in =
        roundTrip(
            out -> {
              out.number("most", Long.MAX_VALUE);
              out.number("least", Long.MIN_VALUE);
              out.text("text", "ü\u0000\n\ud83d\ude00\"");
              out.bytes("bytes", bytes);
            });
    assertThat(in.number("most")).isEqualTo(Long.MAX_VALUE);
    assertThat(in.number("least")).isEqualTo(Long.MIN_VALUE);
    assertThat(in.text("text")).isEqualTo("ü\u0000\n\ud83d\ude00\"");
    assertThat(in.bytes("bytes")).isEqualTo(bytes);
  }

  @Test
  void sectionsHaveNamesOfTheirOwn() {
    StateReader in =
        roundTrip(
            out -> {
              out.section("a").number("n", 1);
              out.section("b").section("c").number("n", 2);
            });
    assertThat(in.section("a").number("n")).isEqualTo(1);
    assertThat(in.section("b").section("c").number("n")).isEqualTo(2);
    assertThat(in.section("a").has("n")).isTrue();
    assertThat(in.has("n")).isFalse();
  }

  @Test
  void keepsATensorWhoseOwnScopeIsClosed() {
    try (PointerScope scope = new PointerScope()) {
      StateReader in =
          roundTrip(
              out -> {
                try (PointerScope inner = new PointerScope()) {
                  Tensor momentum = torch.ones(3).mul(torch.ones(3)).add(torch.ones(3));
                  out.section("optimizer").tensor("momentum", momentum);
                }
              });
      StateReader section = in.section("optimizer");
      assertThat(section.has("momentum")).isTrue();
      assertThat(section.tensor("momentum").sum().item_float()).isEqualTo(6);
      Tensor target = torch.zeros(3);
      section.into("momentum", target);
      assertThat(target.sum().item_float()).isEqualTo(6);
    }
  }

  @Test
  void refusesAnEntryWrittenTwice() {
    assertThatThrownBy(
            () ->
                roundTrip(
                    out -> {
                      out.section("a").number("n", 1);
                      out.section("a").text("n", "x");
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("state entry a/n is written twice");
  }

  @Test
  void namesTheEntryThatIsMissingOrOfAnotherKind() {
    StateReader in = roundTrip(out -> out.section("a").number("n", 1)).section("a");
    Path file = run.resolve("checkpoints/step-00000001.ckpt/state.json");
    assertThatThrownBy(() -> in.number("m"))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file + ": no entry 'a/m'");
    assertThatThrownBy(() -> in.text("n"))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file + ": 'a/n' is not a text");
    assertThatThrownBy(() -> in.tensor("n"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("state.safetensors: no tensor 'a/n'");
  }
}
