package lot4j.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import lot4j.config.ConfigError;
import lot4j.config.ValueList;
import lot4j.random.Streams;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {
  private static List<String> values(String grid) {
    return Axis.parse(grid).values();
  }

  @Test
  void valuesStandBetweenCommas() {
    assertThat(values("lot.alpha=0.3,1, 3 ")).containsExactly("0.3", "1", "3");
    assertThat(values("lot.alpha=[0.3, 1, 3]")).containsExactly("0.3", "1", "3");
    assertThat(values("lot.order=joint,teacher-first")).containsExactly("joint", "teacher-first");
    assertThat(values("ema=none,0.99")).containsExactly("none", "0.99");
    assertThat(values("batch-size=50")).containsExactly("50");
  }

  @Test
  void commasInsideBracketsAndQuotesDivideNothing() {
    assertThat(values("teacher.hidden=[16, 8],[32]")).containsExactly("[16, 8]", "[32]");
    assertThat(values("teacher.hidden=[[16, 8]]")).containsExactly("[16, 8]");
    assertThat(values("schedule={kind: cosine, warmup: 2},constant"))
        .containsExactly("{kind: cosine, warmup: 2}", "constant");
    assertThat(values("task.data=\"a, b\",c")).containsExactly("\"a, b\"", "c");
    assertThat(values("students=[{model: mlp}],[{model: cnn}, {model: mlp}]"))
        .containsExactly("[{model: mlp}]", "[{model: cnn}, {model: mlp}]");
  }

  @Test
  void rangesAreRead() {
    assertThat(Axis.parse("lot.alpha=log(0.1..10)").range())
        .contains(new Axis.Range(0.1, 10, true));
    assertThat(Axis.parse("lot.alpha=lin( -1 .. 1e2 )").range())
        .contains(new Axis.Range(-1, 100, false));
    assertThat(values("lot.steps=int(2..5)")).containsExactly("2", "3", "4", "5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lot.alpha                | no key and values",
        "=1                       | no key and values",
        "lot.alpha=               | no value is given",
        "lot.alpha=1,1            | value 1 is given twice",
        "lot.alpha=1,[            | not YAML",
        "lot.alpha=1] , [2        | not YAML",
        "lot.alpha=~,1            | a value",
        "lot.alpha=log(0..1)      | 0 < a < b",
        "lot.alpha=lin(1..1)      | a < b",
        "lot.alpha=int(1..2.5)    | whole numbers",
        "lot.alpha=int(1..100000) | 10000 at most",
        "lot.alpha=log(1,2)       | lin(a..b)",
        "lot.alpha=&a 1           | anchor",
      })
  void whatIsWrongIsSaid(String grid, String said) {
    assertThatThrownBy(() -> Axis.parse(grid))
        .isInstanceOf(ConfigError.class)
        .hasMessageStartingWith("--grid " + grid)
        .hasMessageContaining(said);
  }

  /** What is written is read as the same value, and written again in the same way. */
  @Property
  void everyListOfValuesIsReadBack(@ForAll("lists") List<Object> values) {
    List<String> written = values.stream().distinct().map(AxisTest::yaml).toList();
    Assume.that(written.size() > 1); // one list alone is a list of values
    List<String> read = ValueList.of("", String.join(",", written));

    assertThat(read).hasSameSizeAs(written);
    assertThat(read.stream().map(ValueList::plain).toList())
        .isEqualTo(values.stream().distinct().toList());
    assertThat(ValueList.of("", String.join(", ", read))).isEqualTo(read);
  }

  private static String yaml(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(AxisTest::yaml).toList().toString();
    }
    return value instanceof String text
        ? "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\""
        : value.toString();
  }

  @Provide
  Arbitrary<List<Object>> lists() {
    Arbitrary<Object> scalars =
        Arbitraries.oneOf(
            Arbitraries.integers().map(Object.class::cast),
            Arbitraries.doubles().between(-1e6, 1e6).map(Object.class::cast),
            Arbitraries.of(true, false).map(Object.class::cast),
            Arbitraries.strings()
                .withChars("ab 1.,[]{}:#'\"\\é-")
                .ofMinLength(1)
                .ofMaxLength(8)
                .map(Object.class::cast));
    Arbitrary<Object> lists = scalars.list().ofMaxSize(3).map(Object.class::cast);
    return Arbitraries.oneOf(scalars, lists).list().ofMinSize(2).ofMaxSize(6);
  }

  @Property
  void drawsStayInTheirRangeAndAreReadable(
      @ForAll @DoubleRange(min = 1e-6, max = 1e3) @Scale(6) double low,
      @ForAll @DoubleRange(min = 1.001, max = 1e4) @Scale(3) double factor,
      @ForAll boolean logarithmic,
      @ForAll @IntRange(max = 1000) int seed) {
    Axis.Range range = new Axis.Range(low, low * factor, logarithmic);
    Axis axis = new Axis("lot.alpha", "", List.of(), java.util.Optional.of(range));
    String drawn = axis.draw(new Streams(seed).named("sweep.points"));

    assertThat(Double.parseDouble(drawn)).isBetween(range.low(), range.high());
    assertThat(ValueList.of("", drawn)).containsExactly(drawn);
  }

  /** Of a logarithmic range as many draws lie in each decade. */
  @Test
  void logarithmicDrawsFillTheDecadesEvenly() {
    Axis axis = Axis.parse("lot.alpha=log(0.01..100)");
    var stream = new Streams(3).named("sweep.points");
    int[] decades = new int[4];
    for (int i = 0; i < 4000; i++) {
      decades[
          (int) Math.min(3, Math.floor(Math.log10(Double.parseDouble(axis.draw(stream))) + 2))]++;
    }
    // Binomial with n = 4000, p = 1/4: a standard deviation of 27.
    assertThat(decades)
        .satisfies(
            counts -> {
              for (int count : counts) {
                assertThat(count).isBetween(860, 1140);
              }
            });
  }
}
