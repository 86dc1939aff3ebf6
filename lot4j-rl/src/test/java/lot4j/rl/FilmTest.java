package lot4j.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import lot4j.rl.env.GridLevels;
import lot4j.train.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilmTest {
  private static final String FORMAT = "javax_imageio_gif_image_1.0";

  @TempDir Path directory;

  @Test
  void readsBackAsItWasShown() throws IOException {
    List<BufferedImage> pictures = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      pictures.add(square(40, 30, 3 * i, 2 * i));
    }

    Path file = directory.resolve("film.gif");
    long shown = Film.record(file, 20, film -> pictures.forEach(film::show));

    List<Shot> shots = read(file);
    assertThat(shown).isEqualTo(12);
    assertThat(shots).hasSize(12);
    for (int i = 0; i < 12; i++) {
      assertThat(shots.get(i).delay()).isEqualTo(i < 11 ? 5 : 105);
      assertSame(shots.get(i).picture(), pictures.get(i));
    }
  }

  @Test
  void playsForEver() throws IOException {
    Path file = directory.resolve("film.gif");
    Film.record(file, 10, film -> film.show(square(8, 8, 0, 0)));

    IIOMetadataNode loop = node(metadata(file), "ApplicationExtensions", "ApplicationExtension");
    assertThat(loop.getAttribute("applicationID")).isEqualTo("NETSCAPE");
    assertThat(loop.getAttribute("authenticationCode")).isEqualTo("2.0");
    assertThat((byte[]) loop.getUserObject()).containsExactly(1, 0, 0);
  }

  @Test
  void aPictureLikeTheOneBeforeLengthensIt() throws IOException {
    Path file = directory.resolve("film.gif");
    long shown =
        Film.record(
            file,
            10,
            film -> {
              film.show(square(8, 8, 0, 0));
              film.show(square(8, 8, 0, 0));
              film.show(square(8, 8, 0, 0));
              film.show(square(8, 8, 1, 0));
            });

    assertThat(shown).isEqualTo(4);
    assertThat(read(file)).extracting(Shot::delay).containsExactly(30, 110);
  }

  @Test
  void roundedDelaysDoNotDrift() throws IOException {
    Path file = directory.resolve("film.gif");
    Film.record(
        file,
        30,
        film -> {
          for (int i = 0; i < 60; i++) {
            film.show(square(80, 8, i, 0));
          }
        });

    List<Shot> shots = read(file);
    assertThat(shots).hasSize(60);
    assertThat(shots).extracting(Shot::delay).startsWith(3, 4, 3);
    assertThat(shots.stream().mapToInt(Shot::delay).sum()).isEqualTo(200 + 100);
  }

  @Test
  void aPictureOfManyColoursStaysCloseToIt() throws IOException {
    BufferedImage many = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 64 * 64; i++) {
      many.setRGB(i % 64, i / 64, (i % 64 * 4) << 16 | (i / 64 * 4) << 8 | (i % 64 + i / 64) * 2);
    }
    Path file = directory.resolve("film.gif");
    Film.record(file, 10, film -> film.show(many));

    int[] expected = pixels(many);
    int[] actual = pixels(read(file).get(0).picture());
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      for (int shift = 0; shift <= 16; shift += 8) {
        error += Math.abs((expected[i] >> shift & 255) - (actual[i] >> shift & 255));
      }
    }
    // 256 colours on a plane of 256 by 256: cells of 16 by 16, 4 off on the mean.
    assertThat(error / (3 * expected.length)).isLessThan(5);
  }

  @Test
  void newColoursInALaterPictureAreKept() throws IOException {
    Random random = new Random(5);
    BufferedImage first = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    BufferedImage second = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 256; i++) {
      first.setRGB(i % 16, i / 16, random.nextInt(1 << 24));
      second.setRGB(i % 16, i / 16, random.nextInt(1 << 24));
    }
    Path file = directory.resolve("film.gif");
    Film.record(
        file,
        10,
        film -> {
          film.show(first);
          film.show(second);
        });

    List<Shot> shots = read(file);
    assertSame(shots.get(0).picture(), first);
    assertSame(shots.get(1).picture(), second);
  }

  @Test
  void anEpisodeOfAnEnvironmentCanBeWatched() throws IOException {
    Path file = directory.resolve("film.gif");
    List<BufferedImage> pictures = new ArrayList<>();
    try (Environment environment = GridLevels.standard().make(Split.TEST)) {
      Film.record(
          file,
          8,
          film -> {
            environment.reset(1);
            pictures.add(environment.render().orElseThrow());
            for (int step = 0; step < 50 && !environment.over(); step++) {
              environment.step(new float[] {(step + step / 7) % 4}, 0);
              pictures.add(environment.render().orElseThrow());
            }
            pictures.forEach(film::show);
          });
    }

    List<Shot> shots = read(file);
    assertThat(shots.size()).isBetween(5, 51);
    assertSame(shots.get(shots.size() - 1).picture(), pictures.get(pictures.size() - 1));
    assertThat(Files.size(file)).isLessThan(60_000);
  }

  @Test
  void aFailureOnTheWayLeavesTheOldFile() throws IOException {
    Path file = directory.resolve("film.gif");
    Files.writeString(file, "old");
    assertThatThrownBy(
            () ->
                Film.record(
                    file,
                    10,
                    film -> {
                      film.show(square(8, 8, 0, 0));
                      throw new EnvironmentException("broken");
                    }))
        .isInstanceOf(EnvironmentException.class);

    assertThat(file).hasContent("old");
    assertThat(directory.toFile().list()).containsExactly("film.gif");
  }

  @Test
  void refusesAFilmWithoutPicturesAndPicturesOfAnotherSize() {
    Path file = directory.resolve("film.gif");
    assertThatThrownBy(() -> Film.record(file, 10, film -> {}))
        .hasMessage("film of = 0 pictures is not allowed; one or more");
    assertThatThrownBy(
            () ->
                Film.record(
                    file,
                    10,
                    film -> {
                      film.show(square(8, 8, 0, 0));
                      film.show(square(9, 8, 0, 0));
                    }))
        .hasMessage("picture of = 9x8 is not allowed; 8x8, like the first");
    assertThatThrownBy(() -> Film.record(file, 51, film -> {}))
        .hasMessage("pictures per second = 51 is not allowed; above 0, up to 50");
    assertThat(file).doesNotExist();
  }

  @Test
  void namesAFileThatCannotBeWritten() {
    Path file = directory.resolve("absent/film.gif");
    assertThatThrownBy(() -> Film.record(file, 10, film -> film.show(square(8, 8, 0, 0))))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith(file + ": cannot be written; ");
  }

  private static BufferedImage square(int width, int height, int x, int y) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.LIGHT_GRAY);
    graphics.fillRect(0, 0, width, height);
    graphics.setColor(Color.RED);
    graphics.fillRect(x, y, 6, 5);
    graphics.dispose();
    return image;
  }

  private record Shot(BufferedImage picture, int delay) {}

  private static void assertSame(BufferedImage actual, BufferedImage expected) {
    // Not isEqualTo: a failure would print every pixel.
    assertThat(Arrays.mismatch(pixels(actual), pixels(expected))).isEqualTo(-1);
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  private static IIOMetadata metadata(Path file) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      return reader(in).getImageMetadata(0);
    }
  }

  private static ImageReader reader(ImageInputStream in) {
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    reader.setInput(in);
    return reader;
  }

  private static IIOMetadataNode node(IIOMetadata metadata, String... path) {
    IIOMetadataNode node = (IIOMetadataNode) metadata.getAsTree(FORMAT);
    for (String name : path) {
      node = (IIOMetadataNode) node.getElementsByTagName(name).item(0);
    }
    return node;
  }

  /** What a viewer shows: each image is drawn over what is there already. */
  private static List<Shot> read(Path path) throws IOException {
    List<Shot> shots = new ArrayList<>();
    File file = path.toFile();
    try (ImageInputStream in = ImageIO.createImageInputStream(file)) {
      ImageReader reader = reader(in);
      BufferedImage canvas =
          new BufferedImage(reader.getWidth(0), reader.getHeight(0), BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < reader.getNumImages(true); i++) {
        IIOMetadata metadata = reader.getImageMetadata(i);
        IIOMetadataNode place = node(metadata, "ImageDescriptor");
        canvas
            .createGraphics()
            .drawImage(
                reader.read(i),
                Integer.parseInt(place.getAttribute("imageLeftPosition")),
                Integer.parseInt(place.getAttribute("imageTopPosition")),
                null);
        BufferedImage copy =
            new BufferedImage(canvas.getWidth(), canvas.getHeight(), BufferedImage.TYPE_INT_RGB);
        copy.createGraphics().drawImage(canvas, 0, 0, null);
        String delay = node(metadata, "GraphicControlExtension").getAttribute("delayTime");
        shots.add(new Shot(copy, Integer.parseInt(delay)));
      }
    }
    return shots;
  }
}
