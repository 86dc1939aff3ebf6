package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandardOutputTest {
  @TempDir Path directory;

  @Test
  void aResultThatIsLostIsNoSuccess() throws IOException, InterruptedException {
    Program.Ended full =
        Program.in(directory).through("exec \"$0\" \"$@\" > /dev/full").run("presets").with(1);

    assertThat(full.err())
        .isEqualTo("lot: standard output cannot be written; No space left on device\n");
  }

  @Test
  void aReaderThatHasSeenEnoughIsNoFailure() throws IOException, InterruptedException {
    Program.Ended headed =
        Program.in(directory)
            .through("set -o pipefail; \"$0\" \"$@\" | head -n 1")
            .succeed("zoo", "keys");

    assertThat(headed.err()).isEmpty();
    assertThat(headed.out().lines()).hasSize(1);
  }
}
