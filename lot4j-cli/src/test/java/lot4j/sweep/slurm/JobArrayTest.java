package lot4j.sweep.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lot4j.train.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobArrayTest {
  @TempDir Path sweep;

  @Test
  void readsWhatItWroteInTheOrderOfSubmission() throws IOException {
    assertThat(JobArray.all(sweep)).isEmpty();
    assertThat(JobArray.next(sweep)).isEqualTo(1);
    Files.createDirectories(sweep.resolve("slurm"));
    JobArray second = new JobArray(2, "41", 1, List.of("c"));
    JobArray tenth = new JobArray(10, "17", 2, List.of("a", "b", "c"));
    tenth.write(sweep);
    second.write(sweep);

    assertThat(JobArray.all(sweep)).containsExactly(second, tenth);
    assertThat(JobArray.next(sweep)).isEqualTo(11);
    assertThat(List.of(tenth.task(0), tenth.task(1), tenth.task(2))).containsExactly(0, 0, 1);
    assertThat(tenth.log(1)).isEqualTo("slurm/10-1.log");
  }

  /**
   * A script that was written and not submitted keeps its number: its files are not overwritten.
   */
  @Test
  void aScriptWithoutAJobCountsToo() throws IOException {
    Files.createDirectories(sweep.resolve("slurm"));
    Files.writeString(sweep.resolve("slurm/3.sh"), "");
    Files.writeString(sweep.resolve("slurm/7-1.log"), "");
    assertThat(JobArray.next(sweep)).isEqualTo(4);
    assertThat(JobArray.all(sweep)).isEmpty();
  }

  @Test
  void damageIsNamed() throws IOException {
    Files.createDirectories(sweep.resolve("slurm"));
    for (String damaged : List.of("{", "{}", "{\"job\": \"1; rm\", \"runs_per_task\": 1}")) {
      Files.writeString(sweep.resolve("slurm/1.json"), damaged);
      assertThatThrownBy(() -> JobArray.all(sweep))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("slurm/1.json");
    }
  }
}
