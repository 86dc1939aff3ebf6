package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import lot4j.distributed.Bucketing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run's own record. */
class RunFilesTest {
  @TempDir Path directory;

  /** Another file takes another place on the disk; where the system tells. */
  private Object place() throws IOException {
    Object key =
        Files.readAttributes(directory.resolve("run.json"), BasicFileAttributes.class).fileKey();
    return key == null ? "" : key;
  }

  @Test
  void whatIsThereAlreadyIsNotWrittenAgain() throws IOException {
    Files.writeString(directory.resolve("run.json"), "{\n  \"seed\" : 3\n}\n");
    RunFiles.read(directory).status(RunStatus.RUNNING, "");
    Object place = place();
    RunFiles files = RunFiles.read(directory);
    files.status(RunStatus.RUNNING, "");
    assertThat(place()).isEqualTo(place);
    assertThat(RunFiles.read(directory).status()).isEqualTo("running");

    files.status(RunStatus.FAILED, "why");
    assertThat(RunFiles.read(directory).status()).isEqualTo("failed");
    assertThat(RunFiles.read(directory).text("message")).isEqualTo("why");
    files.status(RunStatus.RUNNING, "");
    assertThat(RunFiles.read(directory).status()).isEqualTo("running");
  }

  @Test
  void ofThreeProcessesOtherBucketsMakeADifferenceOfTwoTheyDoNot() throws IOException {
    Path file = directory.resolve("run.json");
    Files.writeString(file, "{\"processes\": 3, \"bucket_mb\": \"auto\"}");
    assertThat(RunFiles.read(directory).differences(Bucketing.of(2)).orElseThrow())
        .endsWith("LOT_BUCKET_MB auto then, 2.0 now");
    assertThat(RunFiles.read(directory).differences(Bucketing.usual()).orElseThrow())
        .doesNotContain("LOT_BUCKET_MB");
    Files.writeString(file, "{\"processes\": 3}"); // from before there were any
    assertThat(RunFiles.read(directory).differences(Bucketing.usual()).orElseThrow())
        .endsWith("LOT_BUCKET_MB 0 then, auto now");
    Files.writeString(file, "{\"processes\": 2, \"bucket_mb\": \"auto\"}");
    assertThat(RunFiles.read(directory).differences(Bucketing.of(2)).orElseThrow())
        .doesNotContain("LOT_BUCKET_MB");
  }
}
