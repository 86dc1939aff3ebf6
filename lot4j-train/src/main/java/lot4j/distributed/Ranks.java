package lot4j.distributed;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import lot4j.Require;

/**
 * A process's place among those that train together, as launchers of PyTorch programs tell it in
 * the environment.
 *
 * @param rank its number, from 0
 * @param size how many processes there are, 1 or more
 * @param localRank its number among those on the same machine
 * @param localSize how many are on the same machine, as far as is known
 * @param host the machine of rank 0; empty if there is one process
 * @param port where rank 0 listens; 0 if there is one process
 */
public record Ranks(int rank, int size, int localRank, int localSize, String host, int port) {
  private static final int LAST_PORT = 65_535;

  public Ranks {
    Require.atLeast("WORLD_SIZE", size, 1);
    Require.that(rank >= 0 && rank < size, "RANK", rank, "0 to " + (size - 1));
    Require.atLeast("LOCAL_RANK", localRank, 0);
    Require.atLeast("LOCAL_WORLD_SIZE", localSize, 1);
    boolean reachable = size == 1 || port >= 1 && port <= LAST_PORT;
    Require.that(reachable, "MASTER_PORT", port, "1 to " + LAST_PORT);
  }

  /** One process alone. */
  public static Ranks alone() {
    return new Ranks(0, 1, 0, 1, "", 0);
  }

  /**
   * Reads {@code RANK}, {@code WORLD_SIZE}, {@code LOCAL_RANK}, {@code LOCAL_WORLD_SIZE}, {@code
   * MASTER_ADDR} and {@code MASTER_PORT}. Without {@code WORLD_SIZE} a process is alone. Where
   * torchrun's agent listens on the port itself, the one after it is used.
   *
   * @throws IllegalArgumentException naming the variable that is missing or wrong
   */
  public static Ranks of(Map<String, String> environment) {
    Optional<String> size = given(environment, "WORLD_SIZE");
    if (size.isEmpty()) {
      if (given(environment, "RANK").isPresent()) {
        throw new IllegalArgumentException(
            "RANK = " + environment.get("RANK") + " is not allowed without WORLD_SIZE");
      }
      return alone();
    }
    int count = whole("WORLD_SIZE", size.get());
    if (count == 1) {
      return alone();
    }
    int rank = whole("RANK", needed(environment, "RANK", count));
    String host = needed(environment, "MASTER_ADDR", count);
    int port = whole("MASTER_PORT", needed(environment, "MASTER_PORT", count));
    boolean taken =
        given(environment, "TORCHELASTIC_USE_AGENT_STORE")
            .map(value -> value.toLowerCase(Locale.ROOT).equals("true"))
            .orElse(false);
    return new Ranks(
        rank,
        count,
        given(environment, "LOCAL_RANK").map(value -> whole("LOCAL_RANK", value)).orElse(0),
        given(environment, "LOCAL_WORLD_SIZE")
            .map(value -> whole("LOCAL_WORLD_SIZE", value))
            .orElse(1),
        host,
        taken ? port + 1 : port);
  }

  private static Optional<String> given(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static String needed(Map<String, String> environment, String name, int size) {
    return given(environment, name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    name + " is not set; with WORLD_SIZE = " + size + " it has to be"));
  }

  private static int whole(String name, String value) {
    try {
      return Integer.parseInt(value.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          name + " = " + value + " is not allowed; a whole number", e);
    }
  }
}
