package lot4j.rl.gymnasium;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lot4j.rl.ActionSpace;
import lot4j.rl.EnvironmentException;
import lot4j.rl.ObservationSpace;
import lot4j.rl.Spaces;
import lot4j.train.DataException;

/** One process with some of the environments; speaks the requests of {@code bridge.py}. */
final class Worker implements AutoCloseable {
  private static final int VERSION = 1;
  private static final Duration MAKING = Duration.ofMinutes(10);
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .build();

  private final Gymnasium spec;
  private final PythonProcess process;
  private final int first;
  private final int count;
  private Spaces spaces;

  private Worker(Gymnasium spec, PythonProcess process, int first, int count) {
    this.spec = spec;
    this.process = process;
    this.first = first;
    this.count = count;
  }

  /**
   * Starts a process and makes its environments.
   *
   * @param first the number of its first environment among all
   * @throws DataException if Python, the package or the environment is not there or does not fit
   */
  static Worker start(Gymnasium spec, int first, int count, boolean render, Duration limit) {
    PythonProcess process;
    try {
      process = PythonProcess.start(spec.name(), spec.python());
    } catch (IOException e) {
      throw new DataException(python(spec, "a Python 3 that can be started: " + e.getMessage()), e);
    }
    Worker worker = new Worker(spec, process, first, count);
    try {
      worker.spaces = worker.make(render, limit);
    } catch (EnvironmentException e) {
      worker.close();
      throw new DataException(python(spec, "a Python 3 that answers: " + e.getMessage()), e);
    } catch (Refusal e) {
      worker.close();
      throw refused(spec, e);
    } catch (IllegalArgumentException e) {
      worker.close();
      throw new DataException(spec.name() + ": " + e.getMessage(), e);
    }
    return worker;
  }

  private static String python(Gymnasium spec, String what) {
    return "task.environment.python = " + spec.python() + " is not allowed; " + what;
  }

  private static DataException refused(Gymnasium spec, Refusal refusal) {
    String message =
        switch (refusal.kind()) {
          case "package" ->
              python(
                  spec,
                  "a Python with the packages that an environment needs: "
                      + refusal.getMessage()
                      + "; install with: "
                      + refusal.python()
                      + " -m pip install gymnasium");
          case "make" ->
              "task.environment.id = "
                  + spec.id()
                  + " is not allowed; gymnasium.make says: "
                  + refusal.getMessage();
          case "space" ->
              "task.environment.id = " + spec.id() + " is not allowed; it " + refusal.getMessage();
          default -> spec.name() + ": " + refusal.getMessage();
        };
    return new DataException(message, refusal);
  }

  private Spaces make(boolean render, Duration limit) throws Refusal {
    String starting = "while starting " + spec.python();
    process.within(
        limit,
        starting,
        () -> {
          process.load(starting);
          send('H', Map.of("version", VERSION), starting);
          return process.receive('H', starting);
        });
    Map<String, Object> wanted =
        Map.of(
            "id", spec.id(),
            "kwargs", spec.kwargs(),
            "max_steps", spec.maxSteps(),
            "count", count,
            "render", render,
            "channels", spec.channels().name().toLowerCase(Locale.ROOT));
    String making = "while making environments";
    ByteBuffer answer =
        process.within(
            MAKING,
            making,
            () -> {
              send('M', wanted, making);
              return process.receive('M', making);
            });
    try {
      return spaces(JSON.readTree(answer.array(), 0, answer.limit()));
    } catch (IOException e) {
      throw new EnvironmentException(spec.name() + ": unreadable spaces", e);
    }
  }

  private void send(char kind, Map<String, Object> payload, String doing) {
    try {
      byte[] json = JSON.writeValueAsString(payload).getBytes(StandardCharsets.UTF_8);
      process.request(json.length).put(json);
      process.send(kind, doing);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("kwargs: " + e.getMessage(), e);
    }
  }

  private static Spaces spaces(JsonNode json) {
    JsonNode seen = json.path("observation");
    List<Long> sizes = new ArrayList<>();
    seen.path("shape").forEach(size -> sizes.add(size.asLong()));
    long[] shape = sizes.stream().mapToLong(Long::longValue).toArray();
    ObservationSpace observation =
        seen.path("type").asText().equals("uint8")
            ? ObservationSpace.bytes(1 / 255.0, shape)
            : ObservationSpace.floats(shape);
    JsonNode action = json.path("action");
    return new Spaces(
        observation,
        action.path("kind").asText().equals("discrete")
            ? new ActionSpace.Discrete(action.path("choices").asInt())
            : new ActionSpace.Box(numbers(action.path("low")), numbers(action.path("high"))));
  }

  private static List<Double> numbers(JsonNode array) {
    List<Double> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add(number.asDouble()));
    return numbers;
  }

  Spaces spaces() {
    return spaces;
  }

  /** The number of its first environment. */
  int first() {
    return first;
  }

  int count() {
    return count;
  }

  /** Begins an episode; the answer holds one transition. */
  ByteBuffer reset(int environment, long seed) {
    process.request(16).putInt(environment - first).putInt(0).putLong(seed);
    process.send('R', "while resetting");
    return receive('T', "while resetting environment " + environment);
  }

  /** Begins an episode and takes its actions; the answer is their number and one transition. */
  ByteBuffer replay(int environment, long seed, Episode episode) {
    ByteBuffer request = process.request(Math.addExact(16, Float.BYTES * episode.size()));
    request.putInt(environment - first).putInt(0).putLong(seed);
    episode.write(request);
    process.send('V', "while replaying");
    return receive('N', "while replaying environment " + environment);
  }

  /** Asks for a step of those that are active; {@link #stepped} waits for it. */
  void step(float[] actions, boolean[] active, int width) {
    ByteBuffer request = process.request(count * (Float.BYTES * width + 1));
    for (int i = first * width; i < (first + count) * width; i++) {
      request.putFloat(actions[i]);
    }
    for (int i = first; i < first + count; i++) {
      request.put((byte) (active[i] ? 1 : 0));
    }
    process.send('A', "while stepping");
  }

  /** The transitions of those that were active. */
  ByteBuffer stepped() {
    return receive('T', "while stepping");
  }

  /** A picture: height, width, then red, green and blue of each pixel; or nothing. */
  ByteBuffer picture(int environment) {
    process.request(4).putInt(environment - first);
    process.send('P', "while drawing");
    return receive('P', "while drawing");
  }

  private ByteBuffer receive(char kind, String doing) {
    try {
      return process.receive(kind, doing);
    } catch (Refusal e) {
      throw new EnvironmentException(spec.name() + ": " + e.getMessage() + " " + doing, e);
    }
  }

  /** The process, for tests. */
  ProcessHandle handle() {
    return process.handle();
  }

  @Override
  public void close() {
    process.close();
  }
}
