package lot4j.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import lot4j.config.ConfigError;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DesignTest {
  private static final List<String> SMALL = List.of("lot.alpha=0.3,1,3", "lot.steps=1,2");

  private static List<String> points(List<String> grids, Optional<Integer> random, long seed) {
    return Design.of(grids, random, seed).points().stream().map(Point::toString).toList();
  }

  @Test
  void aGridIsEveryCombinationWithTheLastKeyFastest() {
    assertThat(points(SMALL, Optional.empty(), 0))
        .containsExactly(
            "lot.alpha=0.3 lot.steps=1",
            "lot.alpha=0.3 lot.steps=2",
            "lot.alpha=1 lot.steps=1",
            "lot.alpha=1 lot.steps=2",
            "lot.alpha=3 lot.steps=1",
            "lot.alpha=3 lot.steps=2");
  }

  @Property
  void drawsAreDifferentPointsOfTheGridAndMoreOnlyAddToFewer(
      @ForAll @IntRange(min = 1, max = 6) int n, @ForAll long seed) {
    List<String> drawn = points(SMALL, Optional.of(n), seed);

    assertThat(drawn).hasSize(n).doesNotHaveDuplicates();
    assertThat(points(SMALL, Optional.empty(), 0)).containsAll(drawn);
    assertThat(points(SMALL, Optional.of(6), seed)).startsWith(drawn.toArray(String[]::new));
    assertThat(points(SMALL, Optional.of(n), seed)).isEqualTo(drawn);
  }

  @Test
  void anotherSeedDrawsOthers() {
    Set<List<String>> draws = new HashSet<>();
    for (long seed = 0; seed < 10; seed++) {
      draws.add(points(SMALL, Optional.of(3), seed));
    }
    assertThat(draws).hasSizeGreaterThan(5);
  }

  @Test
  void rangesAndListsAreDrawnTogether() {
    List<String> grids = List.of("lot.alpha=log(0.1..10)", "lot.steps=1,2");
    List<String> drawn = points(grids, Optional.of(50), 1);

    assertThat(drawn).hasSize(50).doesNotHaveDuplicates();
    assertThat(drawn).anyMatch(point -> point.endsWith("lot.steps=1"));
    assertThat(drawn).anyMatch(point -> point.endsWith("lot.steps=2"));
    assertThat(points(grids, Optional.of(60), 1)).startsWith(drawn.toArray(String[]::new));
  }

  @Test
  void hugeGridsAreDrawnFromWithoutBeingMade() {
    List<String> grids = new java.util.ArrayList<>();
    for (int i = 0; i < 40; i++) {
      grids.add("key" + i + "=int(1..9)");
    }
    assertThat(points(grids, Optional.of(5), 0)).hasSize(5).doesNotHaveDuplicates();
  }

  @Test
  void whatIsWrongIsSaidTogether() {
    assertThatThrownBy(
            () -> Design.of(List.of("a=1,1", "b=log(1..2)", "c=1", "c=2"), Optional.empty(), 0))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("--grid a=1,1: value 1 is given twice")
        .hasMessageContaining("--grid b=log(1..2): a range is not allowed without --random N")
        .hasMessageContaining("--grid c=2: c is given twice");
    assertThatThrownBy(() -> Design.of(SMALL, Optional.of(7), 0))
        .hasMessage("--random 7: not allowed; the grid has 6 points, each drawn once");
    assertThatThrownBy(() -> Design.of(SMALL, Optional.of(0), 0)).hasMessageContaining("1 to");
    assertThatThrownBy(
            () -> Design.of(List.of("a=int(1..200)", "b=int(1..200)"), Optional.empty(), 0))
        .hasMessageContaining("more than 10000 points");
  }

  @Test
  void rangesTooNarrowForTheDrawAreToldAndNotSearchedForever() {
    assertThatThrownBy(() -> points(List.of("a=lin(1..1.001)"), Optional.of(50), 0))
        .hasMessageContaining("too narrow");
  }
}
