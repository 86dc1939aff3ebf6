package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import lot4j.train.DataException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  @TempDir Path directory;

  @BeforeEach
  void write() throws IOException {
    images("train-images-idx3-ubyte", 2051, 4, 2, 3, 4 * 6);
    labels("train-labels-idx1-ubyte", 0, 1, 2, 1);
    images("t10k-images-idx3-ubyte", 2051, 2, 2, 3, 2 * 6);
    labels("t10k-labels-idx1-ubyte", 2, 0);
  }

  private void images(String name, int magic, int count, int rows, int columns, int bytes)
      throws IOException {
    ByteBuffer out = ByteBuffer.allocate(16 + bytes);
    out.putInt(magic).putInt(count).putInt(rows).putInt(columns);
    for (int i = 0; i < bytes; i++) {
      out.put((byte) (200 + i));
    }
    Files.write(directory.resolve(name), out.array());
  }

  private void labels(String name, int... labels) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(8 + labels.length).putInt(2049).putInt(labels.length);
    for (int label : labels) {
      out.put((byte) label);
    }
    Files.write(directory.resolve(name), out.array());
  }

  private ImageSet read() {
    return ImageSets.read(Path.of("none"), directory.toString());
  }

  private void refused(String message) {
    assertThatThrownBy(this::read).isInstanceOf(DataException.class).hasMessageContaining(message);
  }

  @Test
  void readsImagesAndLabels() {
    ImageSet set = read();

    assertThat(set.train().shape().sizes()).containsExactly(1L, 2L, 3L);
    assertThat(set.train().pixel(1, 0, 1, 2)).isEqualTo(200 + 6 + 5);
    assertThat(set.train().label(2)).isEqualTo(2);
    assertThat(set.classes()).containsExactly("0", "1", "2");
    assertThat(set.sources()).hasSize(4);
  }

  @Test
  void magicIsChecked() throws IOException {
    images("t10k-images-idx3-ubyte", 2049, 2, 2, 3, 12);
    refused("t10k-images-idx3-ubyte: begins with 2049, an IDX file of its kind with 2051");
  }

  @Test
  void missingBytesNameTheRecord() throws IOException {
    images("train-images-idx3-ubyte", 2051, 4, 2, 3, 3 * 6 + 5);
    refused("train-images-idx3-ubyte: record 3 of 4 is cut short or missing");
  }

  @Test
  void furtherBytesAreRefused() throws IOException {
    images("train-images-idx3-ubyte", 2051, 4, 2, 3, 25);
    refused("goes on after the 4 records its header says");
  }

  @Test
  void countsOfImagesAndLabelsHaveToAgree() throws IOException {
    labels("train-labels-idx1-ubyte", 0, 1, 2);
    refused("train-labels-idx1-ubyte: has 3 labels, train-images-idx3-ubyte 4 images");
  }

  @Test
  void aHugeCountInAHeaderAllocatesNothing() throws IOException {
    images("train-images-idx3-ubyte", 2051, Integer.MAX_VALUE, 1, 1, 24);
    refused("more than 2 GiB");
    images("train-images-idx3-ubyte", 2051, 2_000_000_000, 1, 1, 24);
    refused("record 24 of 2000000000 is cut short or missing");
  }

  @Test
  void testLabelsThatTrainDoesNotHaveAreRefused() throws IOException {
    labels("t10k-labels-idx1-ubyte", 2, 3);
    refused("test label 3 is not allowed; the training labels go from 0 to 2");
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.delete(directory.resolve("t10k-labels-idx1-ubyte"));
    refused("t10k-labels-idx1-ubyte[.gz]: not found");
  }

  @Test
  void sharedFashionMnistIsASubset() {
    ImageSet set = ImageSets.read(Shared.data("fashion-mnist").getParent(), "fashion-mnist");

    assertThat(DataSets.shownName(set)).isEqualTo("fashion-mnist[2000/1000]");
    assertThat(set.classes()).hasSize(10).contains("Ankle boot");
  }
}
