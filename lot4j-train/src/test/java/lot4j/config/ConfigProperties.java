package lot4j.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ConfigProperties {
  private static final String COMPLETE = Texts.yaml(Texts.experiment(Texts.MINIMAL));
  private static final List<String> PIECES =
      List.of(
          "lot",
          "alpha",
          "students[0].",
          "teacher",
          "model",
          ":",
          " ",
          "\n",
          "  ",
          "- ",
          "{",
          "}",
          "[",
          "]",
          ",",
          "\"",
          "'",
          "&a",
          "*a",
          "!t",
          "#",
          "|",
          ">",
          "?",
          "%",
          "@",
          "1e400",
          "-0",
          ".nan",
          "none",
          "null",
          "kind",
          "mlp",
          "\t",
          "\u0000",
          "\ufffe",
          "é",
          "---",
          "...",
          "<<",
          "budget",
          "methods",
          "set",
          ".",
          "=");

  @Property(tries = 200)
  void anyBytesAreReadOrRefused(@ForAll byte[] bytes) {
    readOrRefused(bytes);
  }

  @Property(tries = 200)
  void anyTextIsReadOrRefused(@ForAll("pieces") String text) {
    readOrRefused(text.getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 100)
  void aDamagedConfigurationIsReadOrRefused(
      @ForAll @IntRange(max = 10_000) int at, @ForAll("pieces") String damage) {
    String whole = COMPLETE;
    int cut = at % whole.length();
    readOrRefused(
        (whole.substring(0, cut) + damage + whole.substring(cut)).getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 200)
  void anyOverrideIsTakenOrRefused(@ForAll("pieces") String override) {
    ConfigReader reader = new ConfigReader(Dummies.catalog());
    ConfigSource source = ConfigSource.of("a.yaml", Texts.MINIMAL);
    try {
      assertThat(reader.readRun(source, List.of(override))).isNotNull();
    } catch (ConfigError e) {
      assertThat(e.problems()).isNotEmpty().allSatisfy(ConfigProperties::isOneLine);
    }
  }

  @Property(tries = 100)
  void whatIsWrittenReadsAsTheSame(
      @ForAll("numbers") Map<String, String> numbers, @ForAll("texts") String data) {
    String text =
        Texts.MINIMAL.replace("cifar100", YamlText.of(Map.of("k", data)).strip().substring(3));
    String[] overrides =
        numbers.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .toArray(String[]::new);
    RunConfig config = Texts.run(text, overrides);
    String written = Texts.yaml(config);
    RunConfig again = Texts.run(written);

    assertThat(Plain.of(config.task().spec()).get("data")).isEqualTo(data);
    assertThat(again).isEqualTo(config);
    assertThat(Texts.yaml(again)).isEqualTo(written);
  }

  private static void readOrRefused(byte[] bytes) {
    ConfigReader reader = new ConfigReader(Dummies.catalog());
    try {
      assertThat(reader.read(new ConfigSource("a.yaml", bytes), List.of())).isNotNull();
    } catch (ConfigError e) {
      assertThat(e.problems()).isNotEmpty().allSatisfy(ConfigProperties::isOneLine);
    }
  }

  private static void isOneLine(Problem problem) {
    assertThat(problem.toString()).matches("[^\\p{Cntrl}\u2028\u2029]+");
  }

  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.of(PIECES).list().ofMaxSize(30).map(list -> String.join("", list));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings()
        .withChars("abz019.-_ :#'\"\\{}[],&*!|>%@`~?\n\t\u001b\u00e9\u2028")
        .ofMinLength(1)
        .ofMaxLength(12)
        .filter(text -> !text.isBlank());
  }

  @Provide
  Arbitrary<Map<String, String>> numbers() {
    Arbitrary<String> above =
        Arbitraries.doubles().between(1e-9, 1e9).ofScale(9).map(value -> YamlText.number(value));
    Arbitrary<String> whole = Arbitraries.integers().between(1, 1_000_000).map(String::valueOf);
    return Arbitraries.of(
            "lot.alpha",
            "lot.temperature",
            "lot.student-task-weight",
            "lot.student-metric-weight",
            "optimizer.lr",
            "student-optimizer.weight-decay",
            "optimizer.clip",
            "schedule.warmup",
            "eval-every",
            "checkpoint.every",
            "budget.minutes")
        .list()
        .uniqueElements()
        .ofMaxSize(8)
        .flatMap(
            keys ->
                above
                    .list()
                    .ofSize(keys.size())
                    .flatMap(values -> whole.map(n -> filled(keys, values, n))));
  }

  private static Map<String, String> filled(List<String> keys, List<String> values, String whole) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      map.put(keys.get(i), values.get(i));
    }
    map.put("batch-size", whole);
    map.put("lot.steps", whole);
    return map;
  }
}
