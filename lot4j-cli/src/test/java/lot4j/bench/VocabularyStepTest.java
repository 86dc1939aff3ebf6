package lot4j.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyStepTest {
  @ParameterizedTest
  @ValueSource(strings = {"plain", "piecewise"})
  void worksInBothForms(String form) {
    List<String> set = List.of("classes=50", "features=3", "positions=7", "form=" + form);
    try (VocabularyStep step = new VocabularyStep(1, set)) {
      assertThat(step.name()).isEqualTo(form);
      assertThat(step.round(0.001)).isPositive();
    }
  }
}
