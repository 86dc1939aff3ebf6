package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import lot4j.checkpoint.DirectoryLock;
import lot4j.data.Cifar;
import lot4j.data.SyntheticImages;
import lot4j.testkit.Damage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each message of {@code docs/troubleshooting.md} is one that the program says. */
class TroubleshootingTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)`");

  /** Messages that cannot be had here, by their beginning, and who has them. */
  private static final Map<String, String> ELSEWHERE = elsewhere();

  private static Map<String, String> elsewhere() {
    Map<String, String> reasons = new LinkedHashMap<>();
    reasons.put("no JDK found", "the launcher's, without a JDK");
    reasons.put("no Java compiler found", "the launcher's, without a JDK");
    reasons.put("no Maven found", "the launcher's, without Maven");
    reasons.put("the build failed", "the launcher's");
    reasons.put("libtorch: its native library", "on another platform");
    reasons.put("flags not those of ./lot", "doctor's, of other flags");
    reasons.put("Versions of org.bytedeco", "the engine's own");
    reasons.put("device = cuda", "where there is no CUDA");
    reasons.put("…: its MD5 is not", "DataGetTest");
    reasons.put("…: exists and differs", "DataGetTest");
    reasons.put("interrupted at step", "ResumeIT");
    reasons.put("…: the data has changed", "BadTextTest");
    reasons.put("…: … of … tokens", "TextRunsTest");
    reasons.put("… then, … now", "on another machine");
    reasons.put("the worker process ended", "of a killed process");
    return reasons;
  }

  private final List<String> said = new ArrayList<>();

  @TempDir Path directory;

  @BeforeEach
  void hearErrorsOfTheCommandLine() throws IOException {
    Path golden = Path.of("src/test/resources/golden/errors.txt");
    Files.readString(golden).lines().filter(line -> line.startsWith("lot: ")).forEach(said::add);
  }

  @Test
  void everyMessageIsSaid() throws IOException {
    configurations();
    images();
    texts();
    runs();

    List<String> unheard = new ArrayList<>();
    for (String message : messages()) {
      Pattern form = form(message);
      boolean elsewhere = ELSEWHERE.keySet().stream().anyMatch(message::startsWith);
      if (!elsewhere && said.stream().noneMatch(line -> form.matcher(line).matches())) {
        unheard.add(message);
      }
    }
    assertThat(unheard).as("said by nobody; said were:%n%s", String.join("\n", said)).isEmpty();
  }

  @Test
  void whatIsLeftOutIsOnThePage() {
    assertThat(ELSEWHERE.keySet())
        .allSatisfy(start -> assertThat(messages()).anyMatch(message -> message.startsWith(start)));
    assertThat(messages()).hasSizeGreaterThan(50);
  }

  private static List<String> messages() {
    return ROW.matcher(Documents.here().text("docs/troubleshooting.md"))
        .results()
        .map((MatchResult row) -> row.group(1))
        .toList();
  }

  /** A message with anything for the ellipsis and any number for a number. */
  private static Pattern form(String message) {
    String form =
        Pattern.compile("…|\\d+|[^…\\d]+")
            .matcher(message)
            .results()
            .map(MatchResult::group)
            .map(part -> part.equals("…") ? ".*" : part.matches("\\d+") ? "\\d+" : quoted(part))
            .collect(Collectors.joining());
    return Pattern.compile("(lot: )?(.*: )?" + form + ".*");
  }

  private static String quoted(String part) {
    return Pattern.quote(part);
  }

  private void configurations() {
    run(
        "plan",
        "digits",
        "--no-timing",
        "--set",
        "task.unlabelled=rest",
        "--set",
        "lot.student-task-weight=1");
    run("plan", "digits", "--set", "task.validation=none", "--set", "select=best");
    run("plan", "digits", "--set", "budget.epochs=0");
    run(
        "plan",
        "digits",
        "--no-timing",
        "--set",
        "lot.alpha=0.5",
        "--set",
        "methods=[teacher-only, lot-paper]");
    run("plan", "digits", "--no-timing", "--set", "early-stopping.patience=2");
  }

  private void images() throws IOException {
    write("nothing.bin", new byte[0]);
    train("nothing.bin");
    write("empty/notes.txt", new byte[0]);
    train("empty");
    pets("one", "cat");
    train("one");
    pets("pets", "cat", "dog");
    Files.move(at("pets/test/dog"), at("dog"));
    train("pets");
    Files.move(at("pets/test"), at("test"));
    train("pets");
    Files.move(at("test"), at("pets/test"));
    Files.move(at("dog"), at("pets/test/dog"));
    write("pets/train/dog/2.png", png(8, 9));
    train("pets");
    write("pets/train/dog/2.png", png(8, 8));
    write("pets/train/cat/3.png", "no image".getBytes(StandardCharsets.US_ASCII));
    train("pets");
    write("pets/train/cat/3.png", png(8, 8));
    write("pets/test/dog/1.png", declared(60_000));
    train("pets");
    zip("pets.zip", "../train/cat/1.png");
    train("pets.zip");
    new SyntheticImages(Cifar.CIFAR10, 50, 20, 1).write(at("cifar10"));
    run(
        "train",
        "digits",
        "--out",
        at("out"),
        "--data-dir",
        directory,
        "--set",
        "task.data=cifar10");
    Path file = at("cifar10/data_batch_3.bin");
    Damage.truncate(file, Files.size(file) - 100);
    train("cifar10");
  }

  private void texts() throws IOException {
    write("empty.txt", new byte[0]);
    text("empty.txt");
    write("latin.txt", "caf\u00e9 ".repeat(99).getBytes(StandardCharsets.ISO_8859_1));
    text("latin.txt");
  }

  private void runs() throws IOException {
    List<String> small =
        List.of("budget.updates=4", "eval-every=1", "checkpoint.every=1", "threads=1");
    run("train", "digits", small, "--out", at("run"));
    run("resume", at("run"));
    Files.createDirectories(at("compared/runs"));
    run("compare", "digits", "--out", at("run"));
    run("predict", at("compared"), "x");
    run("eval", at("compared"), "--episodes", "1");
    try (DirectoryLock lock = DirectoryLock.acquire(at("run"))) {
      assertThat(lock).isNotNull();
      run("train", "digits", "--out", at("run"), "--force");
    }
    Path checkpoint =
        at("run/checkpoints").resolve(Files.readString(at("run/checkpoints/latest")).strip());
    Path weights = checkpoint.resolve("teacher.safetensors");
    Damage.truncate(weights, Files.size(weights) - 100);
    run("eval", checkpoint);
    run("train", "digits", small, "--out", at("wild"), "--set", "optimizer={kind: sgd, lr: 1e30}");
    run("resume", at("wild"), "--threads", "2");
  }

  private void train(String data) {
    run("train", "digits", "--out", at("out"), "--set", "task.data=" + at(data));
  }

  private void text(String data) {
    run("train", "kjv-char", "--out", at("out"), "--set", "task.data=" + at(data));
  }

  /** Runs a command here, lists being overrides, and keeps what it says. */
  private void run(Object... words) {
    List<String> arguments = new ArrayList<>();
    for (Object word : words) {
      if (word instanceof List<?> overrides) {
        overrides.forEach(override -> arguments.addAll(List.of("--set", String.valueOf(override))));
      } else {
        arguments.add(word.toString());
      }
    }
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    try (PrintStream ear = new PrintStream(heard, true, StandardCharsets.UTF_8)) {
      System.setOut(ear);
      System.setErr(ear);
      Main.run(arguments.toArray(String[]::new));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    heard.toString(StandardCharsets.UTF_8).lines().forEach(said::add);
  }

  private Path at(String name) {
    return directory.resolve(name);
  }

  private void pets(String folder, String... kinds) throws IOException {
    for (String split : new String[] {"train", "test"}) {
      for (String kind : kinds) {
        for (int i = 0; i < 5; i++) {
          write(folder + "/" + split + "/" + kind + "/" + i + ".png", png(8, 8));
        }
      }
    }
  }

  private void zip(String name, String entry) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(at(name)))) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(png(8, 8));
    }
  }

  private static byte[] png(int width, int height) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", bytes);
    return bytes.toByteArray();
  }

  /** A small picture whose header says that it is a large one. */
  private static byte[] declared(int side) throws IOException {
    byte[] picture = png(8, 8);
    ByteBuffer header = ByteBuffer.wrap(picture);
    header.putInt(16, side).putInt(20, side);
    CRC32 sum = new CRC32();
    sum.update(picture, 12, 17);
    header.putInt(29, (int) sum.getValue());
    return picture;
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.createDirectories(at(name).getParent());
    Files.write(at(name), bytes);
  }
}
