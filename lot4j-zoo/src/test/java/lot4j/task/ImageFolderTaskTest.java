package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import lot4j.Shape;
import lot4j.data.Fit;
import lot4j.data.ImageSets;
import lot4j.data.ImageSize;
import lot4j.data.LabelledImages;
import lot4j.train.DataException;
import lot4j.train.Split;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of images of several sizes, with groups, few of one class, and without labels. */
class ImageFolderTaskTest {
  private static final Path NOWHERE = Path.of("no-such-directory");

  @TempDir Path directory;

  /** 24 cats in 6 groups of 4, 6 dogs in 3 groups of 2, each of a size of its own. */
  @BeforeEach
  void draw() throws IOException {
    for (int i = 0; i < 24; i++) {
      image("pets/cat/p" + i / 4 + "-" + i + ".png", 8 + i, 12, 10 * i);
    }
    for (int i = 0; i < 6; i++) {
      image("pets/dog/p" + (6 + i / 2) + "-" + i + ".png", 12, 8 + i, 200);
    }
  }

  private void image(String name, int width, int height, int grey) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < width * height; i++) {
      image.getRaster().setSample(i % width, i / width, 0, grey);
    }
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }

  private ImageClassification pets() {
    return ImageClassification.of(directory.resolve("pets").toString())
        .withSize(new ImageSize.Fixed(8, 8));
  }

  private ImageParts parts(ImageClassification spec) {
    return ImageParts.of(
        spec,
        spec.test()
            .map(ImageSets.read(NOWHERE, spec.data(), spec.reading())::drawing)
            .orElse(ImageSets.read(NOWHERE, spec.data(), spec.reading())),
        NOWHERE);
  }

  @Test
  void aPartOfAnySizeIsDrawnAsTest() {
    assertThat(pets().prepare(NOWHERE, 9).counts())
        .isEqualTo(Map.of("train", 22L, "valid", 2L, "test", 6L));
    assertThat(
            pets().withTest(0.5).withValidation(new Validation.None()).prepare(NOWHERE, 9).counts())
        .isEqualTo(Map.of("train", 15L, "test", 15L));
    assertThatThrownBy(() -> pets().withTest(0.99).prepare(NOWHERE, 9))
        .isInstanceOf(DataException.class)
        .hasMessage("task.test: 30 images of 30 leave no training images");
    assertThatThrownBy(() -> pets().withTest(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("task.test = 1 is not allowed; auto, or a fraction above 0 and below 1");
  }

  @Test
  void groupsStayTogether() {
    ImageParts parts = parts(pets().withGroup("(p\\d+)-").withTest(0.3));
    Map<Split, Set<Integer>> groups =
        parts.splits().entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    e ->
                        e.getValue().rows().stream()
                            .map(e.getValue().images()::group)
                            .collect(Collectors.toCollection(TreeSet::new))));
    Set<Integer> all = new TreeSet<>();
    groups.values().forEach(all::addAll);

    assertThat(all).hasSize(9);
    assertThat(groups.values().stream().mapToInt(Set::size).sum()).isEqualTo(9);
    assertThat(groups).containsOnlyKeys(Split.TRAIN, Split.VALID, Split.TEST);
  }

  @Test
  void groupsThatCannotBeMadeAreNamed() {
    assertThatThrownBy(() -> pets().withGroup("(x\\d)").prepare(NOWHERE, 9))
        .isInstanceOf(DataException.class)
        .hasMessage(
            directory.resolve("pets/cat/p0-0.png")
                + ": task.group = (x\\d) finds nothing in 'p0-0.png'");
    assertThatThrownBy(() -> pets().withGroup("(p)").prepare(NOWHERE, 9))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("task.test: task.group puts all 30 images into one group");
    for (String expression : List.of("p\\d", "(p", "")) {
      assertThatThrownBy(() -> pets().withGroup(expression))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("task.group = " + expression + " is not allowed; none, or a");
    }
    assertThatThrownBy(() -> ImageClassification.of("digits").withGroup("(a)").prepare(NOWHERE, 9))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("digits: task.group is not allowed");
  }

  @Test
  void tornGroupsOfSplitsThatAreBroughtAreNoted() throws IOException {
    for (String split : List.of("train", "test")) {
      image("own/" + split + "/cat/p1-a.png", 8, 8, 1);
      image("own/" + split + "/dog/p2-a.png", 8, 8, 1);
    }
    ImageClassification own =
        ImageClassification.of(directory.resolve("own").toString())
            .withValidation(new Validation.None());

    assertThat(own.prepare(NOWHERE, 9).notes()).isEmpty();
    assertThat(own.withGroup("(p\\d)").prepare(NOWHERE, 9).notes())
        .containsExactly(
            "task.group: the data's own splits tear groups apart: 2 groups of the training images"
                + " are also in test");
  }

  @Test
  void unevenClassesAreNotedAndWeighted() {
    ImageClassification spec = pets().withValidation(new Validation.None());

    assertThat(spec.prepare(NOWHERE, 9).notes())
        .containsExactly(
            "the classes are uneven: 19 training images of 'cat', 5 of 'dog'; task.class-weights:"
                + " balanced lets them count alike; look at balanced_accuracy and f1 beside"
                + " accuracy");
    ImagePart train = parts(spec).splits().get(Split.TRAIN);
    assertThat(ClassWeights.of("balanced").of(train)).contains(List.of(24 / (2 * 19.0), 2.4));
    assertThat(ClassWeights.of(Map.of("dog", 3)).of(train)).contains(List.of(1.0, 3.0));
    assertThat(ClassWeights.of("none").of(train)).isEmpty();
    assertThat(
            spec.withClassWeights(new ClassWeights.Balanced()).prepare(NOWHERE, 9).notes().get(0))
        .contains("; task.class-weights is at work;");
    assertThatThrownBy(
            () -> spec.withClassWeights(ClassWeights.of(Map.of("fox", 2.0))).prepare(NOWHERE, 9))
        .isInstanceOf(DataException.class)
        .hasMessage("task.class-weights.fox: is no class of the data; [cat, dog]");
    for (Object wrong : List.of("even", 3, Map.of("dog", 0), Map.of("dog", "x"), Map.of())) {
      assertThatThrownBy(() -> ClassWeights.of(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("task.class-weights");
    }
  }

  @Test
  void aFlatFolderServesStudents() throws IOException {
    image("more/a.png", 30, 9, 4);
    image("more/b.png", 9, 30, 4);
    ImageClassification spec =
        pets().withUnlabelled(new Unlabelled.From(directory.resolve("more").toString()));
    ImagePart student = parts(spec).student().orElseThrow();

    assertThat(spec.prepare(NOWHERE, 9).counts()).containsEntry("student", 2L);
    assertThat(student.labels()).isEmpty();
    assertThat(student.images().shape().sizes()).containsExactly(1L, 8L, 8L);
  }

  @Test
  void otherImagesGoByTheNamesOfTheirClasses() {
    LabelledImages images =
        new LabelledImages(
            Shape.of(1, 1, 1), 255, List.of("ant", "bee", "cow"), new byte[3], new int[] {0, 1, 2});
    LabelledImages named = ImageParts.named("other", images, List.of("cow", "ant", "bee"));

    assertThat(named.classes()).containsExactly("cow", "ant", "bee");
    assertThat(List.of(named.label(0), named.label(1), named.label(2))).containsExactly(1, 2, 0);
    assertThat(ImageParts.named("other", images, List.of("0", "1", "2"))).isSameAs(images);
    assertThatThrownBy(() -> ImageParts.named("other", images, List.of("ant", "bee", "cat")))
        .isInstanceOf(DataException.class)
        .hasMessage("other: has the classes [ant, bee, cow], the networks [ant, bee, cat]");
  }

  @Test
  void predictionKnowsHowToResize() {
    assertThat(pets().withResize(Fit.SQUASH).prepare(NOWHERE, 9).prediction().resize())
        .contains(Fit.SQUASH);
    assertThat(ImageClassification.of("digits").prepare(NOWHERE, 9).prediction().resize())
        .isEmpty();
  }
}
