package lot4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTreeTest {
  private static YamlNode.Mapping read(String text) {
    return YamlTree.file("a.yaml", text.getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(String text, String... lines) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(ConfigError.class)
        .hasMessage(String.join("\n", lines));
  }

  @ParameterizedTest
  @CsvSource({
    "1e-4, java.lang.Double",
    "1E5, java.lang.Double",
    ".5, java.lang.Double",
    "-3.25, java.lang.Double",
    ".inf, java.lang.Double",
    ".nan, java.lang.Double",
    "30, java.lang.Long",
    "0x1F, java.lang.Long",
    "-7, java.lang.Long",
    "99999999999999999999, java.math.BigInteger",
    "true, java.lang.Boolean",
    "yes, java.lang.String",
    "none, java.lang.String",
    "1.2.3, java.lang.String",
    "2026-01-01, java.lang.String",
    "1_000, java.lang.String",
    "'\"1\"', java.lang.String",
  })
  void readsCoreTypes(String written, Class<?> type) {
    YamlNode value = read("key: " + written).at("key").orElseThrow();

    assertThat(((YamlNode.Scalar) value).value()).get().isInstanceOf(type);
  }

  @Test
  void readsAnExponentAsItsNumber() {
    assertThat(YamlNode.plain(read("a: 1e-4"))).hasToString("{a=1.0E-4}");
  }

  @Test
  void takesAnEmptyFileForNoKeys() {
    assertThat(read("").entries()).isEmpty();
    assertThat(read("# nothing\n").entries()).isEmpty();
    assertThat(read("---\n").entries()).isEmpty();
  }

  @Test
  void ignoresAByteOrderMark() {
    assertThat(read("\ufeffa: 1").has("a")).isTrue();
  }

  @Test
  void knowsThePlaceOfKeysAndValues() {
    YamlNode.Mapping root = read("a:\n  bc: [1, x]\n");
    YamlNode.Mapping inner = (YamlNode.Mapping) root.at("a").orElseThrow();
    YamlNode.Sequence list = (YamlNode.Sequence) inner.at("bc").orElseThrow();

    assertThat(inner.where()).isEqualTo("a.yaml:2:3");
    assertThat(inner.entries().get("bc").where()).isEqualTo("a.yaml:2:3");
    assertThat(list.items().get(1).where()).isEqualTo("a.yaml:2:11");
  }

  @Test
  void refusesDuplicateKeysWithBothPlaces() {
    refused("a: 1\nb: 2\na: 3\n", "a.yaml:3:1: duplicate key: a; it stands already at a.yaml:1:1");
  }

  @Test
  void refusesTags() {
    refused(
        "a: !!python/object:os.system 1\nb: !x {}\n",
        "a.yaml:1:4: tag tag:yaml.org,2002:python/object:os.system is not allowed; plain values",
        "a.yaml:2:4: tag !x is not allowed; plain values");
  }

  @Test
  void refusesAnchorsAndAliases() {
    refused(
        "a: &x [1]\nb: *x\n",
        "a.yaml:1:4: anchor &x is not allowed; plain values",
        "a.yaml:2:4: alias *x is not allowed; write the value out");
  }

  @Test
  void refusesSeveralDocuments() {
    refused("a: 1\n---\nb: 1\n", "a.yaml:2:1: several documents are not allowed; one");
  }

  @Test
  void refusesARootThatIsNoMapping() {
    refused("- 1\n- 2\n", "a.yaml:1:1: [1, 2] is not allowed; a mapping of keys to values");
    refused("hello", "a.yaml:1:1: hello is not allowed; a mapping of keys to values");
  }

  @Test
  void refusesLargeFiles() {
    byte[] large = new byte[1_000_001];

    assertThatThrownBy(() -> YamlTree.file("a.yaml", large))
        .hasMessage("a.yaml: file of 1000001 bytes is not allowed; at most 1000000");
  }

  @Test
  void refusesWhatIsNotUtf8WithItsPlace() {
    byte[] latin = "a: 1\nb: \u00e9\n".getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> YamlTree.file("a.yaml", latin))
        .hasMessage("a.yaml:2:4: the file is not UTF-8 text, which it has to be");
  }

  @Test
  void refusesATruncatedCharacterAtTheEnd() {
    byte[] cut = {'a', ':', ' ', (byte) 0xc3};

    assertThatThrownBy(() -> YamlTree.file("a.yaml", cut)).hasMessageContaining("not UTF-8");
  }

  @Test
  void refusesControlCharacters() {
    refused("a: \u0007\n", "a.yaml: character U+0007 is not allowed; printable text");
  }

  @Test
  void refusesKeysThatAreNoText() {
    refused("? [1]\n: 2\n", "a.yaml:1:3: key [1] is not allowed; a text");
  }

  @Test
  void refusesDeepNesting() {
    assertThatThrownBy(() -> read("a: " + "[".repeat(5000) + "]".repeat(5000)))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("more than 32 levels are not allowed");
  }

  @Test
  void tellsWhereYamlIsBroken() {
    assertThatThrownBy(() -> read("a: [1, 2\nb: 3\n"))
        .isInstanceOf(ConfigError.class)
        .hasMessageStartingWith("a.yaml:2:")
        .hasMessageContaining("not YAML: ");
  }

  @Test
  void escapesControlCharactersInQuotedText() {
    refused(
        "\"a\\e[31m\": 1\n\"a\\e[31m\": 2\n",
        "a.yaml:2:1: duplicate key: a\\x1b[31m; it stands already at a.yaml:1:1");
  }

  @Test
  void escapesTheFilesNameToo() {
    assertThatThrownBy(
            () -> YamlTree.file("a\u001b\n.yaml", "- 1".getBytes(StandardCharsets.UTF_8)))
        .hasMessageStartingWith("a\\x1b\\n.yaml:1:1: ");
  }
}
