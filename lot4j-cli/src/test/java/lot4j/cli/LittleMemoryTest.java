package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A set of images of 59 MB where Java has 64 MiB. */
class LittleMemoryTest {
  private static final int SIDE = 256;
  private static final Map<String, String> LITTLE = Map.of("_JAVA_OPTIONS", "-Xmx64m");

  @TempDir Path directory;

  @BeforeEach
  void write() throws IOException {
    for (String split : new String[] {"train", "test"}) {
      for (String name : new String[] {"cat", "dog"}) {
        Path folder = Files.createDirectories(directory.resolve("pets/" + split + "/" + name));
        for (int i = 0; i < 75; i++) {
          BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
          image.setRGB(i % 4, i / 4 % 4, 0x3f3fff * (1 + name.charAt(0) % 2));
          ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
        }
      }
    }
    Files.writeString(
        directory.resolve("pets.yaml"),
        """
        name: pets
        task: {kind: image, data: pets, augment: none, size: %d, validation: none}
        teacher: {model: mlp, hidden: [8]}
        students: [{model: mlp, hidden: [8]}]
        optimizer: {lr: 0.001}
        budget: {updates: 3}
        batch-size: 8
        eval-batch-size: 8
        threads: 1
        """
            .formatted(SIDE));
  }

  @Test
  void imagesBeyondMemoryTrainToTheSameBits() throws IOException, InterruptedException {
    Program.in(directory).succeed("train", "pets.yaml", "--out", "kept");
    Program.Ended little =
        Program.in(directory).with(LITTLE).succeed("train", "pets.yaml", "--out", "filed");

    assertThat(little.err()).contains("each is decoded when it is needed");
    for (String file : new String[] {"teacher.safetensors", "student0.safetensors"}) {
      assertThat(latest("filed").resolve(file))
          .hasSameBinaryContentAs(latest("kept").resolve(file));
    }
  }

  @Test
  void aBatchThatDoesNotFitIsSaidInOneLine() throws IOException, InterruptedException {
    Program.Ended ended =
        Program.in(directory)
            .with(LITTLE)
            .run("train", "pets.yaml", "--out", "run", "--set", "batch-size=150")
            .with(1);

    assertThat(ended.err()).contains("lot: Java's memory is full (").doesNotContain("\tat ");
  }

  private Path latest(String run) throws IOException {
    return new RunFolder(directory.resolve(run)).latest();
  }
}
