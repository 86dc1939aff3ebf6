package lot4j.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/** Collects what is wrong, so that everything is told at once; the same problem counts once. */
final class Problems {
  private final Set<Problem> found = new LinkedHashSet<>();

  void add(String where, String text) {
    found.add(new Problem(where, text));
  }

  /** {@code key = value is not allowed; what}. */
  void refuse(YamlNode node, String key, String what) {
    add(node.where(), key + " = " + Shown.of(node) + " is not allowed; " + what);
  }

  void addAll(Problems others) {
    found.addAll(others.found);
  }

  boolean any() {
    return !found.isEmpty();
  }

  void throwIfAny() {
    if (any()) {
      throw new ConfigError(new ArrayList<>(found));
    }
  }
}
