package lot4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The bill of materials, which has no parent, says what the root POM says. */
class BillOfMaterialsTest {
  /** Modules that nobody depends on. */
  private static final Set<String> NOT_LISTED =
      Set.of("lot4j-bom", "lot4j-benchmarks", "examples", "lot4j-examples");

  private final String root = Sources.text(Sources.root().resolve("pom.xml"));
  private final String bill = Sources.text(Sources.root().resolve("lot4j-bom/pom.xml"));

  @Test
  void everyModuleIsListed() {
    Set<String> modules = all(root, "<module>([^<]+)</module>");
    modules.removeAll(NOT_LISTED);
    assertThat(modules).hasSizeGreaterThan(8);
    assertThat(all(bill, "<groupId>lot4j</groupId><artifactId>([^<]+)<")).isEqualTo(modules);
  }

  @Test
  void versionsAreTheSame() {
    String own = "<artifactId>%s</artifactId>\\s*<version>([^<]+)</version>";
    assertThat(all(bill, own.formatted("lot4j-bom"))).isEqualTo(all(root, own.formatted("lot4j")));
    for (String key : Set.of("pytorch.version", "javacpp.version", "openblas.version")) {
      String version = "<" + key + ">([^<]+)<";
      assertThat(all(bill, version)).hasSize(1).isEqualTo(all(root, version));
    }
    String date = "<project.build.outputTimestamp>([^<]+)<";
    assertThat(all(bill, date)).isEqualTo(all(root, date));
  }

  private static Set<String> all(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
