package lot4j.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurveTableTest {
  @TempDir Path folder;

  @Test
  void holdsEveryCurveAgainstEveryAxis() {
    Path run = new MadeUpRuns(folder).finished("a", "lot", 0, 3);
    CurveTable table = new CurveTable(run.resolve("metrics.jsonl"));
    table.look();

    assertThat(table.series())
        .containsExactly(
            "train lr", "train teacher/loss", "valid teacher/accuracy", "valid teacher/loss");
    CurveTable.Points steps = table.points("train", "teacher/loss", "step", 100);
    assertThat(steps.x()).containsExactly(1, 2, 3);
    assertThat(steps.y()).containsExactly(1, 0.5, 0.333333);
    assertThat(table.points("train", "teacher/loss", "samples", 100).x())
        .containsExactly(50, 100, 150);
    assertThat(table.points("valid", "absent", "step", 100).x()).isEmpty();
    assertThat(table.points("absent", "lr", "step", 100).x()).isEmpty();
    assertThat(table.last()).containsEntry("train teacher/loss", 0.333333);
  }

  @Test
  void linesWithoutTheNumberAreLeftOut() {
    Path run = new MadeUpRuns(folder).begin("a", "lot", 0, 3);
    MadeUpRuns.append(
        run,
        """
        {"step":1,"split":"train","teacher/return":7}
        {"step":2,"split":"train"}
        damage
        {"step":3,"split":"train","teacher/return":null}
        {"step":4,"split":"train","teacher/return":9}
        {"step":5,"split":"train"}
        """);
    CurveTable table = new CurveTable(run.resolve("metrics.jsonl"));
    table.look();

    CurveTable.Points points = table.points("train", "teacher/return", "step", 100);
    assertThat(points.x()).containsExactly(1, 4);
    assertThat(points.y()).containsExactly(7, 9);
    assertThat(table.last()).containsEntry("train teacher/return", 9.0);
  }

  @Test
  void aCutBackFileIsFollowed() throws Exception {
    Path run = new MadeUpRuns(folder).finished("a", "lot", 0, 3);
    CurveTable table = new CurveTable(run.resolve("metrics.jsonl"));
    table.look();
    Files.writeString(run.resolve("metrics.jsonl"), MadeUpRuns.train(1, 0.7));
    table.look();

    assertThat(table.points("train", "teacher/loss", "step", 100).y()).containsExactly(0.7);
    assertThat(table.series()).containsExactly("train lr", "train teacher/loss");
  }

  @Test
  void tooManyLinesAreHalvedEvenly() throws Exception {
    Path file = folder.resolve("metrics.jsonl");
    StringBuilder lines = new StringBuilder();
    int n = 2 * CurveTable.MOST_LINES + 2;
    for (int i = 0; i < n; i++) {
      lines
          .append("{\"step\":")
          .append(i)
          .append(",\"split\":\"t\",\"a/b\":")
          .append(i)
          .append("}\n");
    }
    Files.writeString(file, lines);
    CurveTable table = new CurveTable(file);
    table.look();

    CurveTable.Points points = table.points("t", "a/b", "step", 1_000_000);
    assertThat(points.x()).hasSize(CurveTable.MOST_LINES / 2 + 1);
    for (int i = 0; i < points.x().length; i++) {
      assertThat(points.x()[i]).isEqualTo(4.0 * i);
      assertThat(points.y()[i]).isEqualTo(4.0 * i);
    }
  }

  @Test
  void namesWithoutEndCostNoMemory() throws Exception {
    Path file = folder.resolve("metrics.jsonl");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 3_000; i++) {
      lines.append("{\"step\":%d,\"split\":\"s%d\",\"a/%d\":1}\n".formatted(i, i % 50, i));
    }
    Files.writeString(file, lines);
    CurveTable table = new CurveTable(file);
    table.look();

    assertThat(table.series()).hasSizeLessThanOrEqualTo(20 * 400);
    assertThat(table.size()).isLessThan(2_000_000);
  }

  @Test
  void whatWasLookedAtLongestAgoIsDropped() {
    MadeUpRuns runs = new MadeUpRuns(folder);
    Curves curves = new Curves(3_000);
    for (int i = 0; i < 10; i++) {
      Path run = runs.finished("run" + i, "lot", i, 50);
      assertThat(curves.of(run).series()).isNotEmpty();
      assertThat(curves.size()).isBetween(1L, 4_000L);
    }
  }
}
