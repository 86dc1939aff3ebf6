package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TaskKindTest {
  @Test
  void standsUnderTask() {
    assertThat(TaskKind.of("name: x\ntask:\n  kind: rl\n  environment: cartpole\n"))
        .isEqualTo("rl");
    assertThat(TaskKind.of("task:\n  data: ptb\n  kind: \"text\"\n")).isEqualTo("text");
    assertThat(TaskKind.of("task: {data: digits, kind: image}\n")).isEqualTo("image");
    assertThat(TaskKind.of("a: 1\r\ntask:\r\n  kind: rl\r\n")).isEqualTo("rl");
  }

  @Test
  void kindsOfOtherThingsAreNotTheTasks() {
    assertThat(TaskKind.of("task:\n  data: x\noptimizer:\n  kind: rl\n")).isEmpty();
    assertThat(TaskKind.of("task:\n  environment:\n    kind: maze\n  kind: rl\n")).isEqualTo("rl");
    assertThat(TaskKind.of("subtask:\n  kind: rl\n")).isEmpty();
    assertThat(TaskKind.of("")).isEmpty();
  }
}
