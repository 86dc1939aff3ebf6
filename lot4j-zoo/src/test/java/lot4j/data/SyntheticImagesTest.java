package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticImagesTest {
  @TempDir Path directory;

  private ImageSet written(Cifar kind, long seed) {
    Path folder = directory.resolve(seed + "").resolve(kind.key());
    new SyntheticImages(kind, 203, 100, seed).write(folder);
    return ImageSets.read(folder.getParent(), kind.key());
  }

  @Test
  void hasTheOfficialLayoutOfBothSets() {
    for (Cifar kind : Cifar.values()) {
      ImageSet set = written(kind, 1);

      assertThat(DataSets.shownName(set)).isEqualTo(kind.key() + "[203/100]");
      assertThat(set.classes()).hasSize(kind == Cifar.CIFAR10 ? 10 : 100);
      assertThat(set.train().labels()).contains(0, kind == Cifar.CIFAR10 ? 9 : 99);
    }
    assertThat(directory.resolve("1/cifar10/data_batch_5.bin")).exists();
  }

  @Test
  void theSeedDecidesEveryByte() throws Exception {
    written(Cifar.CIFAR100, 1);
    byte[] first = Files.readAllBytes(directory.resolve("1/cifar100/train.bin"));
    written(Cifar.CIFAR100, 1);
    written(Cifar.CIFAR100, 2);

    assertThat(directory.resolve("1/cifar100/train.bin")).hasBinaryContent(first);
    assertThat(Files.readAllBytes(directory.resolve("2/cifar100/train.bin"))).isNotEqualTo(first);
  }

  @Test
  void imagesOfOneClassAreNearerThanThoseOfTwo() {
    LabelledImages images = written(Cifar.CIFAR10, 1).train();

    // Images 0 and 10 are of class 0, image 1 is of class 1.
    assertThat(distance(images, 0, 10)).isLessThan(distance(images, 0, 1));
  }

  private static long distance(LabelledImages images, int a, int b) {
    long sum = 0;
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < 1024; i++) {
        long difference = images.pixel(a, c, i / 32, i % 32) - images.pixel(b, c, i / 32, i % 32);
        sum += difference * difference;
      }
    }
    return sum;
  }
}
