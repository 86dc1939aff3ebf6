package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever the classes and groups are, a split is a split, in proportion, and tears nothing. */
class SplitProperties {
  private static List<Integer> rows(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static RandomStream stream(long seed) {
    return new Streams(seed).named("split");
  }

  private static void isSplit(Stratified drawn, int rows) {
    List<Integer> all = new ArrayList<>(drawn.chosen());
    all.addAll(drawn.rest());
    assertThat(all).containsExactlyInAnyOrderElementsOf(rows(rows));
  }

  @Property(tries = 200)
  void stratifiedPartsAreWithinOneOfTheirShare(
      @ForAll @Size(min = 2, max = 60) List<@IntRange(max = 4) Integer> labels,
      @ForAll @IntRange(min = 1, max = 59) int count,
      @ForAll long seed) {
    int drawn = Math.min(count, labels.size() - 1);
    Stratified split =
        Stratified.proportional(rows(labels.size()), labels::get, drawn, stream(seed));
    Map<Integer, Long> all = count(rows(labels.size()), labels);
    Map<Integer, Long> chosen = count(split.chosen(), labels);

    isSplit(split, labels.size());
    assertThat(split.chosen()).hasSize(drawn);
    all.forEach(
        (label, n) ->
            assertThat(
                    Math.abs(chosen.getOrDefault(label, 0L) - (double) n * drawn / labels.size()))
                .isLessThan(1));
  }

  private static Map<Integer, Long> count(List<Integer> rows, List<Integer> labels) {
    return rows.stream().collect(Collectors.groupingBy(labels::get, Collectors.counting()));
  }

  @Property(tries = 200)
  void groupsNeverStraddle(
      @ForAll @Size(min = 2, max = 60) List<@IntRange(max = 12) Integer> groups,
      @ForAll @IntRange(min = 1, max = 59) int count,
      @ForAll long seed) {
    if (groups.stream().distinct().count() < 2) {
      return;
    }
    int drawn = Math.min(count, groups.size() - 1);
    IntFunction<int[]> labels = row -> new int[] {row % 3};
    Stratified split =
        GroupedDraw.of(rows(groups.size()), groups::get, labels, drawn, stream(seed));
    Set<Integer> chosen = new HashSet<>();
    split.chosen().forEach(row -> chosen.add(groups.get(row)));

    isSplit(split, groups.size());
    assertThat(split.chosen()).isNotEmpty();
    assertThat(split.rest()).isNotEmpty();
    split.rest().forEach(row -> assertThat(chosen).doesNotContain(groups.get(row)));
    assertThat(GroupedDraw.of(rows(groups.size()), groups::get, labels, drawn, stream(seed)))
        .isEqualTo(split);
  }

  @Property(tries = 200)
  void theSizeIsMissedByNoMoreThanTheLargestGroup(
      @ForAll @Size(min = 2, max = 60) List<@IntRange(max = 12) Integer> groups,
      @ForAll @IntRange(min = 1, max = 59) int count,
      @ForAll long seed) {
    Map<Integer, Long> sizes = count(rows(groups.size()), groups);
    if (sizes.size() < 2) {
      return;
    }
    int drawn = Math.min(count, groups.size() - 1);
    Stratified split =
        GroupedDraw.of(rows(groups.size()), groups::get, row -> new int[] {0}, drawn, stream(seed));
    long largest = sizes.values().stream().max(Long::compare).orElseThrow();

    assertThat((long) Math.abs(split.chosen().size() - drawn)).isLessThanOrEqualTo(largest);
  }

  @Example
  void groupsKeepTheProportionsOfTheClasses() {
    // 40 groups of 5; those below 20 are of class 0, the others of class 1: 4 of each are a fifth.
    Stratified split =
        GroupedDraw.of(
            rows(200), row -> row / 5, row -> new int[] {row < 100 ? 0 : 1}, 40, stream(0));

    assertThat(split.chosen()).hasSize(40);
    assertThat(split.chosen().stream().filter(row -> row < 100)).hasSize(20);
  }

  @Example
  void oneGroupCannotBeSplit() {
    assertThatThrownBy(() -> GroupedDraw.of(rows(9), row -> 3, row -> new int[] {0}, 2, stream(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("groups = 1 is not allowed; 2 or more");
  }
}
