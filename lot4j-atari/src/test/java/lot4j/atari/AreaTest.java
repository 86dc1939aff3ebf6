package lot4j.atari;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** Golden values by OpenCV 5.0.0: {@code cv2.resize(p, (size, size), interpolation=INTER_AREA)}. */
class AreaTest {
  /** (7x² + 13y + 5xy + 90·((x/3 + y/5) mod 2)) mod 256. */
  private static byte[] picture(int height, int width) {
    byte[] picture = new byte[height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        picture[y * width + x] =
            (byte) (7 * x * x + 13 * y + 5 * x * y + 90 * ((x / 3 + y / 5) % 2));
      }
    }
    return picture;
  }

  private static byte[] shrunk(int height, int width, int size) {
    byte[] small = new byte[size * size];
    new Area(height, width, size).shrink(picture(height, width), small);
    return small;
  }

  private static long crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  @Test
  void isOpenCvsOnASmallPicture() {
    assertThat(shrunk(7, 5, 3))
        .containsExactly(14, 65, (byte) 183, 48, 103, 93, (byte) 159, (byte) 144, 101);
  }

  @Test
  void isOpenCvsOnTheConsolesScreen() {
    assertThat(crc(shrunk(210, 160, 84))).isEqualTo(3687773036L);
    assertThat(crc(shrunk(210, 160, 64))).isEqualTo(2880615289L);
    assertThat(crc(shrunk(210, 160, 100))).isEqualTo(2999219074L);
    assertThat(crc(shrunk(210, 160, 160))).isEqualTo(2921472396L);
  }

  @Test
  void keepsAnEvenPicture() {
    for (int value : new int[] {0, 1, 77, 254, 255}) {
      byte[] even = new byte[210 * 160];
      Arrays.fill(even, (byte) value);
      byte[] small = new byte[84 * 84];
      new Area(210, 160, 84).shrink(even, small);
      assertThat(small).containsOnly(value);
    }
  }
}
