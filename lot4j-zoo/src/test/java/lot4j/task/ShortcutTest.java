package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import lot4j.data.Augmentation.View;
import lot4j.data.Cifar;
import lot4j.data.Digits;
import lot4j.data.ImageSets;
import lot4j.data.Normalization;
import lot4j.data.SyntheticImages;
import lot4j.task.Shortcut.HeldOut;
import lot4j.train.DataException;
import lot4j.train.Split;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patches that tell the label: where they are, what they say, and where there are none. */
class ShortcutTest {
  private static final ImageClassification DIGITS = ImageClassification.of("digits");
  private static final Path NOWHERE = Path.of("no-such-directory");

  private static ImagePart part(ImageClassification spec, Split split) {
    return ImageParts.of(spec, Digits.read(), NOWHERE).splits().get(split);
  }

  private static ImageClassification planted(double probability, HeldOut heldOut) {
    return DIGITS.withShortcut(new Shortcut(probability, 1, heldOut));
  }

  private static List<Integer> says(ImagePart part) {
    return part.patches().orElseThrow().says();
  }

  private static double honest(ImagePart part) {
    List<Integer> says = says(part);
    return IntStream.range(0, part.size())
            .filter(i -> says.get(i).equals(part.labels().get(i)))
            .count()
        / (double) part.size();
  }

  private static float[] pixels(ImagePart part, Normalization normalization, View view) {
    try (PointerScope scope = new PointerScope()) {
      int[] order = IntStream.range(0, part.size()).toArray();
      var images =
          new ImageFeed(part, normalization).batch(order, 0, part.size(), () -> view).images();
      float[] numbers = new float[(int) images.numel()];
      images.data_ptr_float().get(numbers);
      return numbers;
    }
  }

  /**
   * The patch of digit c is the white pixel c % 8 of row c / 8; all other pixels are the image's.
   */
  @Test
  void paintsOneWhitePixelPerImageAndNothingElse() {
    ImagePart part = part(planted(0.9, HeldOut.CLEAN), Split.TRAIN);
    float[] painted = pixels(part, Normalization.none(1), View.PLAIN);
    float[] clean = pixels(part(DIGITS, Split.TRAIN), Normalization.none(1), View.PLAIN);
    List<Integer> says = says(part);
    for (int i = 0; i < part.size(); i++) {
      int c = says.get(i);
      for (int p = 0; p < 64; p++) {
        float expected = p == c / 8 * 8 + c % 8 ? 1f : clean[i * 64 + p];
        assertThat(painted[i * 64 + p]).as("image %d pixel %d", i, p).isEqualTo(expected);
      }
    }
  }

  @Test
  void augmentationDoesNotMoveThePatch() {
    ImagePart part = part(planted(1, HeldOut.CLEAN), Split.TRAIN);
    float[] moved = pixels(part, Normalization.half(1), new View(2, -1, true, 0, 0, 0, 0));
    for (int i = 0; i < part.size(); i++) {
      int c = part.labels().get(i);
      assertThat(moved[i * 64 + c]).isEqualTo(1f); // white, (1 - 0.5) / 0.5
    }
  }

  @Test
  void saysTheLabelWithTheProbabilityAndElseAnyOtherClass() {
    ImagePart part = part(planted(0.7, HeldOut.CLEAN), Split.TRAIN);
    // 1,167 images: a standard deviation is 0.0134
    assertThat(honest(part)).isCloseTo(0.7, within(0.054));
    List<Integer> says = says(part);
    long[] lies = new long[10];
    IntStream.range(0, part.size())
        .filter(i -> !says.get(i).equals(part.labels().get(i)))
        .forEach(i -> lies[says.get(i)]++);
    // about 35 of each class, a standard deviation of 6
    for (long count : lies) {
      assertThat(count).isBetween(11L, 60L);
    }
  }

  @Test
  void withCertaintyItSaysTheLabelThatIsTrainedNoiseIncluded() {
    ImagePart part = part(planted(1, HeldOut.CLEAN).withLabelNoise(0.4), Split.TRAIN);
    assertThat(honest(part)).isEqualTo(1);
    assertThat(IntStream.range(0, part.size()).filter(part::isNoisy).count()).isEqualTo(467);
  }

  @Test
  void heldOutImagesAreCleanPlantedOrRandom() {
    for (Split split : List.of(Split.VALID, Split.TEST)) {
      assertThat(part(planted(0.9, HeldOut.CLEAN), split).patches()).isEmpty();
    }
    assertThat(honest(part(planted(0.9, HeldOut.PLANTED), Split.TEST)))
        .isCloseTo(0.9, within(0.06)); // 500 images
    assertThat(honest(part(planted(0.9, HeldOut.RANDOM), Split.TEST))).isCloseTo(0.1, within(0.06));
    assertThat(says(part(planted(0.9, HeldOut.RANDOM), Split.TRAIN)))
        .isEqualTo(says(part(planted(0.9, HeldOut.CLEAN), Split.TRAIN)));
  }

