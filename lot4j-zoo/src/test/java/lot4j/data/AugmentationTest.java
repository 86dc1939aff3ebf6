package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import lot4j.Shape;
import lot4j.data.Augmentation.View;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  /** 4x4, pixel (y, x) is 10 y + x + 1; white 1 and mean 100, std 2 make (v - 100) / 2 of it. */
  private static final LabelledImages HAND =
      new LabelledImages(
          Shape.of(1, 4, 4),
          1,
          List.of(),
          new byte[] {1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24, 31, 32, 33, 34},
          new int[0]);

  private static final float BLACK = -50f;

  private static float[] render(View view) {
    float[] out = new float[16];
    new Renderer(HAND, new Normalization(List.of(100.0), List.of(2.0))).render(0, view, out, 0);
    return out;
  }

  private static float[] normal(int... values) {
    float[] out = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i] = (values[i] - 100) / 2f;
    }
    return out;
  }

  @Test
  void plainIsNormalisedOnly() {
    assertThat(render(View.PLAIN))
        .isEqualTo(normal(1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24, 31, 32, 33, 34));
  }

  @Test
  void paddingIsBlackBeforeNormalising() {
    // Window one down and two to the right.
    assertThat(render(new View(1, 2, false, 0, 0, 0, 0)))
        .isEqualTo(normal(13, 14, 0, 0, 23, 24, 0, 0, 33, 34, 0, 0, 0, 0, 0, 0))
        .contains(BLACK);
  }

  @Test
  void flipMirrorsTheCrop() {
    assertThat(render(new View(-1, 2, true, 0, 0, 0, 0)))
        .isEqualTo(normal(0, 0, 0, 0, 0, 0, 4, 3, 0, 0, 14, 13, 0, 0, 24, 23));
  }

  @Test
  void cutoutIsZeroAfterNormalising() {
    float[] cut = render(new View(0, 0, false, 1, 1, 3, 4));
    float[] expected = normal(1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24, 31, 32, 33, 34);
    for (int i : new int[] {5, 6, 7, 9, 10, 11}) {
      expected[i] = 0f;
    }
    assertThat(cut).isEqualTo(expected);
  }

  @Test
  void everyShiftAndBothFlipsComeEquallyOften() {
    RandomStream stream = new Streams(3).named("augment.task");
    int[] down = new int[9];
    int flips = 0;
    for (int i = 0; i < 9000; i++) {
      View view = new Augmentation.CropFlip(4).draw(Shape.of(3, 32, 32), stream);
      down[view.down() + 4]++;
      flips += view.flip() ? 1 : 0;
    }
    // Five standard deviations of a binomial count.
    assertThat(Arrays.stream(down)).allMatch(n -> Math.abs(n - 1000) < 150);
    assertThat(flips).isBetween(4260, 4740);
  }

  @Test
  void cutoutIsASquareOfHalfTheSideClippedAtTheBorder() {
    RandomStream stream = new Streams(3).named("augment.task");
    List<View> views =
        IntStream.range(0, 500)
            .mapToObj(i -> new Augmentation.CropFlipCutout(4, 0).draw(Shape.of(3, 32, 32), stream))
            .toList();

    assertThat(views)
        .allMatch(v -> v.top() >= 0 && v.left() >= 0 && v.bottom() <= 32 && v.edge() <= 32)
        .allMatch(v -> v.bottom() - v.top() >= 8 && v.bottom() - v.top() <= 16)
        .anyMatch(v -> v.bottom() - v.top() == 16 && v.edge() - v.left() == 16)
        .anyMatch(v -> v.bottom() - v.top() < 16);
  }

  @Test
  void namesAndSizesBindToTheSameRecords() {
    assertThat(Augmentation.of("crop-flip")).isEqualTo(new Augmentation.CropFlip(4));
    assertThat(Augmentation.of(Map.of("kind", "crop-flip-cutout", "size", 8)))
        .isEqualTo(new Augmentation.CropFlipCutout(4, 8));
    for (Augmentation each :
        List.of(
            new Augmentation.None(),
            new Augmentation.CropFlip(2),
            new Augmentation.CropFlipCutout(4, 0),
            new Augmentation.CropFlipCutout(4, 8))) {
      assertThat(Augmentation.of(each.written())).isEqualTo(each);
    }
  }

  @Test
  void unknownNamesAndKeysSayWhatIsAllowed() {
    assertThatThrownBy(() -> Augmentation.of("flip"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("task.augment = flip is not allowed; none, crop-flip or crop-flip-cutout");
    assertThatThrownBy(() -> Augmentation.of(Map.of("kind", "none", "padding", 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("task.augment = padding is not allowed; kind alone");
    assertThatThrownBy(() -> Augmentation.of(Map.of("kind", "crop-flip", "padding", "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("task.augment.padding = x is not allowed; a whole number");
  }
}
