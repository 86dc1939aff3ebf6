package lot4j.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import lot4j.data.Cifar;
import lot4j.data.SyntheticImages;

/** What the readers of the documents have beside them: small data, made up. */
final class DocumentedWorld {
  private static final Pattern FILE_NAME = Pattern.compile("^# ([\\w.-]+\\.yaml)\\b");
  private static final int SIDE = 16;
  private static final int IMAGES = 10;

  private DocumentedWorld() {}

  /** The data sets by name, as {@code --data-dir} takes them. */
  static void dataSets(Path directory) {
    new SyntheticImages(Cifar.CIFAR10, 600, 60, 1).write(directory.resolve("cifar10"));
    new SyntheticImages(Cifar.CIFAR100, 600, 100, 1).write(directory.resolve("cifar100"));
    for (String part : new String[] {"train", "valid", "test"}) {
      int characters = part.equals("train") ? 40_000 : 2500;
      write(directory.resolve("ptb/ptb." + part + ".txt"), SmallTexts.made(characters, 7));
    }
  }

  /** A reader's own files, and the configurations that the page shows with their names. */
  static void files(Documents documents, String page, Path directory) {
    for (String folder : List.of("photos", "other-photos")) {
      photos(directory.resolve(folder));
    }
    picture(directory.resolve("five.png"), 8, BufferedImage.TYPE_BYTE_GRAY, new Random(5));
    picture(directory.resolve("seven.png"), 8, BufferedImage.TYPE_BYTE_GRAY, new Random(7));
    write(directory.resolve("letter.txt"), "In the beginning God created the heaven.\n");
    zip(directory.resolve("other-photos"), directory.resolve("more-photos.zip"));
    write(
        directory.resolve("notes.txt"), "In the beginning was a text of one's own.\n".repeat(200));
    houses(directory.resolve("houses.csv"), 60);
    houses(directory.resolve("new-houses.csv"), 5);
    List<Documents.Block> blocks = new ArrayList<>(documents.blocks("docs/extending.md"));
    blocks.addAll(documents.blocks(page));
    for (Documents.Block block : blocks) {
      Matcher name = FILE_NAME.matcher(block.code());
      if (block.language().equals("yaml") && name.find()) {
        write(directory.resolve(name.group(1)), block.code());
      }
    }
  }

  private static void houses(Path file, int count) {
    StringBuilder rows = new StringBuilder("area,rooms,heating,price\n");
    for (int i = 0; i < count; i++) {
      rows.append(40 + 7 * i % 90).append(',').append(1 + i % 5).append(',');
      rows.append(i % 3 == 0 ? "gas" : "wood").append(',').append(100 + 3 * i % 71).append(".5\n");
    }
    write(file, rows.toString());
  }

  private static void photos(Path folder) {
    Random random = new Random(1);
    for (String place : List.of("train/cats", "train/dogs", "test/cats", "test/dogs")) {
      for (int i = 0; i < IMAGES; i++) {
        Path file = folder.resolve(place).resolve(i + ".png");
        picture(file, SIDE, BufferedImage.TYPE_INT_RGB, random);
      }
    }
  }

  private static void picture(Path file, int side, int type, Random random) {
    BufferedImage image = new BufferedImage(side, side, type);
    for (int at = 0; at < side * side; at++) {
      image.setRGB(at % side, at / side, random.nextInt());
    }
    try {
      Files.createDirectories(file.getParent());
      ImageIO.write(image, "png", file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void zip(Path folder, Path file) {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
        zip.putNextEntry(new ZipEntry(folder.relativize(each).toString().replace('\\', '/')));
        zip.write(Files.readAllBytes(each));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code mine.jar}: the examples of {@code docs/extending.md}, compiled, and their service. */
  static void jar(Documents documents, Path directory) throws IOException {
    Path examples = documents.root().resolve("lot4j-zoo/src/test/java/lot4j/example");
    Path classes = Files.createDirectories(directory.resolve("classes"));
    List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-parameters"));
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path"), "-d", "" + classes));
    try (Stream<Path> sources = Files.list(examples)) {
      sources
          .map(Path::toString)
          .filter(name -> name.endsWith(".java") && !name.endsWith("Test.java"))
          .sorted()
          .forEach(arguments::add);
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
      throw new AssertionError("the examples do not compile");
    }
    try (OutputStream out = Files.newOutputStream(directory.resolve("mine.jar"));
        JarOutputStream jar = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      jar.putNextEntry(new JarEntry("META-INF/services/lot4j.config.Extension"));
      jar.write("lot4j.example.Mine\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
        jar.putNextEntry(new JarEntry(classes.relativize(each).toString().replace('\\', '/')));
        jar.write(Files.readAllBytes(each));
      }
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
