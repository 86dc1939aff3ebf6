package example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnLoopTest {
  @Test
  void theLossFalls() {
    assertThat(OwnLoop.train(400)).isLessThan(0.7 * OwnLoop.train(1));
  }

  @Test
  void theLoopHasTwentyLinesAndFiveOfThemAreLots() throws IOException {
    List<String> source = Files.readAllLines(Path.of("src/main/java/example/OwnLoop.java"));
    int from = source.indexOf("      Net net = new Net(16);");
    List<String> loop = source.subList(from, source.indexOf("      return last;"));
    assertThat(loop.stream().filter(line -> !line.isBlank() && !line.strip().equals("}")))
        .hasSizeBetween(10, 20);
    assertThat(loop.stream().filter(line -> line.endsWith("// +"))).hasSize(5);
  }

  @Test
  void itNeedsTheCoreAndTheEngineAlone() {
    // Surefire hides the class path in a jar, and says here what it is.
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> jars = Arrays.asList(path.split(File.pathSeparator));
    assertThat(jars).anyMatch(jar -> jar.contains("lot4j-core"));
    assertThat(jars).noneMatch(jar -> jar.contains("lot4j-train") || jar.contains("jackson"));
  }
}
