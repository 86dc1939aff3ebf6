package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import lot4j.train.DataException;
import lot4j.train.Split;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Splits by group and by time, whatever the groups and times are. */
class TableSplitProperties {
  private static Path table(List<Integer> keys) throws IOException {
    Path directory = Files.createTempDirectory("splits");
    List<String> lines = new ArrayList<>(List.of("x,k,y"));
    for (int i = 0; i < keys.size(); i++) {
      lines.add(i * 7 + 1 + "," + keys.get(i) + "," + (i % 2 == 0 ? "a" : "b"));
    }
    return Tables.write(directory, "t.csv", lines);
  }

  private static List<Integer> keys(PreparedTable table, Split split, List<Integer> keys) {
    return Tables.first(table, split).stream()
        .map(x -> keys.get((int) Math.round((x - 1) / 7)))
        .toList();
  }

  @Property(tries = 60)
  void noGroupIsInTwoSplits(
      @ForAll @Size(min = 12, max = 60) List<@IntRange(min = 0, max = 9) Integer> keys,
      @ForAll @IntRange(min = 0, max = 3) int seed)
      throws IOException {
    PreparedTable table;
    try {
      table = Tables.prepared(table(keys), "y", "group: k, split-seed: " + seed);
    } catch (DataException e) {
      assertThat(new HashSet<>(keys)).hasSizeLessThan(5);
      return;
    }
    Set<Integer> train = new HashSet<>(keys(table, Split.TRAIN, keys));
    Set<Integer> valid = new HashSet<>(keys(table, Split.VALID, keys));
    Set<Integer> test = new HashSet<>(keys(table, Split.TEST, keys));
    assertThat(train).doesNotContainAnyElementsOf(valid).doesNotContainAnyElementsOf(test);
    assertThat(valid).doesNotContainAnyElementsOf(test);
    assertThat(table.counts().values().stream().mapToLong(n -> n).sum()).isEqualTo(keys.size());
  }

  @Property(tries = 60)
  void whatIsTestedOnIsLaterThanWhatIsTrainedOn(
      @ForAll @Size(min = 12, max = 60) List<@IntRange(min = 0, max = 40) Integer> keys)
      throws IOException {
    PreparedTable table;
    try {
      table = Tables.prepared(table(keys), "y", "time: k");
    } catch (DataException e) {
      assertThat(e.getMessage()).contains("task.time");
      return;
    }
    int lastTrained = keys(table, Split.TRAIN, keys).stream().mapToInt(k -> k).max().orElseThrow();
    int firstValid = keys(table, Split.VALID, keys).stream().mapToInt(k -> k).min().orElseThrow();
    int lastValid = keys(table, Split.VALID, keys).stream().mapToInt(k -> k).max().orElseThrow();
    int firstTest = keys(table, Split.TEST, keys).stream().mapToInt(k -> k).min().orElseThrow();
    assertThat(lastTrained).isLessThan(firstValid);
    assertThat(lastValid).isLessThan(firstTest);
  }
}
