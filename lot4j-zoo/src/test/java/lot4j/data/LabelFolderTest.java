package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import lot4j.train.DataException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelFolderTest {
  @TempDir Path directory;

  @BeforeEach
  void images() throws IOException {
    for (int i = 0; i < 4; i++) {
      Files.write(directory.resolve(i + ".png"), png(10 * i));
    }
  }

  private static byte[] png(int grey) throws IOException {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(0, 0, 0, grey);
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      ImageIO.write(image, "png", out);
      return out.toByteArray();
    }
  }

  private ImageSet read(String csv, Labelling labels) throws IOException {
    Files.writeString(directory.resolve("labels.csv"), csv);
    return ImageFolder.read(
        directory,
        new ImageReading(
            new ImageSize.Own(), Fit.CROP, new Channels.Auto(), Optional.empty(), labels));
  }

  private ImageSet read(String csv) throws IOException {
    return read(csv, Labelling.AUTO);
  }

  private void refused(String message, String csv) {
    assertThatThrownBy(() -> read(csv))
        .as(csv)
        .isInstanceOf(DataException.class)
        .hasMessage(directory.resolve("labels.csv") + message);
  }

  @Test
  void namesBetweenBars() throws IOException {
    LabelledImages all = read("file,labels\r\n3.png,b| a\r\n0.png,\r\n1.png,\"b\"\r\n").train();

    assertThat(all.multi()).isTrue();
    assertThat(all.classes()).containsExactly("a", "b");
    assertThat(PixelBytes.of(all)).containsExactly(30, 0, 10);
    assertThat(all.labelsOf(0)).containsExactly(0, 1);
    assertThat(all.labelsOf(1)).isEmpty();
    assertThat(all.labelsOf(2)).containsExactly(1);
  }

  @Test
  void aColumnALabel() throws IOException {
    ImageSet set = read("b,file,a,split\n1,0.png,0,train\n1,1.png,1,val\n0,2.png,0,test\n");

    assertThat(set.train().classes()).containsExactly("a", "b");
    assertThat(set.train().labelsOf(0)).containsExactly(1);
    assertThat(set.valid().orElseThrow().labelsOf(0)).containsExactly(0, 1);
    assertThat(set.test().orElseThrow().labelsOf(0)).isEmpty();
    assertThat(set.drawnTest()).isZero();
  }

  @Test
  void oneLabelEachIsAClass() throws IOException {
    ImageSet set = read("file,label\n0.png,dog\n1.png,cat\n2.png,\"a \"\"b\"\", c\"\n");
    LabelledImages all = set.train();

    assertThat(all.multi()).isFalse();
    assertThat(all.classes()).containsExactly("a \"b\", c", "cat", "dog");
    assertThat(all.labels()).containsExactly(2, 1, 0);
    assertThat(set.drawnTest()).isEqualTo(1);
    assertThat(read("file,label\n0.png,dog\n1.png,cat\n", Labelling.MULTI).train().multi())
        .isTrue();
    assertThatThrownBy(() -> read("file,labels\n0.png,a\n1.png,a|b\n", Labelling.SINGLE))
        .isInstanceOf(DataException.class)
        .hasMessage(
            directory.resolve("labels.csv")
                + ":3: has 2 labels; task.labels: single needs one in every row");
  }

  @Test
  void aZipWorksAndNothingOutsideItIsRead() throws IOException {
    Path zip = directory.resolve("set.zip");
    for (String file : new String[] {"in/0.png", "../0.png", "/etc/hosts", "1.png"}) {
      try (OutputStream out = Files.newOutputStream(zip);
          ZipOutputStream entries = new ZipOutputStream(out)) {
        entries.putNextEntry(new ZipEntry("x/in/0.png"));
        entries.write(png(7));
        entries.putNextEntry(new ZipEntry("x/labels.csv"));
        entries.write(("file,labels\n" + file + ",a|b\n").getBytes(StandardCharsets.UTF_8));
        entries.closeEntry();
      }
      if (file.equals("in/0.png")) {
        assertThat(PixelBytes.of(ImageFolder.read(zip).train())).containsExactly(7);
      } else {
        assertThatThrownBy(() -> ImageFolder.read(zip))
            .isInstanceOf(DataException.class)
            .hasMessage(
                zip
                    + "!/x/labels.csv:2: file '"
                    + file
                    + "' is not there; a path below the folder of labels.csv");
      }
    }
  }

  @Test
  void whatIsWrongIsNamed() {
    refused(": holds no rows below its header", "file,labels\n");
    refused(
        ": has no column 'file'; file,labels or file and a column of 0 and 1 a label",
        "name,labels\n0.png,a\n");
    refused(": has no labels; a column 'labels', or one a label", "file,split\n0.png,train\n");
    refused(
        ": unknown column 'age'; beside labels only file and split",
        "file,labels,age\n0.png,a,3\n");
    refused(":1: two columns are called 'a'", "file,a,a\n0.png,1,1\n");
    refused(":3: file '0.png' a second time", "file,labels\n0.png,a\n0.png,b\n");
    refused(":2: has 1 field, the header 2", "file,labels\n0.png\n");
    refused(":3: column 'b' is 'yes'; 0 or 1", "file,a,b\n0.png,1,0\n1.png,0,yes\n");
    refused(": no row has a label", "file,labels\n0.png,\n1.png,\n");
    refused(": has one class; two or more are needed", "file,labels\n0.png,a\n1.png,a\n");
    refused(
        ":2: file '9.png' is not there; a path below the folder of labels.csv",
        "file,labels\n9.png,a|b\n");
    refused(
        ":2: split 'dev' is not allowed; train, valid or test",
        "file,labels,split\n0.png,a|b,dev\n");
    refused(": no row is of split 'train'", "file,labels,split\n0.png,a|b,test\n");
    refused(":3: has no split; other rows have", "file,labels,split\n0.png,a|b,train\n1.png,a,\n");
    refused(
        ":4: class 'c' of test is not in train",
        "file,labels,split\n0.png,a,train\n1.png,b,train\n2.png,c,test\n");
    refused(":3: a quote (\") that is not closed", "file,labels\n0.png,a\n\"1.png,a\n");
    refused(
        ": after line 1: text after a closing quote (\"); a delimiter or the line's end",
        "file,labels\n\"0.png\"x,a\n");
  }

  @Test
  void severalLabelsNeedTheFile() throws IOException {
    Files.createDirectories(directory.resolve("tree/a"));
    Files.createDirectories(directory.resolve("tree/b"));
    Files.write(directory.resolve("tree/a/0.png"), png(0));
    Files.write(directory.resolve("tree/b/0.png"), png(0));
    ImageReading multi =
        new ImageReading(
            new ImageSize.Own(), Fit.CROP, new Channels.Auto(), Optional.empty(), Labelling.MULTI);

    assertThatThrownBy(() -> ImageFolder.read(directory.resolve("tree"), multi))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith(": task.labels: multi needs a file labels.csv beside the images");
    assertThatThrownBy(() -> ImageSets.read(directory, "digits", multi))
        .isInstanceOf(DataException.class)
        .hasMessage("digits: task.labels: multi needs images with a file labels.csv");
  }
}
