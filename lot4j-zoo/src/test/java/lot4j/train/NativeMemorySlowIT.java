package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same over ten thousand steps. */
@Tag("slow")
class NativeMemorySlowIT {
  @TempDir Path temporary;

  @Test
  void residentMemoryStaysFlatOverTenThousandSteps() {
    assumeTrue(NativeMemory.canBeRead(), "no /proc/self/status: resident memory is not checked");
    var samples =
        NativeMemoryTest.watch(temporary.resolve("run"), 10_000, 1000, "float32").samples();
    NativeMemory.Sample early = samples.get(0);
    NativeMemory.Sample late = samples.get(9);
    assertThat(late.resident() - early.resident()).isLessThan(30 * NativeMemoryTest.MEBIBYTE);
    assertThat(late.held()).isEqualTo(early.held());
    assertThat(late.live() - early.live()).isLessThan(300); // numbers that wait to be read
  }
}
