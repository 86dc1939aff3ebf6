package lot4j.model.language;

import static lot4j.model.language.TransformerXlCases.WORDS;
import static lot4j.model.language.TransformerXlCases.adaptive;
import static lot4j.model.language.TransformerXlCases.named;
import static lot4j.model.language.TransformerXlCases.small;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lot4j.Census;
import lot4j.Shape;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published counts, counts by hand, and counted equal to allocated. */
class TransformerXlCensusTest {
  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  @ParameterizedTest
  @CsvSource({
    "4, 200, 8, 20, 1000, 10000, 4258320",
    "4, 410, 12, 41, 2100, 10000, 15049984",
    "4, 410, 12, 41, 2100, 267735, 120979069"
  })
  void hasThePublishedParameters(
      int layers, int width, int heads, int size, int inner, int words, long parameters) {
    TransformerXl spec =
        new TransformerXl(layers, width, heads, size, inner, 70, 0.25, 0, true, List.of(), 1);
    assertThat(spec.census(Shape.ofTokens(70), words).parameters()).isEqualTo(parameters);
  }

  @Test
  void theWikiText103BaseNetworkHas151107538Parameters() {
    TransformerXl base =
        new TransformerXl(
            16, 410, 10, 41, 2100, 150, 0.1, 0, true, List.of(20_000, 40_000, 200_000), 1);
    assertThat(base.census(Shape.ofTokens(150), 267_735).parameters()).isEqualTo(151_107_538);
  }

  @Test
  void countsWhatBuildAllocates() {
    List<TransformerXl> specs =
        List.of(
            small(3, 4),
            adaptive(false, List.of(), 1),
            adaptive(true, List.of(3, 8), 1),
            adaptive(false, List.of(3, 8), 1),
            adaptive(true, List.of(3, 8), 2),
            adaptive(false, List.of(3, 8), 2));
    for (TransformerXl spec : specs) {
      long allocated =
          named(spec.build(Shape.ofTokens(4), WORDS)).values().stream()
              .mapToLong(Tensor::numel)
              .sum();
      assertThat(spec.census(Shape.ofTokens(4), WORDS).parameters())
          .as(spec.toString())
          .isEqualTo(allocated);
    }
  }

  @Test
  void countsTheWorkOfAToken() {
    // 70 queries, 140 keys; 200 wide, heads of 160 together.
    long projections = 200 * 160 + 2 * 2 * 200 * 160 + 200 * 160;
    long distances = 2 * 200 * 160;
    long products = 3 * 140 * 160;
    long feed = 2 * 200 * 1000;
    assertThat(new TransformerXl().census(Shape.ofTokens(70), 10_000))
        .isEqualTo(
            new Census(4_258_320, 4 * (projections + distances + products + feed) + 200 * 10_000));
  }

  @Test
  void aPartialMultiplyAccumulateIsRoundedUp() {
    TransformerXl spec = small(1, 1);
    long piece = 2 * 3 * 60 + 3 * 4 * 60 + 3 * 3 * 4 * 10 + 3 * 2 * 42;
    assertThat(spec.census(Shape.ofTokens(3), 5).macs()).isEqualTo((piece + 2) / 3 + 30);
  }

  @Test
  void adaptivePartsCountTheWholeVocabulary() {
    // 3 + 5 + 5 words with vectors of 8, 4 and 2; the first cluster's scores have 2 clusters more.
    long decoder = (3 + 2) * 8 + 5 * 4 + 5 * 2;
    long projections = 8 * 8 + 8 * 4 + 8 * 2;
    long own = decoder + projections + 8 * 8;
    long without = adaptive(true, List.of(), 1).census(Shape.ofTokens(4), WORDS).macs() - 13 * 8;
    assertThat(adaptive(true, List.of(3, 8), 2).census(Shape.ofTokens(4), WORDS).macs())
        .isEqualTo(without + own);
  }
}
