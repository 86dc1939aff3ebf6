package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatchTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "#### 18 | 18",
        "so it is 9*2=18.\\n#### 18 | 18",
        "#### 1,800 | 1800",
        "#### 1,234,567.50 | 1234567.5",
        "#### $1800 | 1800",
        "#### 1800. | 1800",
        "#### 1800.00 | 1800",
        "####18 | 18",
        "####   18   | 18",
        "#### -3 | -3",
        "#### -$3 | -3",
        "#### $-3 | -3",
        "#### .5 | 0.5",
        "#### 18 apples | 18",
        "#### 5\\n#### 7 | 5",
        "#### 007 | 7",
        "#### 18% | 18",
      })
  void theNumberBehindTheMark(String answer, String number) {
    assertThat(Match.number(answer.replace("\\n", "\n")).orElseThrow())
        .isEqualByComparingTo(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "18", "### 18", "####", "#### ", "#### eighteen", "#### - ", "#### ,"})
  void noNumber(String answer) {
    assertThat(Match.number(answer)).isEmpty();
  }

  @Test
  void numbersMustBeEqualAndThere() {
    assertThat(Match.NUMBER.same("a\n#### 1,800", "b\n#### 1800.0")).isTrue();
    assertThat(Match.NUMBER.same("#### 1800", "#### 180")).isFalse();
    assertThat(Match.NUMBER.same("#### 1800", "1800")).isFalse();
    assertThat(Match.NUMBER.same("1800", "1800")).isFalse();
    assertThat(Match.AUTO.same("1800", "1800")).isTrue();
    assertThat(Match.AUTO.same("x #### 3", "y #### 3")).isTrue();
  }

  @Test
  void textsMustBeEqualButForTheirSpace() {
    assertThat(Match.TEXT.same("the  cat\n", " the cat")).isTrue();
    assertThat(Match.TEXT.same("the cat", "The cat")).isFalse();
    assertThat(Match.TEXT.same("#### 3", "x #### 3")).isFalse();
  }

  /** Of a text its beginning tells that it is wrong; of a number behind a mark nothing tells it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "TEXT|the cat|the|true",
        "TEXT|the cat|  the  c|true",
        "TEXT|the cat|the cat |true",
        "TEXT|the cat|the cat s|false",
        "TEXT|the cat|a|false",
        "TEXT|the cät|the c\uFFFD|true",
        "AUTO|the cat|a|false",
        "AUTO|x #### 3|y|true",
        "NUMBER|the cat|a|true",
      })
  void aBeginningTellsWhetherATextCanBeRight(
      Match match, String reference, String begun, boolean open) {
    assertThat(match.foretold(reference, begun).isEmpty()).isEqualTo(open);
    assertThat(match.foretold(reference, begun)).isNotEqualTo(java.util.Optional.of(true));
  }
}
