package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The reader's language changes nothing: files and tables have a point in numbers and the digits 0
 * to 9, and keys are read alike where i is not the small letter of I.
 */
class LocaleTest {
  @TempDir static Path directory;

  @BeforeAll
  static void table() throws IOException {
    StringBuilder rows = new StringBuilder("area,kind,price\n");
    Random random = new Random(3);
    for (int i = 0; i < 60; i++) {
      double area = 20 + 80 * random.nextDouble();
      rows.append(area).append(i % 2 == 0 ? ",wood," : ",brick,").append(3 * area).append('\n');
    }
    Files.writeString(directory.resolve("houses.csv"), rows);
  }

  private static Program reader(String locale) {
    String[] parts = locale.split("-");
    return Program.in(directory)
        .with(
            Map.of(
                "JDK_JAVA_OPTIONS", "-Duser.language=" + parts[0] + " -Duser.country=" + parts[1]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"de-DE", "tr-TR", "ar-EG"})
  void changesNothing(String locale) throws IOException, InterruptedException {
    String[] plan = {
      "plan", "digits", "--no-timing", "--set", "lot={order: joint, regularize-on: task-batch}"
    };
    assertThat(reader(locale).succeed(plan).out()).isEqualTo(reader("en-US").succeed(plan).out());

    Program.Ended ended = train(locale);
    assertThat(ended.out()).startsWith("name: houses\n").contains("\ntest teacher ");
    assertThat(ended.out().replace(locale, "en-US")).isEqualTo(train("en-US").out());
    assertThat(reader(locale).succeed("report", locale, "--csv", "--curves").out())
        .matches("\\p{ASCII}*");
    assertThat(Files.readString(directory.resolve(locale).resolve("config.yaml")))
        .isEqualTo(Files.readString(directory.resolve("en-US/config.yaml")));
  }

  private static Program.Ended train(String locale) throws IOException, InterruptedException {
    return reader(locale)
        .succeed(
            "train",
            "--data",
            "houses.csv",
            "--target",
            "price",
            "--out",
            locale,
            "--force",
            "--set",
            "teacher={model: mlp, hidden: [4]}",
            "--set",
            "students=[{model: mlp, hidden: [4]}]",
            "--set",
            "budget.updates=4",
            "--set",
            "eval-every=2",
            "--set",
            "checkpoint.every=2");
  }

  @Test
  void predictionsHaveAPoint() throws IOException, InterruptedException {
    train("de-DE");
    assertThat(reader("de-DE").succeed("predict", "de-DE", "houses.csv").out())
        .doesNotContainPattern("\\d,\\d");
  }
}
