package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lot4j.checkpoint.CheckpointException;
import lot4j.data.Augmentation;
import lot4j.data.Digits;
import lot4j.data.Normalization;
import lot4j.random.Streams;
import lot4j.testkit.NativeObjects;
import lot4j.train.BatchSource;
import lot4j.train.Pace;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class ImageStreamTest {
  private static final Streams STREAMS = new Streams(5);
  private static final PreparedImages DIGITS =
      ImageClassification.of("digits")
          .withAugment(new Augmentation.CropFlip(2))
          .withTrainExamples(new TrainExamples.Number(50))
          .prepare(Path.of("none"), 100);

  private static BatchSource<ImageBatch> task(int batchSize, int accumulate) {
    return DIGITS.taskStream(null, batchSize, accumulate, STREAMS);
  }

  /** Every number of the next steps' images, and their labels, step by step. */
  private static List<List<float[]>> numbers(BatchSource<ImageBatch> stream, int steps) {
    List<List<float[]>> all = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      try (PointerScope scope = new PointerScope()) {
        List<float[]> step = new ArrayList<>();
        for (ImageBatch batch : stream.next()) {
          step.add(floats(batch.images()));
          step.add(
              floats(
                  batch
                      .labels()
                      .orElseThrow()
                      .to(org.bytedeco.pytorch.global.torch.ScalarType.Float)));
        }
        all.add(step);
      }
    }
    return all;
  }

  private static float[] floats(Tensor tensor) {
    float[] numbers = new float[(int) tensor.numel()];
    tensor.data_ptr_float().get(numbers);
    return numbers;
  }

  private static int[] order(BatchSource<ImageBatch> stream, int steps) {
    return numbers(stream, steps).stream()
        .flatMap(step -> IntStream.range(0, step.size() / 2).mapToObj(i -> step.get(2 * i)))
        .mapToInt(Arrays::hashCode)
        .toArray();
  }

  @Test
  void resumedMidEpochEqualsUninterrupted() {
    for (int steps : new int[] {0, 1, 3, 5, 7}) {
      BatchSource<ImageBatch> whole = task(12, 1);
      numbers(whole, steps);
      StoredState state = new StoredState();
      whole.save(state);
      BatchSource<ImageBatch> resumed = task(12, 1);
      numbers(resumed, 4);
      resumed.restore(state);

      assertThat(numbers(resumed, 11)).usingRecursiveComparison().isEqualTo(numbers(whole, 11));
    }
  }

  @Test
  void batchOf8HasTheImagesOfTwoOf4() {
    List<List<float[]>> one = numbers(task(8, 1), 15);
    List<List<float[]>> two = numbers(task(4, 2), 15);
    for (int i = 0; i < one.size(); i++) {
      assertThat(joined(two.get(i), 0)).isEqualTo(joined(one.get(i), 0));
      assertThat(joined(two.get(i), 1)).isEqualTo(joined(one.get(i), 1));
    }
  }

  private static List<Float> joined(List<float[]> step, int of) {
    List<Float> all = new ArrayList<>();
    for (int i = of; i < step.size(); i += 2) {
      for (float number : step.get(i)) {
        all.add(number);
      }
    }
    return all;
  }

  @Test
  void stepsTakeWhatThePaceSays() {
    Pace pace = DIGITS.taskPace(8, 3);
    BatchSource<ImageBatch> stream = task(8, 3);
    for (int step = 0; step < 7; step++) {
      try (PointerScope scope = new PointerScope()) {
        List<ImageBatch> batches = stream.next();
        assertThat(batches.stream().mapToLong(ImageBatch::size).sum())
            .isEqualTo(pace.samples(step));
        assertThat(batches.stream().limit(batches.size() - 1)).allMatch(b -> b.size() == 8);
      }
    }
  }

  @Test
  void everyEpochShowsEveryImageOnce() {
    PreparedImages plain =
        ImageClassification.of("digits")
            .withTrainExamples(new TrainExamples.Number(50))
            .prepare(Path.of("none"), 100);
    BatchSource<ImageBatch> stream = plain.taskStream(null, 1, 1, STREAMS);
    int[] first = order(stream, 50);
    int[] second = order(stream, 50);

    assertThat(second).isNotEqualTo(first);
    assertThat(second).containsExactlyInAnyOrder(first);
    assertThat(Arrays.stream(first).distinct().count()).isEqualTo(50);
  }

  @Test
  void studentsHaveTheirOwnOrder() {
    assertThat(order(DIGITS.studentStream(null, null, 8, 1, STREAMS), 6))
        .isNotEqualTo(order(task(8, 1), 6));
  }

  @Test
  void anotherSeedIsAnotherOrderOfTheSameImages() {
    PreparedImages plain = ImageClassification.of("digits").prepare(Path.of("none"), 100);
    int[] one = order(plain.taskStream(null, 1, 1, new Streams(1)), 1167);
    int[] two = order(plain.taskStream(null, 1, 1, new Streams(2)), 1167);

    assertThat(two).isNotEqualTo(one).containsExactlyInAnyOrder(one);
  }

  @Test
  void unlabelledInputsComeWithoutLabels() {
    PreparedImages rest =
        ImageClassification.of("digits")
            .withTrainExamples(new TrainExamples.Number(100))
            .withUnlabelled(new Unlabelled.Rest())
            .prepare(Path.of("none"), 100);
    try (PointerScope scope = new PointerScope()) {
      ImageBatch batch = rest.studentStream(null, null, 16, 1, STREAMS).next().get(0);

      assertThat(batch.labels()).isEmpty();
      assertThat(rest.task().exercise(batch).task()).isEmpty();
      assertThat(rest.counts()).containsEntry("student", 1067L);
      assertThat(rest.studentPace(16, 1).epoch()).isEqualTo(1067);
    }
  }

  @Test
  void otherDataIsRefusedOnRestore() {
    StoredState state = new StoredState();
    task(8, 1).save(state);
    BatchSource<ImageBatch> other =
        ImageClassification.of("digits")
            .prepare(Path.of("none"), 9)
            .taskStream(null, 8, 1, STREAMS);

    assertThatThrownBy(() -> other.restore(state))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("the checkpoint's stream has 50, this data 1167");
  }

  @Test
  void earlierBatchesStayAsTheyWere() {
    try (PointerScope scope = new PointerScope()) {
      BatchSource<ImageBatch> stream = task(8, 1);
      Tensor first = stream.next().get(0).images();
      float[] before = floats(first);
      stream.next();

      assertThat(floats(first)).isEqualTo(before);
    }
  }

  @Test
  void aThousandBatchesLeaveNothingBehind() {
    BatchSource<ImageBatch> stream = task(16, 1);
    numbers(stream, 50);
    NativeObjects.assertUnchangedBy(() -> numbers(stream, 1000));
  }

  @Test
  void digitsAreScaledToOneAndNotStandardised() {
    assertThat(DIGITS.normalization()).isEqualTo(Normalization.none(1));
    assertThat(Digits.read().train().white()).isEqualTo(16);
  }
}
