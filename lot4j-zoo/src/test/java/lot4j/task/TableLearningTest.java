package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import lot4j.config.ConfigError;
import lot4j.data.Shared;
import lot4j.train.DataException;
import lot4j.train.Split;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a configuration makes of a table. */
class TableLearningTest {
  @TempDir Path directory;
  private Path data;

  /** 100 rows: x counts up, g is its tens, c is a quarter 'a', y = 2x with every tenth empty. */
  @BeforeEach
  void write() throws IOException {
    List<String> lines = new ArrayList<>(List.of("x,g,c,y,day"));
    for (int i = 0; i < 100; i++) {
      lines.add(
          i
              + ",g"
              + i / 10
              + ","
              + (i % 4 == 0 ? "a" : "b")
              + ","
              + (i % 10 == 3 ? "" : 2.5 * i)
              + ",2024-0"
              + (1 + i / 20)
              + "-"
              + (10 + i % 20 / 2));
    }
    data = Tables.write(directory, "t.csv", lines);
  }

  private PreparedTable prepared(String target, String keys) {
    return Tables.prepared(data, target, "ignore: [day]" + (keys.isEmpty() ? "" : ", " + keys));
  }

  @Test
  void theSplitsAreStratifiedAndDisjoint() {
    PreparedTable table = prepared("c", "");
    assertThat(table.counts()).containsEntry("train", 72L).containsEntry("valid", 8L);
    assertThat(table.counts()).containsEntry("test", 20L);
    assertThat(table.part(Split.TEST).counts(2)).containsExactly(5, 15);
    assertThat(table.part(Split.VALID).counts(2)).containsExactly(2, 6);
    List<Double> all = new ArrayList<>(Tables.first(table, Split.TRAIN));
    all.addAll(Tables.first(table, Split.VALID));
    all.addAll(Tables.first(table, Split.TEST));
    assertThat(new TreeSet<>(all)).hasSize(100);
    assertThat(table.classes()).containsExactly("a", "b");
    assertThat(table.primary().name()).isEqualTo("accuracy");
  }

  @Test
  void theSplitSeedAloneDecides() {
    assertThat(Tables.first(prepared("c", ""), Split.TEST))
        .isEqualTo(Tables.first(prepared("c", ""), Split.TEST))
        .isNotEqualTo(Tables.first(prepared("c", "split-seed: 1"), Split.TEST));
    assertThat(prepared("c", "test: 0.5").counts()).containsEntry("test", 50L);
  }

  @Test
  void rowsWithoutATargetAreLeftOutOrTheStudents() {
    PreparedTable without = prepared("y", "");
    assertThat(without.counts()).containsEntry("test", 18L).doesNotContainKey("student");
    assertThat(without.notes())
        .anyMatch(note -> note.contains("10 rows without a target left out"));
    PreparedTable rest = prepared("y", "unlabelled: rest");
    assertThat(rest.counts()).containsEntry("student", 10L);
    assertThat(Tables.values(rest, rest.student())).allMatch(x -> Math.round(x) % 10 == 3);
    PreparedTable few = prepared("y", "unlabelled: rest, train-examples: 20");
    assertThat(few.counts()).containsEntry("train", 20L).containsEntry("student", 10L + 65 - 20);
    assertThatThrownBy(() -> prepared("c", "unlabelled: rest"))
        .hasMessageContaining("task.unlabelled = rest");
  }

  @Test
  void otherTablesCanBeTheStudents() throws IOException {
    Path more = Tables.write(directory, "more.csv", List.of("g,x,c", "g1,500,a", "zz,600,"));
    PreparedTable table = prepared("y", "unlabelled: \"" + more + "\"");
    assertThat(Tables.values(table, table.student())).containsExactly(500.0, 600.0);
    assertThat(table.sources()).extracting(s -> s.path()).contains(more.toString());
    assertThat(table.notes())
        .anyMatch(note -> note.contains("more.csv:3") && note.contains("'zz'"));
  }

