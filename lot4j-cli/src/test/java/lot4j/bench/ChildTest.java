package lot4j.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ChildTest {
  @Test
  void whatTheLauncherSetsForSpeedIsTakenAway() {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "MALLOC_ARENA_MAX", "1",
                "MALLOC_TOP_PAD_", "67108864",
                "GLIBC_TUNABLES", "glibc.malloc.hugetlb=1",
                "OPENBLAS_THREAD_TIMEOUT", "4",
                "OPENBLAS_NUM_THREADS", "2",
                "PATH", "/bin"));

    Child.withoutLaunchersVariables(environment);

    assertThat(environment).containsOnlyKeys("OPENBLAS_NUM_THREADS", "PATH");
  }

  @Test
  void aProgramAnswersEachOrder() {
    List<String> program = List.of("sh", "-c", "echo ready; while read s; do echo \"$s 7\"; done");
    try (Child child = Child.byHand("echo", program)) {
      child.order(2.5);
      assertThat(child.answer()).isEqualTo(new Child.Answer(2.5, 7));
    }
  }
}
