package lot4j.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The valid name that a misspelt one was probably meant to be. */
public final class NearestName {
  private static final int FARTHEST = 2;

  private NearestName() {}

  /** The nearest of {@code names} if it is at most two edits away, the first in order on a tie. */
  public static Optional<String> to(String written, Collection<String> names) {
    return names.stream()
        .filter(name -> Math.abs(name.length() - written.length()) <= FARTHEST)
        .map(name -> new Candidate(name, distance(written, name)))
        .filter(candidate -> candidate.distance <= FARTHEST)
        .filter(candidate -> candidate.distance < candidate.name.length())
        .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
        .map(Candidate::name);
  }

  /** The words to append to a message: {@code ; did you mean 'alpha'?}, or nothing. */
  static String hint(String written, Collection<String> names) {
    return to(written, names).map(name -> "; did you mean '" + name + "'?").orElse("");
  }

  /**
   * Insertions, deletions, substitutions and swaps of neighbours. Source: F. Damerau, "A technique
   * for computer detection and correction of spelling errors", 1964 (restricted form).
   */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1);
        least = Math.min(least, cost[i - 1][j - 1] + same);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          least = Math.min(least, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = least;
      }
    }
    return cost[a.length()][b.length()];
  }

  private record Candidate(String name, int distance) {}
}