  @Test
  void numbersAreStandardisedByTheTrainingRows() {
    PreparedTable table = prepared("y", "");
    TableTarget.Numbers target = (TableTarget.Numbers) table.prediction().target();
    double[] train = table.targets(Split.TRAIN);
    double mean = java.util.Arrays.stream(train).average().orElseThrow();
    assertThat(target.mean()).isCloseTo(mean, within(1e-9));
    assertThat(table.normals()).isTrue();
    assertThat(table.outputs()).isEqualTo(2);
    assertThat(prepared("y", "loss: squared").outputs()).isEqualTo(1);
    assertThat(table.primary().higherIsBetter()).isFalse();
  }

  @Test
  void theKindOfTargetIsFoundOrSaid() throws IOException {
    List<String> lines = new ArrayList<>(List.of("x,few,many"));
    for (int i = 0; i < 60; i++) {
      lines.add(i * i + "," + i % 3 + ".0," + i % 30);
    }
    data = Tables.write(directory, "k.csv", lines);
    PreparedTable few = Tables.prepared(data, "few", "");
    assertThat(few.classes()).containsExactly("0", "1", "2");
    assertThat(few.notes()).anyMatch(note -> note.contains("task.predict: number"));
    assertThat(Tables.prepared(data, "few", "predict: number").normals()).isTrue();
    assertThat(Tables.prepared(data, "many", "").normals()).isTrue();
    assertThat(Tables.prepared(data, "many", "predict: class").classes())
        .hasSize(30)
        .startsWith("0", "1", "2", "3");
  }

  @Test
  void wordsForMissingAmongNumbersAreNoTarget() throws IOException {
    List<String> lines = new ArrayList<>(List.of("x,whole,part,class"));
    for (int i = 0; i < 60; i++) {
      boolean gap = i % 12 == 5;
      lines.add(
          i + "," + (gap ? "NA" : i) + "," + (gap ? "?" : i + 0.5) + "," + (gap ? "none" : i % 2));
    }
    data = Tables.write(directory, "na.csv", lines);
    for (String target : List.of("whole", "part")) {
      PreparedTable table = Tables.prepared(data, target, "");
      assertThat(table.normals()).as(target).isTrue();
      assertThat(table.notes()).anyMatch(note -> note.contains("5 rows without a target left out"));
    }
    assertThat(Tables.prepared(data, "class", "").classes()).containsExactly("0", "1");
    assertThat(Tables.prepared(data, "class", "predict: class").classes())
        .containsExactly("0", "1", "none");
  }

