package lot4j.distributed;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import lot4j.Require;

/**
 * How long processes wait for each other.
 *
 * @param join for all of them to be there at the beginning
 * @param silence without a sign of life until one counts as lost
 * @param stall at least, that one which gives signs of life may keep the others waiting
 */
public record Patience(Duration join, Duration silence, Duration stall) {
  /** The environment variable with the seconds of {@link #silence}. */
  public static final String SILENCE = "LOT_TIMEOUT";

  /** The environment variable with the seconds of {@link #join}. */
  public static final String JOIN = "LOT_JOIN_TIMEOUT";

  /** The environment variable with the seconds of {@link #stall}. */
  public static final String STALL = "LOT_STALL_TIMEOUT";

  private static final long JOIN_SECONDS = 300;
  private static final long SILENCE_SECONDS = 15;
  private static final long STALL_SECONDS = 30;
  private static final int MOST_SECONDS = 1_000_000;

  public Patience {
    Require.atLeast(JOIN, join.toSeconds(), 1L);
    Require.atLeast(SILENCE, silence.toSeconds(), 1L);
    Require.atLeast(STALL, stall.toSeconds(), 1L);
  }

  /**
   * As the environment says, else five minutes, a quarter of one, and half a one.
   *
   * @throws IllegalArgumentException naming the variable that is not a number of seconds
   */
  public static Patience of(Map<String, String> environment) {
    return new Patience(
        seconds(environment, JOIN, JOIN_SECONDS),
        seconds(environment, SILENCE, SILENCE_SECONDS),
        seconds(environment, STALL, STALL_SECONDS));
  }

  private static Duration seconds(Map<String, String> environment, String name, long usual) {
    Optional<String> given = Optional.ofNullable(environment.get(name)).filter(v -> !v.isBlank());
    if (given.isEmpty()) {
      return Duration.ofSeconds(usual);
    }
    try {
      int seconds = Integer.parseInt(given.get().strip());
      Require.that(seconds >= 1 && seconds <= MOST_SECONDS, name, seconds, "1 or more seconds");
      return Duration.ofSeconds(seconds);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          name + " = " + given.get() + " is not allowed; a whole number of seconds", e);
    }
  }

  /** The time between two signs of life: a fifth of what is missed, at most a second. */
  Duration beat() {
    Duration fifth = silence.dividedBy(5);
    return fifth.compareTo(Duration.ofSeconds(1)) < 0 ? fifth : Duration.ofSeconds(1);
  }
}
