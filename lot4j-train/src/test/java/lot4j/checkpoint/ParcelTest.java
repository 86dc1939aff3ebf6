package lot4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** State that travels as bytes. */
class ParcelTest {
  private static final double NAN = Double.longBitsToDouble(0x7ff8000000000123L);

  private static byte[] packed() {
    return Parcel.of(
        out -> {
          out.number("n", Long.MIN_VALUE);
          out.real("r", NAN);
          out.text("t", "Größe\n");
          out.bytes("b", new byte[] {0, -1});
          out.section("s").tensor("x", torch.arange(new org.bytedeco.pytorch.Scalar(6)).view(2, 3));
          out.section("s").tensor("empty", torch.zeros(0, 4));
        });
  }

  @Test
  void everythingComesBack() {
    try (PointerScope scope = new PointerScope()) {
      Parcel.open(
          packed(),
          in -> {
            assertThat(in.number("n")).isEqualTo(Long.MIN_VALUE);
            assertThat(Double.doubleToRawLongBits(in.real("r"))).isEqualTo(0x7ff8000000000123L);
            assertThat(in.text("t")).isEqualTo("Größe\n");
            assertThat(in.bytes("b")).containsExactly(0, -1);
            assertThat(in.has("s/x")).isTrue();
            assertThat(in.has("y")).isFalse();
            Tensor x = in.section("s").tensor("x");
            assertThat(x.sizes().vec().get()).containsExactly(2, 3);
            assertThat(x.sum().item_long()).isEqualTo(15);
            assertThat(in.section("s").tensor("empty").numel()).isZero();
            Tensor target = torch.zeros(2, 3).to(ScalarType.Long);
            in.section("s").into("x", target);
            assertThat(target.equal(x)).isTrue();
          });
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    try (PointerScope scope = new PointerScope()) {
      assertThatThrownBy(() -> Parcel.open(packed(), in -> in.number("missing")))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("missing");
      assertThatThrownBy(
              () -> Parcel.open(packed(), in -> in.section("s").into("x", torch.zeros(3, 2))))
          .isInstanceOf(CheckpointException.class);
      byte[] cut = Arrays.copyOf(packed(), 20);
      assertThatThrownBy(() -> Parcel.open(cut, in -> in.number("n")))
          .isInstanceOf(CheckpointException.class);
      assertThatThrownBy(
              () ->
                  Parcel.of(
                      out -> {
                        out.number("n", 1);
                        out.number("n", 2);
                      }))
          .hasMessageContaining("written twice");
    }
  }
}
