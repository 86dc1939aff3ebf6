package lot4j.rl.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import lot4j.rl.Environment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hundreds of steps against trajectories that {@code src/test/golden/classic_control.py} worked out
 * by itself from the papers' equations.
 */
class ClassicTrajectoriesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"cartpole", "acrobot", "mountain-car", "mountain-car-continuous", "pendulum"})
  void followsTheEquations(String name) throws IOException {
    int steps = 0;
    for (JsonNode episode : references().get(name)) {
      Environment environment = placed(name, episode);
      int step = 0;
      for (JsonNode expected : episode.get("steps")) {
        String where = name + " from " + episode.get("start") + ", step " + ++step;
        environment.step(new float[] {(float) expected.get(0).doubleValue()}, 0);
        sees(environment, expected.get(1), where);
        assertThat((double) environment.reward())
            .as(where + ": reward")
            .isCloseTo(expected.get(2).doubleValue(), within(tolerance(expected.get(2))));
        assertThat(environment.terminated())
            .as(where + ": terminated")
            .isEqualTo(expected.get(3).intValue() == 1);
        assertThat(environment.truncated())
            .as(where + ": truncated")
            .isEqualTo(expected.get(4).intValue() == 1);
        steps++;
      }
      assertThat(environment.over()).isTrue();
    }
    assertThat(steps).isGreaterThan(300);
  }

  private static void sees(Environment environment, JsonNode expected, String where) {
    ByteBuffer seen = ByteBuffer.allocate(environment.spaces().observation().bytes());
    environment.observe(seen);
    seen.flip();
    assertThat(expected).hasSize(environment.spaces().observation().count());
    for (int i = 0; i < expected.size(); i++) {
      assertThat((double) seen.getFloat())
          .as(where + ": observation[" + i + "]")
          .isCloseTo(expected.get(i).doubleValue(), within(tolerance(expected.get(i))));
    }
  }

  /** 1e-6, of numbers above 1 relatively, as they are floats. */
  private static double tolerance(JsonNode expected) {
    return 1e-6 * Math.max(1, Math.abs(expected.doubleValue()));
  }

  private static Environment placed(String name, JsonNode episode) {
    int maxSteps = episode.get("max-steps").intValue();
    JsonNode start = episode.get("start");
    double[] at = new double[start.size()];
    for (int i = 0; i < at.length; i++) {
      at[i] = start.get(i).doubleValue();
    }
    switch (name) {
      case "cartpole" -> {
        CartPole.Running running = new CartPole.Running(maxSteps);
        running.place(at[0], at[1], at[2], at[3]);
        return running;
      }
      case "acrobot" -> {
        Acrobot.Running running = new Acrobot.Running(maxSteps);
        running.place(at[0], at[1], at[2], at[3]);
        return running;
      }
      case "mountain-car" -> {
        MountainCar.Running running = new MountainCar.Running(maxSteps);
        running.place(at[0], at[1]);
        return running;
      }
      case "mountain-car-continuous" -> {
        MountainCarContinuous.Running running = new MountainCarContinuous.Running(maxSteps);
        running.place(at[0], at[1]);
        return running;
      }
      default -> {
        Pendulum.Running running = new Pendulum.Running(maxSteps, episode.get("g").doubleValue());
        running.place(at[0], at[1]);
        return running;
      }
    }
  }

  private static JsonNode references() throws IOException {
    try (InputStream in =
        ClassicTrajectoriesTest.class.getResourceAsStream("/golden/classic-control.json")) {
      return new ObjectMapper().readTree(in);
    }
  }
}
