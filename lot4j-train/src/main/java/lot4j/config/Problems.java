package lot4j.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Collects what is wrong, so that everything is told at once: in the order of the file, then the
 * overrides; the same problem counts once.
 */
final class Problems {
  private static final Pattern POSITION =
      Pattern.compile(".*:(\\d{1,9}):(\\d{1,9})", Pattern.DOTALL);

  private final Set<Problem> found = new LinkedHashSet<>();

  void add(String where, String text) {
    found.add(new Problem(where, text));
  }

  /** {@code key = value is not allowed; what}. */
  void refuse(YamlNode node, String key, String what) {
    add(node.where(), key + " = " + Shown.of(node) + " is not allowed; " + what);
  }

  int count() {
    return found.size();
  }

  /** Everything found, in the order of finding. */
  List<Problem> all() {
    return List.copyOf(found);
  }

  boolean any() {
    return !found.isEmpty();
  }

  void throwIfAny() {
    if (any()) {
      List<Problem> sorted = new ArrayList<>(found);
      sorted.sort(Comparator.comparingLong(Problems::position));
      throw new ConfigError(sorted);
    }
  }

  private static long position(Problem problem) {
    Matcher matcher = POSITION.matcher(problem.where());
    return matcher.matches()
        ? (Long.parseLong(matcher.group(1)) << 30) + Long.parseLong(matcher.group(2))
        : Long.MAX_VALUE;
  }
}
