package lot4j.rl.gymnasium;

import static lot4j.rl.gymnasium.StandIn.program;
import static lot4j.rl.gymnasium.StandIn.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import lot4j.rl.EnvironmentException;
import lot4j.train.DataException;
import lot4j.train.Split;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is missing or goes wrong is said in one line, and no process is left. */
class MisbehaviourTest {
  @TempDir Path directory;

  @AfterEach
  void noProcessIsLeft() {
    assertThat(ProcessHandle.current().children()).isEmpty();
  }

  private static void start(Gymnasium spec) {
    spec.make(Split.TRAIN, 2, 2).close();
  }

  private static GymnasiumEnvironments begun(Gymnasium spec) {
    GymnasiumEnvironments two =
        GymnasiumEnvironments.open(spec, 2, 2, false, Duration.ofSeconds(60));
    two.reset(0, 1);
    two.reset(1, 2);
    return two;
  }

  private static void step(GymnasiumEnvironments two) {
    two.step(new float[] {0, 0}, new boolean[] {true, true});
  }

  @Test
  void pythonThatIsNotThere() {
    assertThatThrownBy(() -> start(spec("python9", "Counter-v0")))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "task.environment.python = python9 is not allowed; a Python 3 that can be started: ")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void packageThatIsNotThere() {
    String bare = program(directory, "exec " + StandIn.realPython() + " -I -S \"$@\"");
    assertThatThrownBy(() -> start(spec(bare, "Counter-v0")))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "task.environment.python = "
                + bare
                + " is not allowed; a Python with the packages that an environment needs: No module"
                + " named 'gymnasium'; install with: ")
        .hasMessageEndingWith(" -m pip install gymnasium");
  }

  @Test
  void environmentThatIsNotThere() {
    assertThatThrownBy(() -> start(spec(StandIn.python(directory), "Conter-v0")))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "task.environment.id = Conter-v0 is not allowed; gymnasium.make says: KeyError:"
                + " \"Environment `Conter-v0` doesn't exist.\"");
  }

  @Test
  void spacesThatDoNotFit() {
    String python = StandIn.python(directory);
    assertThatThrownBy(() -> start(spec(python, "ManyChoices-v0")))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "task.environment.id = ManyChoices-v0 is not allowed; it takes a MultiDiscrete([2, 3])"
                + " as action; a Discrete or a Box of floats");
    assertThatThrownBy(() -> start(spec(python, "ManySights-v0")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("it observes a MultiDiscrete([2, 3]); a Box, Discrete or")
        .hasMessageContaining("FlattenObservation");
  }

  @Test
  void environmentThatRaises() {
    try (GymnasiumEnvironments two = begun(spec(StandIn.python(directory), "Raises-v0"))) {
      step(two);
      assertThatThrownBy(() -> step(two))
          .isInstanceOf(EnvironmentException.class)
          .hasMessageMatching(
              "gymnasium:Raises-v0: ValueError: the wheel fell off \\(.*, line \\d+\\) while"
                  + " stepping");
      assertThat(two.processes()).noneMatch(ProcessHandle::isAlive);
    }
  }

  @Test
  void observationThatIsNotOfItsSpace() {
    Gymnasium spec = spec(StandIn.python(directory), "WrongShape-v0");
    GymnasiumEnvironments one =
        GymnasiumEnvironments.open(spec, 1, 1, false, Duration.ofSeconds(60));
    try (one) {
      assertThatThrownBy(() -> one.reset(0, 1))
          .isInstanceOf(EnvironmentException.class)
          .hasMessageContaining("observation of shape (4,), its space has (3,)")
          .hasMessageEndingWith("while resetting environment 0");
    }
  }

  @Test
  void processThatDies() {
    try (GymnasiumEnvironments two = begun(spec(StandIn.python(directory), "Dies-v0"))) {
      assertThatThrownBy(() -> step(two))
          .isInstanceOf(EnvironmentException.class)
          .hasMessage(
              "gymnasium:Dies-v0: Python ended (exit code 7) while stepping; it said: the sky is"
                  + " falling");
      assertThat(two.processes()).noneMatch(ProcessHandle::isAlive);
    }
  }

  @Test
  void processThatIsKilled() {
    try (GymnasiumEnvironments two = begun(spec(StandIn.python(directory), "Counter-v0"))) {
      two.processes().get(1).destroyForcibly();
      assertThatThrownBy(
              () -> {
                while (true) {
                  step(two);
                }
              })
          .isInstanceOf(EnvironmentException.class)
          .hasMessageStartingWith("gymnasium:Counter-v0: Python ended (exit code ");
      assertThat(two.processes()).noneMatch(ProcessHandle::isAlive);
    }
  }

  @Test
  void programThatEndsAtOnce() {
    String program = program(directory, "echo no such luck >&2; exit 3");
    assertThatThrownBy(() -> start(spec(program, "Counter-v0")))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("task.environment.python = " + program + " is not allowed; ")
        .hasMessageContaining("Python ended (exit code 3) while starting")
        .hasMessageEndingWith("it said: no such luck");
  }

  @Test
  void programThatIsNoPython() {
    String program = program(directory, "echo hello world; cat > /dev/null");
    assertThatThrownBy(() -> start(spec(program, "Counter-v0")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("answered something else than the bridge would");
  }

  @Test
  void programThatDoesNotAnswer() {
    Gymnasium spec = spec(program(directory, "cat > /dev/null; exit 1"), "Counter-v0");
    assertThatThrownBy(() -> GymnasiumEnvironments.open(spec, 1, 1, false, Duration.ofSeconds(1)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no answer within 1 s while starting");
  }
}