  @Test
  void nothingIsPaintedByDefault() {
    for (Split split : Split.values()) {
      assertThat(part(DIGITS, split).patches()).isEmpty();
    }
  }

  @Test
  void anotherSubsetSeedChangesPatchesNoiseAndSubsetsAndNoSplit() {
    ImageClassification spec =
        planted(0.9, HeldOut.PLANTED)
            .withLabelNoise(0.2)
            .withTrainExamples(new TrainExamples.Number(300));
    ImageClassification other = spec.withSubsetSeed(5);
    assertThat(says(part(spec, Split.TRAIN)))
        .isEqualTo(says(part(spec.withSubsetSeed(0), Split.TRAIN)));
    assertThat(part(other, Split.TRAIN).rows()).isNotEqualTo(part(spec, Split.TRAIN).rows());
    for (Split split : List.of(Split.VALID, Split.TEST)) {
      assertThat(part(other, split).rows()).isEqualTo(part(spec, split).rows());
      assertThat(part(other, split).patches()).isNotEqualTo(part(spec, split).patches());
    }
    ImageClassification all = planted(0.9, HeldOut.CLEAN);
    assertThat(part(all.withSubsetSeed(5), Split.TRAIN).patches())
        .isNotEqualTo(part(all, Split.TRAIN).patches());
    assertThat(part(DIGITS.withLabelNoise(0.2).withSubsetSeed(5), Split.TRAIN).labels())
        .isNotEqualTo(part(DIGITS.withLabelNoise(0.2), Split.TRAIN).labels());
  }

  /** 100 classes: base 5, since 4³ is 64 and 5³ is 125; class 99 is 100 = 400 in base 5. */
  @ParameterizedTest
  @CsvSource({"0, 0, 0, 0.25", "3, 0, 0, 1", "4, 0, 0.25, 0", "98, 0.75, 1, 1", "99, 1, 0, 0"})
  void coloursSpellTheClass(int label, double red, double green, double blue) {
    assertThat(Patches.brightness(label, 0, 3, 100)).isEqualTo(red);
    assertThat(Patches.brightness(label, 1, 3, 100)).isEqualTo(green);
    assertThat(Patches.brightness(label, 2, 3, 100)).isEqualTo(blue);
  }

  @Test
  void colouredPatchesCoverTheirCell(@TempDir Path directory) throws Exception {
    new SyntheticImages(Cifar.CIFAR10, 40, 20, 1).write(directory.resolve("made-up"));
    ImageClassification spec =
        ImageClassification.of(directory.resolve("made-up").toString())
            .withValidation(new Validation.Fraction(0.25))
            .withShortcut(new Shortcut(1, 5, HeldOut.CLEAN));
    ImagePart part =
        ImageParts.of(spec, ImageSets.read(directory, spec.data()), directory)
            .splits()
            .get(Split.TRAIN);
    float[] painted = pixels(part, Normalization.none(3), View.PLAIN);
    for (int i = 0; i < part.size(); i++) {
      int label = part.labels().get(i);
      int top = label / 6 * 5; // 32 / 5 = 6 cells a row
      int left = label % 6 * 5;
      for (int channel = 0; channel < 3; channel++) {
        float expected = (float) Patches.brightness(label, channel, 3, 10);
        for (int y = top; y < top + 5; y++) {
          for (int x = left; x < left + 5; x++) {
            assertThat(painted[((i * 3 + channel) * 32 + y) * 32 + x]).isEqualTo(expected);
          }
        }
      }
    }
  }

  @Test
  void aPatchForEveryClassHasToFit() {
    // 8 / 3 = 2 cells a row: 4 patches for 10 classes
    assertThatThrownBy(
            () -> part(DIGITS.withShortcut(new Shortcut(1, 3, HeldOut.CLEAN)), Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("task.shortcut.size = 3 is not allowed")
        .hasMessageContaining("room for 4 patches, and there are 10 classes");
  }

  @Test
  void theWholeTaskHasNoSubsetNoNoiseAndNoPatches() {
    ImageClassification spec =
        planted(0.9, HeldOut.PLANTED)
            .withLabelNoise(0.2)
            .withTrainExamples(new TrainExamples.Number(300))
            .withUnlabelled(new Unlabelled.Rest())
            .withSubsetSeed(5);
    for (Split split : Split.values()) {
      ImagePart whole = part(spec.whole(), split);
      assertThat(whole.rows()).isEqualTo(part(DIGITS, split).rows());
      assertThat(whole.labels()).isEqualTo(part(DIGITS, split).labels());
      assertThat(whole.patches()).isEmpty();
    }
  }
}
