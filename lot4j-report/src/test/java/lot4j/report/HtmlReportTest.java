package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
  @TempDir Path folder;

  @Test
  void demo() {
    java.util.Random r = new java.util.Random(4);
    double[][] v = new double[5][10];
    for (int s = 0; s < 10; s++) {
      double base = 0.918 + 0.006 * r.nextGaussian();
      for (int m = 0; m < 5; m++)
        v[m][s] =
            Math.round(
                    500
                        * (base
                            + new double[] {0, 0.004, 0.001, 0.0135, -.006}[m]
                            + 0.004 * r.nextGaussian()))
                / 500.0;
    }
    SyntheticRuns runs =
        new SyntheticRuns(folder)
            .named("digits", "digits[200]")
            .method("teacher-only", "teacher-only", 2e9, v[0])
            .method("teacher-only-equal-compute@lot-paper", "teacher-only-equal-compute", 6e9, v[1])
            .method(
                "teacher-only-equal-compute@lot-released",
                "teacher-only-equal-compute",
                6.6e9,
                v[2])
            .method("lot-paper", "lot", 6e9, v[3])
            .method("lot-released", "lot", 6.6e9, v[4])
            .run("lot-released", "lot", 10, "diverged", 4e9, .9);
    Comparison c = runs.compare();
    SyntheticRuns.write(Path.of("target/demo.html"), c.html());
    SyntheticRuns.write(Path.of("target/demo.svg"), c.picture());
    SyntheticRuns.write(Path.of("target/demo.md"), c.markdown());
    System.out.println(c.text());
    assertThat(c.html()).contains("Content-Security-Policy");
  }
}
