package lot4j.atari;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class EmulatorTest {
  @Test
  void runsBesideTheEngine() {
    try (PointerScope scope = new PointerScope();
        Emulator console = Emulator.of(Rom.read(Shared.data("atari/tetris.bin")), false)) {
      for (int i = 0; i < 100; i++) {
        console.act(i % 5);
        Tensor doubled = torch.ones(3, 3).matmul(torch.ones(3, 3));
        assertThat(doubled.sum().item_double()).isEqualTo(27);
      }
      byte[] grey = new byte[console.height() * console.width()];
      console.screen(grey);
      assertThat(grey).contains((byte) 0).isNotEqualTo(new byte[grey.length]);
      assertThat(console.actions()).containsExactly(0, 1, 3, 4, 5);
      assertThat(console.height()).isEqualTo(210);
      assertThat(console.width()).isEqualTo(160);
    }
  }
}
