package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import lot4j.Shape;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.ConfigWriter;
import lot4j.config.RunConfig;
import lot4j.data.Augmentation;
import lot4j.data.Channels;
import lot4j.data.Digits;
import lot4j.data.Fit;
import lot4j.data.ImageSize;
import lot4j.data.LabelledImages;
import lot4j.data.Normalization;
import lot4j.data.Shared;
import lot4j.train.DataException;
import lot4j.train.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageClassificationTest {
  private static final Path NOWHERE = Path.of("no-such-directory");
  private static final ImageClassification DIGITS = ImageClassification.of("digits");

  private static ImageParts parts(ImageClassification spec) {
    return ImageParts.of(spec, Digits.read(), NOWHERE);
  }

  @Test
  void digitsAreSplitIntoTrainValidAndTest() {
    PreparedImages prepared = DIGITS.prepare(NOWHERE, 512);

    assertThat(prepared.counts()).isEqualTo(Map.of("train", 1167L, "valid", 130L, "test", 500L));
    assertThat(prepared.dataName()).isEqualTo("digits");
    assertThat(prepared.outputs()).isEqualTo(10);
    assertThat(prepared.input().sizes()).containsExactly(1L, 8L, 8L);
    assertThat(prepared.sources().get(0).sha256())
        .isEqualTo("46abec6b12486ad9e51943373abcf22bbea1b5a51a1619b361570d8893f1464a");
  }

  @Test
  void partsAreDisjointAndTogetherEverything() {
    ImageParts parts =
        parts(
            DIGITS
                .withTrainExamples(new TrainExamples.Number(200))
                .withUnlabelled(new Unlabelled.Rest()));
    List<Integer> all = new ArrayList<>(parts.student().orElseThrow().rows());
    parts.splits().values().forEach(part -> all.addAll(part.rows()));

    assertThat(all)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, Digits.SIZE).boxed().toList());
    assertThat(parts.student().orElseThrow().labels()).isEmpty();
  }

  @Test
  void drawnSplitsKeepTheProportionsOfTheClasses() {
    LabelledImages all = Digits.read().train();
    Map<Integer, Integer> whole =
        count(IntStream.range(0, all.size()).map(all::label).boxed().toList());
    parts(DIGITS)
        .splits()
        .forEach(
            (split, part) ->
                count(part.labels())
                    .forEach(
                        (label, n) ->
                            assertThat((double) n)
                                .as(split + " class " + label)
                                .isCloseTo(
                                    (double) whole.get(label) * part.size() / all.size(),
                                    within(2.0))));
  }

  @Test
  void trainExamplesAreEquallyManyOfEachClass() {
    ImagePart train =
        parts(DIGITS.withTrainExamples(new TrainExamples.Number(200))).splits().get(Split.TRAIN);

    assertThat(count(train.labels()).values()).hasSize(10).containsOnly(20);
  }

  @Test
  void testSplitDependsOnTheSplitSeedAlone() {
    List<Integer> test = parts(DIGITS).splits().get(Split.TEST).rows();

    assertThat(
            parts(DIGITS.withTrainExamples(new TrainExamples.Number(100)).withLabelNoise(0.5))
                .splits()
                .get(Split.TEST)
                .rows())
        .isEqualTo(test);
    assertThat(parts(DIGITS.withSplitSeed(1)).splits().get(Split.TEST).rows()).isNotEqualTo(test);
  }

  @Test
  void labelNoiseReplacesExactlyThatPartByOtherClasses() {
    LabelledImages images = Digits.read().train();
    ImagePart train = parts(DIGITS.withLabelNoise(0.25)).splits().get(Split.TRAIN);
    long changed =
        IntStream.range(0, train.size())
            .filter(i -> images.label(train.rows().get(i)) != train.labels().get(i))
            .count();

    assertThat(changed).isEqualTo(Math.round(0.25 * train.size()));
    assertThat(parts(DIGITS.withLabelNoise(0.25)).splits().get(Split.VALID).labels())
        .isEqualTo(parts(DIGITS).splits().get(Split.VALID).labels());
  }

  @Test
  void noValidationLeavesTheWholeTrainingSplit() {
    assertThat(DIGITS.withValidation(new Validation.None()).prepare(NOWHERE, 512).counts())
        .isEqualTo(Map.of("train", 1297L, "test", 500L));
  }

  @Test
  void moreExamplesThanThereAreIsADataError() {
    assertThatThrownBy(
            () -> DIGITS.withTrainExamples(new TrainExamples.Number(1200)).prepare(NOWHERE, 512))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "task.train-examples = 1200 is not allowed; from 10, one a class, to 1167, what is left"
                + " of the training split");
  }

  @Test
  void restNeedsANumberOfExamples() {
    assertThatThrownBy(() -> DIGITS.withUnlabelled(new Unlabelled.Rest()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("task.unlabelled = rest is not allowed");
  }

  @Test
  void aSubsetIsRefusedUnlessAllowed() {
    Path data = Shared.data("cifar100").getParent();
    ImageClassification spec = ImageClassification.of("cifar100");

    assertThatThrownBy(() -> spec.prepare(data, 512))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("cifar100[8000/2000]; task.allow-subset: true accepts it");
    PreparedImages prepared = spec.withAllowSubset(true).prepare(data, 512);
    assertThat(prepared.dataName()).isEqualTo("cifar100[8000/2000]");
    assertThat(prepared.counts()).containsEntry("train", 7200L).containsEntry("valid", 800L);
    assertThat(prepared.normalization().mean())
        .usingComparatorForType(near(), Double.class)
        .containsExactly(0.5080, 0.4872, 0.4418);
    assertThat(prepared.normalization().std())
        .usingComparatorForType(near(), Double.class)
        .containsExactly(0.2680, 0.2569, 0.2763);
  }

  @Test
  void aNameIsLookedForInTheDataDirectory(@TempDir Path empty) {
    assertThatThrownBy(() -> ImageClassification.of("cifar10").prepare(empty, 512))
        .isInstanceOf(DataException.class)
        .hasMessage(empty.resolve("cifar10") + ": not found; lot data get cifar10 fetches it");
  }

  /** A million images, of which planning needs the number and the shape alone. */
  @Test
  void aSetThatIsNotThereIsPlannedWithItsOfficialSizes(@TempDir Path empty) {
    List<String> notes = new ArrayList<>();
    PreparedImages planned =
        ImageClassification.of("imagenet")
            .withSize(new ImageSize.Fixed(384, 384))
            .withNormalize(Normalize.Rule.HALF)
            .withValidation(new Validation.None())
            .sketch(empty, 512, notes::add);
    assertThat(planned.counts()).containsEntry("train", 1_281_167L).containsEntry("test", 50_000L);
    assertThat(planned.input()).isEqualTo(Shape.of(3, 384, 384));
    assertThat(planned.outputs()).isEqualTo(1000);
    assertThat(notes)
        .containsExactly(
            "imagenet is not here; planned with the official sizes, 1281167 training and 50000"
                + " test images");
    assertThatThrownBy(() -> ImageClassification.of("imagenet").prepare(empty, 512))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("imagenet cannot be fetched: image-net.org");
  }

  @Test
  void neitherNameNorPathListsTheNames() {
    assertThatThrownBy(() -> ImageClassification.of("cifra10").prepare(NOWHERE, 512))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("names: digits, cifar10, cifar100, mnist, fashion-mnist, imagenet");
  }

  private static RunConfig config(String task) {
    String yaml =
        "name: x\ntask: {kind: image, "
            + task
            + "}\nmethod: teacher-only\nteacher: {model: mlp}\nbudget: {updates: 1}\n";
    return new ConfigReader(Catalog.load()).readRun(ConfigSource.of("x.yaml", yaml), List.of());
  }

  @Test
  void everyKeyIsReadAndWritten() {
    RunConfig config =
        config(
            "data: x, augment: {kind: crop-flip, padding: 2}, unlabelled: rest, validation: 0.2,"
                + " split-seed: 3, train-examples: 100, label-noise: 0.1, allow-subset: true,"
                + " normalize: {mean: [0.1], std: [0.2]}, subset-seed: 7, shortcut: {probability:"
                + " 0.9, size: 2, held-out: planted}, size: [8, 16], resize: squash, channels: 3,"
                + " test: 0.3, group: '(p)', class-weights: {a: 2, '1': 0.5}");
    ImageClassification spec = (ImageClassification) config.task().spec();
    String written = new ConfigWriter(Catalog.load()).yaml(config);

    assertThat(spec)
        .isEqualTo(
            ImageClassification.of("x")
                .withAugment(new Augmentation.CropFlip(2))
                .withTrainExamples(new TrainExamples.Number(100))
                .withUnlabelled(new Unlabelled.Rest())
                .withValidation(new Validation.Fraction(0.2))
                .withSplitSeed(3)
                .withLabelNoise(0.1)
                .withAllowSubset(true)
                .withNormalize(new Normalize.Given(new Normalization(List.of(0.1), List.of(0.2))))
                .withSubsetSeed(7)
                .withShortcut(new Shortcut(0.9, 2, Shortcut.HeldOut.PLANTED))
                .withSize(new ImageSize.Fixed(8, 16))
                .withResize(Fit.SQUASH)
                .withChannels(new Channels.Count(3))
                .withTest(0.3)
                .withGroup("(p)")
                .withClassWeights(new ClassWeights.Given(Map.of("a", 2.0, "1", 0.5))));
    assertThat(
            new ConfigReader(Catalog.load())
                .readRun(ConfigSource.of("y.yaml", written), List.of())
                .task()
                .spec())
        .isEqualTo(spec);
  }

  @Test
  void keysThatAreNotGivenSayWhatTheyMean() {
    assertThat(new ConfigWriter(Catalog.load()).yaml(config("data: digits")))
        .contains(
            "  size: none\n",
            "  resize: crop\n",
            "  channels: auto\n",
            "  test: auto\n",
            "  group: none\n",
            "  class-weights: none\n");
  }

  @Test
  void wrongValuesNameTheirKey() {
    Map<String, String> wrong =
        Map.of(
            "size: 0", "task.size = 0 is not allowed; sides from 1 to 8192",
            "size: [3]",
                "task.size = [3] is not allowed; none, a side in pixels, or [height, width]",
            "channels: 2", "task.channels = 2 is not allowed; auto, 1 or 3",
            "resize: stretch", "task.resize = stretch is not allowed; squash or crop",
            "test: 1", "task.test = 1 is not allowed; auto, or a fraction above 0 and below 1",
            "group: p",
                "task.group = p is not allowed; none, or a regular expression with a group in brackets",
            "class-weights: even",
                "task.class-weights = even is not allowed; none, balanced, or {class: weight}",
            "class-weights: {a: 0}",
                "task.class-weights.a = 0 is not allowed; a finite number above 0");
    wrong.forEach(
        (keys, message) ->
            assertThatThrownBy(() -> config("data: digits, " + keys))
                .as(keys)
                .hasMessageContaining(message));
  }

  @Test
  void validationByPathIsReadFromThere(@TempDir Path directory) throws Exception {
    Path data = Shared.data("cifar100");
    Files.copy(data.resolve("test.bin.gz"), directory.resolve("test.bin.gz"));
    Files.copy(data.resolve("fine_label_names.txt"), directory.resolve("fine_label_names.txt"));
    PreparedImages prepared =
        ImageClassification.of(data.toString())
            .withValidation(new Validation.At(directory.resolve("test.bin.gz").toString()))
            .prepare(NOWHERE, 512);

    assertThat(prepared.counts()).isEqualTo(Map.of("train", 8000L, "valid", 2000L, "test", 2000L));
  }

  @Test
  void validationByPathNeedsOneSplitOfItsOwn() {
    Path data = Shared.data("cifar100");

    assertThatThrownBy(
            () ->
                ImageClassification.of(data.toString())
                    .withValidation(new Validation.At(data.toString()))
                    .prepare(NOWHERE, 512))
        .isInstanceOf(DataException.class)
        .hasMessage(data + ": has no validation split; a folder 'valid', or class folders alone");
  }

  @Test
  void unlabelledImagesOfAnotherShapeAreRefused() {
    String fashion = Shared.data("fashion-mnist").toString();

    assertThatThrownBy(
            () -> DIGITS.withUnlabelled(new Unlabelled.From(fashion)).prepare(NOWHERE, 512))
        .isInstanceOf(DataException.class)
        .hasMessage(fashion + ": images are 1x28x28, the training images 1x8x8");
  }

  @Test
  void unlabelledImagesOfANameAreItsTrainingInputs() {
    Path data = Shared.data("cifar100").getParent();
    PreparedImages prepared =
        ImageClassification.of("cifar10")
            .withAllowSubset(true)
            .withUnlabelled(new Unlabelled.From("cifar100"))
            .prepare(data, 512);

    assertThat(prepared.counts()).containsEntry("train", 1440L).containsEntry("student", 8000L);
    assertThat(prepared.dataName()).isEqualTo("cifar10[1600/500]");
    assertThat(prepared.sources()).hasSize(3);
  }

  private static Comparator<Double> near() {
    return (a, b) -> Math.abs(a - b) <= 5e-5 ? 0 : Double.compare(a, b);
  }

  private static Map<Integer, Integer> count(List<Integer> labels) {
    Map<Integer, Integer> counts = new HashMap<>();
    labels.forEach(label -> counts.merge(label, 1, Integer::sum));
    return counts;
  }
}
