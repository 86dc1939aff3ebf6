package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir Path folder;

  @Test
  void takesRunsAndComparisonsTogether() {
    SyntheticRuns comparison = new SyntheticRuns(folder.resolve("compared")).named("one", "digits");
    comparison.method("teacher-only", "teacher-only", 2e9, 0.9, 0.91);
    SyntheticRuns single = new SyntheticRuns(folder.resolve("single")).named("two", "digits");
    single.method("lot-paper", "lot", 4e9, 0.92, 0.93);
    Report report =
        Report.of(
            List.of(
                single.directory("lot-paper", 0),
                folder.resolve("compared"),
                single.directory("lot-paper", 1)));
    assertThat(report.comparisons().stream().map(Comparison::name)).containsExactly("one", "two");
    assertThat(report.comparisons().get(1).seeds()).containsExactly(0L, 1L);
    assertThat(report.text()).contains("one on digits").contains("two on digits");
    assertThat(report.markdown()).contains("# one").contains("# two");
  }

  @Test
  void takesSweepsBesideComparisons() {
    new SyntheticRuns(folder.resolve("one"))
        .named("compared", "digits")
        .method("teacher-only", "teacher-only", 2e9, 0.9, 0.91);
    SyntheticSweep.write(folder.resolve("two"), "swept", List.of("a", "b"), List.of("1", "2"));
    Report report = Report.of(List.of(folder.resolve("two"), folder.resolve("one")));
    assertThat(report.page().title()).isEqualTo("compared, swept");
    assertThat(report.page().json().path("sections")).hasSize(2);
    assertThat(report.text()).contains("compared on digits").contains("swept on digits");
    assertThat(report.markdown()).contains("# compared").contains("# swept");
  }

  @Test
  void tellsApartOneTrainingDoneTwice() {
    SyntheticRuns first = new SyntheticRuns(folder.resolve("a")).method("lot", "lot", 4e9, 0.92);
    SyntheticRuns second = new SyntheticRuns(folder.resolve("b")).method("lot", "lot", 4e9, 0.93);
    first.moved("lot", 0, folder.resolve("monday"));
    second.moved("lot", 0, folder.resolve("tuesday"));
    Report report = Report.of(List.of(folder.resolve("monday"), folder.resolve("tuesday")));
    assertThat(report.comparisons().get(0).methods().stream().map(MethodResult::label))
        .containsExactly("lot (monday)", "lot (tuesday)");
  }

  @Test
  void aDirectoryGivenTwiceCountsOnce() {
    SyntheticRuns runs = new SyntheticRuns(folder).method("lot", "lot", 4e9, 0.92);
    Path run = runs.directory("lot", 0);
    Report report = Report.of(List.of(run, run.resolve("../" + run.getFileName())));
    assertThat(report.comparisons().get(0).methods().get(0).values()).hasSize(1);
    assertThat(report.comparisons().get(0).methods().get(0).label()).isEqualTo("lot");
  }

  @Test
  void refusesWhatIsNothingToReport() {
    assertThatThrownBy(() -> Report.of(List.of(folder)))
        .isInstanceOf(ReportException.class)
        .hasMessageEndingWith(
            "no run (run.json), comparison (runs/), sweep (sweep.json) or probe (probe.json) is in it");
    assertThatThrownBy(() -> Report.of(List.of(folder.resolve("absent"))))
        .hasMessageEndingWith("absent: no such directory");
  }

  @Test
  void runsBecomeOneCsvLineEach() {
    new SyntheticRuns(folder)
        .named("=1+1", "digits")
        .method("a, \"b\"", "lot", 4e9, 0.1 + 0.2)
        .run("other", "teacher-only", 3, "failed", 1e9, 0);
    List<String> lines = Report.of(List.of(folder)).runsCsv().lines().toList();
    assertThat(lines)
        .containsExactly(
            "comparison,label,method,seed,status,selected_step,teacher_updates,student_updates,"
                + "flops,wall_s,peak_rss_bytes,test/student0/accuracy,test/student0/loss,"
                + "test/teacher/accuracy,test/teacher/loss",
            "'=1+1,other,teacher-only,3,failed,,,,,,,,,,",
            "'=1+1,\"a, \"\"b\"\"\",lot,0,done,600,600,600,4000000000,4,300000000,"
                + "0.29000000000000004,0.4,0.30000000000000004,0.3");
  }

  @Test
  void curvesBecomeOneCsvLinePerMetricLine() {
    new SyntheticRuns(folder).method("lot", "lot", 4e9, 0.9, 0.9);
    List<String> lines = Report.of(List.of(folder)).curvesCsv().lines().toList();
    assertThat(lines).hasSize(1 + 2 * 40);
    assertThat(lines.get(0))
        .isEqualTo(
            "comparison,label,method,seed,split,step,epoch,flops,samples,teacher/accuracy,"
                + "teacher/imitability,teacher/loss,wall_s");
    assertThat(lines.get(1)).startsWith("synthetic,lot,lot,0,train,30,1,200000000,1500,,0.0");
  }
}
