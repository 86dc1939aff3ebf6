package lot4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import lot4j.Imitability;
import lot4j.config.Dummies.PreResNet;
import lot4j.imitability.GaussianJeffreys;
import lot4j.imitability.GaussianKl;
import lot4j.imitability.Jeffreys;
import lot4j.imitability.JensenShannon;
import lot4j.imitability.KlDivergence;
import lot4j.imitability.KlDivergence.Direction;
import lot4j.imitability.LogitError;
import lot4j.imitability.SquaredError;
import lot4j.imitability.TotalVariation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogTest {
  private final Catalog catalog = Dummies.catalog();

  @Test
  void namesEveryMeasure() {
    assertMeasure("kl-free-reference", new KlDivergence(Direction.FREE_REFERENCE, 2, true));
    assertMeasure("kl-reference-free", new KlDivergence(Direction.REFERENCE_FREE, 2, true));
    assertMeasure("jeffreys", new Jeffreys(2, true));
    assertMeasure("js", new JensenShannon(2, true));
    assertMeasure("l2", new SquaredError(2, true));
    assertMeasure("mse-logits", new LogitError(2, true));
    assertMeasure("tv", new TotalVariation(2, true));
    assertMeasure("gaussian-kl-free-reference", new GaussianKl(Direction.FREE_REFERENCE));
    assertMeasure("gaussian-kl-reference-free", new GaussianKl(Direction.REFERENCE_FREE));
    assertMeasure("gaussian-jeffreys", new GaussianJeffreys());
  }

  private void assertMeasure(String name, Imitability measure) {
    assertThat(catalog.metric(name, 2, true)).isEqualTo(measure);
  }

  @ParameterizedTest
  @CsvSource({
    "kl_free_ref, kl-free-reference",
    "kl_ref_free, kl-reference-free",
    "l2_prob, l2",
    "mse_logits, mse-logits",
    "jeffreys, jeffreys",
    "js, js",
    "tv, tv",
  })
  void takesTheFixturesNamesForMeasures(String fixture, String name) {
    assertThat(Texts.run(Texts.MINIMAL, "lot.teacher-metric=" + fixture).lot().teacherMetric())
        .isEqualTo(name);
  }

  @Test
  void theLotSectionGivesItsMeasures() {
    LotConfig lot = Texts.run(Texts.MINIMAL, "lot.student-metric=js").lot();

    assertThat(lot.teacherMeasure(catalog)).isEqualTo(new KlDivergence(1.5));
    assertThat(lot.studentMeasure(catalog)).isEqualTo(new JensenShannon(1.5, false));
  }

  @Test
  void aSpecificationsNameIsTheCanonicalOne() {
    assertThat(catalog.entryOf(Category.MODEL, new PreResNet(56)).name()).isEqualTo("preresnet");
  }

  @Test
  void refusesATakenName() {
    assertThatThrownBy(() -> catalog.model("mlp", new PreResNet(20), ""))
        .hasMessage("name mlp is taken among the models");
  }

  @Test
  void refusesAnAliasOfNothing() {
    assertThatThrownBy(() -> catalog.modelAlias("x", "y", new PreResNet(20), Set.of(), ""))
        .hasMessage("no such name: y");
  }

  @Test
  void loadsThisModulesNames() {
    assertThat(Catalog.load().names(Category.METHOD))
        .contains("teacher-only", "teacher-only-equal-compute", "teacher-only-equal-steps", "lot");
  }

  @Test
  void describesEveryName() {
    for (Category category : Category.values()) {
      assertThat(catalog.entries(category))
          .allMatch(entry -> !entry.description().isBlank() && !entry.description().contains("\n"));
    }
  }
}
