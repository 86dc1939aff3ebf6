package lot4j.sweep.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What squeue of Slurm 22.05 printed. */
class QueuedTaskTest {
  private static QueuedTask one(String line) {
    assertThat(QueuedTask.read(List.of(line))).hasSize(1);
    return QueuedTask.read(List.of(line)).get(0);
  }

  @Test
  void readsTheFields() {
    assertThat(one("17|3|PENDING|0|JobArrayTaskLimit   "))
        .isEqualTo(new QueuedTask("17", 3, "PENDING", 0, "JobArrayTaskLimit"));
    assertThat(one("17|3|PENDING|0|JobArrayTaskLimit").id()).isEqualTo("17_3");
  }

  @Test
  void anExitCodeIsThatOfTheScript() {
    QueuedTask failed = one("1|2|FAILED|1792|NonZeroExitCode");
    assertThat(failed.ended()).isTrue();
    assertThat(failed.exitCode()).isEqualTo(7);
    assertThat(failed.failed()).isTrue();
    for (String stopped :
        List.of(
            "1|3|FAILED|9|JobLaunchFailure",
            "1|3|FAILED|33280|NonZeroExitCode",
            "1|3|TIMEOUT|256|TimeLimit",
            "1|0|COMPLETED|0|None",
            "1|0|PENDING|1792|BeginTime")) {
      assertThat(one(stopped).failed()).as(stopped).isFalse();
    }
  }

  @Test
  void requeuedTasksHaveNotEnded() {
    for (String state :
        List.of("PENDING", "RUNNING", "COMPLETING", "REQUEUED", "SUSPENDED", "SPECIAL_EXIT")) {
      assertThat(one("1|0|" + state + "|0|BeginTime").ended()).as(state).isFalse();
    }
    for (String state : List.of("CANCELLED", "NODE_FAIL", "TIMEOUT", "PREEMPTED")) {
      assertThat(one("1|0|" + state + "|0|None").ended()).as(state).isTrue();
    }
  }

  @Test
  void onlySomeReasonsNeedAPerson() {
    assertThat(one("1|0|PENDING|0|Resources").stuck()).isFalse();
    assertThat(one("1|0|PENDING|0|JobHeldUser").stuck()).isTrue();
    assertThat(one("1|0|PENDING|0|(Nodes required for job are DOWN)").stuck()).isTrue();
    assertThat(one("1|0|RUNNING|0|None").stuck()).isFalse();
  }

  @Test
  void linesThatAreNoTaskOfAnArrayArePassedOver() {
    assertThat(QueuedTask.read(List.of("", "slurm is slow today", "17|N/A|RUNNING|0|None", "1|2")))
        .isEmpty();
  }
}