  @Test
  void aClassWithoutATrainingRowIsTold() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("rare"));
    List<String> lines = new ArrayList<>(List.of("x,y"));
    for (int i = 0; i < 40; i++) {
      lines.add(i * i + "," + (i == 7 ? "rare" : "k" + i % 2));
    }
    data = Tables.write(folder, "r.csv", lines);
    String note = "r: classes without a training row cannot be learned: rare";
    assertThat(Tables.prepared(data, "y", "").notes()).doesNotContain(note);
    // 24 of 40 rows: of the classes of 20, 19 and 1 row 12, 11.4 and 0.6, rounded 12, 11 and 1.
    assertThat(Tables.prepared(data, "y", "test: 0.6").notes()).contains(note);
  }

  @Test
  void targetsThatCannotBeLearnedAreRefused() throws IOException {
    Path bad =
        Tables.write(
            directory, "b.csv", List.of("x,one,all,none,n", "1,a,p,,7", "2,a,q,,7.0", "4,a,r,,7"));
    assertThatThrownBy(() -> Tables.prepared(bad, "one", ""))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'one', the target, is always 'a'");
    assertThatThrownBy(() -> Tables.prepared(bad, "all", ""))
        .hasMessageContaining("different in every row");
    assertThatThrownBy(() -> Tables.prepared(bad, "none", ""))
        .hasMessageContaining("no row has a value in column 'none'");
    assertThatThrownBy(() -> Tables.prepared(bad, "n", "predict: number"))
        .hasMessageContaining("always 7.0");
    Path comma = Tables.write(directory, "c.csv", List.of("x,y", "1,\"1,5\"", "2,\"2,5\"", "3,3"));
    assertThatThrownBy(() -> Tables.prepared(comma, "y", ""))
        .hasMessageContaining("c.csv:2: column 'y' holds numbers with a comma ('1,5')")
        .hasMessageEndingWith("if they are names, task.predict: class");
    assertThatThrownBy(() -> Tables.prepared(bad, "gone", ""))
        .hasMessageContaining("has no column 'gone' (task.target)");
  }

  @Test
  void aDirectoryBringsItsSplits() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("d"));
    Tables.write(folder, "train.csv", List.of("x,y", "1,a", "2,b", "3,a", "4,b"));
    Tables.write(folder, "valid.csv", List.of("y,x", "a,10"));
    Tables.write(folder, "test.csv", List.of("x,y", "20,b", "21,", "22,a"));
    PreparedTable table = Tables.prepared(folder, "y", "");
    assertThat(Tables.first(table, Split.TRAIN)).containsExactly(1.0, 2.0, 3.0, 4.0);
    assertThat(Tables.first(table, Split.VALID)).containsExactly(10.0);
    assertThat(Tables.first(table, Split.TEST)).containsExactly(20.0, 22.0);
    assertThat(table.notes()).anyMatch(note -> note.contains("1 row without a target left out"));
    Tables.write(folder, "test.csv", List.of("x,y", "20,c"));
    assertThatThrownBy(() -> Tables.prepared(folder, "y", ""))
        .hasMessageContaining("test.csv:2: column 'y' holds 'c', which is no class");
    Files.delete(folder.resolve("train.csv"));
    assertThatThrownBy(() -> Tables.prepared(folder, "y", "")).hasMessageContaining("no train.csv");
  }

  @Test
  void labelNoiseChangesThatManyAndIsScoredOnTheTrainingSplit() {
    PreparedTable table = prepared("c", "label-noise: 0.25");
    TablePart train = table.part(Split.TRAIN);
    long noisy = java.util.stream.IntStream.range(0, train.size()).filter(train::isNoisy).count();
    assertThat(noisy).isEqualTo(18);
    assertThat(table.finale()).contains(Split.TRAIN);
    assertThatThrownBy(() -> prepared("y", "label-noise: 0.25"))
        .hasMessageContaining("0 where a number is predicted");
  }

  @Test
  void theSubsetSeedDrawsOtherRowsAndOtherNoiseOnTheSameSplits() {
    String few = "train-examples: 20, label-noise: 0.25";
    PreparedTable same = prepared("c", few);
    PreparedTable named = prepared("c", few + ", subset-seed: 0");
    PreparedTable other = prepared("c", few + ", subset-seed: 1");
    assertThat(Tables.first(named, Split.TRAIN)).isEqualTo(Tables.first(same, Split.TRAIN));
    assertThat(noisy(named)).isEqualTo(noisy(same));
    for (Split split : List.of(Split.VALID, Split.TEST)) {
      assertThat(Tables.first(other, split)).isEqualTo(Tables.first(same, split));
    }
    assertThat(Tables.first(other, Split.TRAIN)).isNotEqualTo(Tables.first(same, Split.TRAIN));
    assertThat(noisy(other)).hasSize(5).isNotEqualTo(noisy(same));
    assertThat(other.notes())
        .contains("t: 20 of 72 training rows, drawn by task.subset-seed 1")
        .noneMatch(note -> note.contains("subset-seed 0"));
    assertThat(other.counts()).containsEntry("train", 20L);
    // The same rows whatever the target is, and a split seed of its own.
    assertThat(Tables.first(prepared("y", "train-examples: 20, subset-seed: 3"), Split.TRAIN))
        .hasSize(20)
        .isNotEqualTo(Tables.first(prepared("y", "train-examples: 20"), Split.TRAIN));
    assertThat(prepared("c", "split-seed: 4, train-examples: 20").notes())
        .anyMatch(note -> note.endsWith("drawn by task.subset-seed 4"));
    assertThatThrownBy(() -> Tables.spec(data, "c", "subset-seed: other"))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("task.subset-seed = other is not allowed; split-seed, or a number");
  }

  private static List<Double> noisy(PreparedTable table) {
    TablePart train = table.part(Split.TRAIN);
    List<Double> first = Tables.first(table, Split.TRAIN);
    return java.util.stream.IntStream.range(0, train.size())
        .filter(train::isNoisy)
        .mapToObj(first::get)
        .toList();
  }

  @Test
  void rowsAreEncodedAsAnotherRunEncodedThem() {
    PreparedTable few = prepared("y", "train-examples: 20, subset-seed: 1");
    PreparedTable whole = prepared("y", "");
    PreparedTable as = whole.madeAs(few.companions());
    assertThat(as.prediction()).isEqualTo(few.prediction()).isNotEqualTo(whole.prediction());
    assertThat(as.companions().get(TablePrediction.FILE))
        .isEqualTo(few.companions().get(TablePrediction.FILE));
    assertThat(as.counts()).isEqualTo(whole.counts());
    assertThat(as.inputs(Split.TEST)).isDeepEqualTo(few.inputs(Split.TEST));
    assertThat(Tables.first(as, Split.TRAIN)).isEqualTo(Tables.first(whole, Split.TRAIN));
    // Other columns, another target or damage: itself, and whoever compares will tell.
    for (String keys : List.of("loss: squared", "columns: {x: category}")) {
      assertThat(whole.madeAs(prepared("y", keys).companions())).as(keys).isSameAs(whole);
    }
    assertThat(whole.madeAs(prepared("c", "").companions())).isSameAs(whole);
    assertThat(whole.madeAs(java.util.Map.of(TablePrediction.FILE, new byte[] {'{'})))
        .isSameAs(whole);
    assertThat(whole.madeAs(java.util.Map.of())).isSameAs(whole);
    assertThat(whole.madeAs(whole.companions())).isSameAs(whole);
  }

  @Test
  void unevenClassesAreToldAndWeighed() throws IOException {
    List<String> lines = new ArrayList<>(List.of("x,y"));
    for (int i = 0; i < 100; i++) {
      lines.add(i * i + "," + (i % 10 == 0 ? "rare" : "usual"));
    }
    data = Tables.write(directory, "u.csv", lines);
    assertThat(Tables.prepared(data, "y", "").notes())
        .anyMatch(note -> note.contains("uneven (rare 7, usual 65)") && note.contains("90.3 %"));
    assertThat(new ClassWeights.Balanced().of(List.of("rare", "usual"), new long[] {7, 65}))
        .contains(List.of(72 / 14.0, 72 / 130.0));
    assertThatThrownBy(() -> Tables.prepared(data, "y", "class-weights: {often: 2}"))
        .hasMessageContaining("task.class-weights.often: is no class of the data");
    assertThat(
            ClassWeights.of(java.util.Map.of("rare", 3)).of(List.of("rare", "usual"), new long[2]))
        .contains(List.of(3.0, 1.0));
  }

  @Test
  void keysThatContradictEachOtherAreRefusedBeforeAnythingIsRead() {
    for (String keys :
        new String[] {
          "group: x, time: g",
          "ignore: [c]",
          "columns: {x: number}",
          "test: 1",
          "test: 0",
          "class-weights: {a: -1}",
          "class-weights: heavy",
          "predict: both",
          "time: c"
        }) {
      assertThatThrownBy(() -> Tables.spec(data, "c", keys))
          .as(keys)
          .isInstanceOf(ConfigError.class)
          .hasMessageContaining("task.");
    }
  }

  @Test
  void aDamagedEncodingIsNamed() throws IOException {
    PreparedTable table = prepared("c", "");
    Path file = directory.resolve("table.json");
    byte[] right = table.companions().get(TablePrediction.FILE);
    Files.write(file, right);
    assertThat(TablePrediction.read(file)).isEqualTo(table.prediction());
    String text = Files.readString(file);
    for (String wrong :
        new String[] {
          text.substring(0, text.length() / 2),
          text.replace("\"class\"", "\"java.lang.String\""),
          text.replaceFirst("\"deviation\" : [0-9.]+", "\"deviation\" : 0"),
          text.replace("\"encoding\"", "\"coding\""),
          text.replaceFirst("\"mean\" : [0-9.]+", "\"mean\" : \"NaN\""),
          "[]",
          "{}"
        }) {
      Files.writeString(file, wrong);
      assertThatThrownBy(() -> TablePrediction.read(file))
          .as(wrong)
          .isInstanceOf(DataException.class)
          .hasMessageContaining("table.json: damaged");
    }
  }

  @Test
  void digitsComeOutAsTheyAre() throws IOException {
    Path digits = Shared.data("tabular/digits.csv.gz");
    assertThatThrownBy(() -> Tables.prepared(digits, "label", ""))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("numbers alone");
  }
}
