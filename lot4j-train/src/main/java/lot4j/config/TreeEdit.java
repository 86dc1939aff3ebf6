package lot4j.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sets one key of a tree: {@code lot.alpha}, {@code students[0].model}. A value replaces what was
 * there; a budget's key replaces the whole budget, which has exactly one.
 */
final class TreeEdit {
  private static final Pattern SEGMENT = Pattern.compile("([^\\[\\]]+)((?:\\[[0-9]{1,6}\\])*)");
  private static final Pattern INDEX = Pattern.compile("\\[([0-9]+)\\]");

  private final String where;
  private final Problems problems;

  private TreeEdit(String where, Problems problems) {
    this.where = where;
    this.problems = problems;
  }

  /** The tree with {@code key.path=value} of the command line in it. */
  static YamlNode.Mapping override(YamlNode.Mapping root, String text, Problems problems) {
    String where = "--set " + text;
    String shown = Shown.text(where);
    int equals = text.indexOf('=');
    if (equals < 1) {
      problems.add(shown, "no key and value; key.path=value");
      return root;
    }
    try {
      YamlNode value = YamlTree.value(where, text.substring(equals + 1));
      return set(root, text.substring(0, equals).strip(), shown, value, problems);
    } catch (ConfigError e) {
      e.problems().forEach(problem -> problems.add(problem.where(), problem.text()));
      return root;
    }
  }

  /** The tree with a value at a dotted path. */
  static YamlNode.Mapping set(
      YamlNode.Mapping root, String path, String where, YamlNode value, Problems problems) {
    Optional<List<Object>> steps = steps(path);
    if (steps.isEmpty()) {
      problems.add(where, "key " + Shown.brief(path) + " is not allowed; key.path or key[0].path");
      return root;
    }
    List<Object> all = steps.get();
    if (all.size() == 2 && all.get(0).equals("budget")) {
      YamlNode budget = YamlNode.Mapping.empty(where).with((String) all.get(1), where, value);
      return root.with("budget", where, budget);
    }
    return (YamlNode.Mapping) new TreeEdit(where, problems).put(root, all, 0, "", value);
  }

  private static Optional<List<Object>> steps(String path) {
    List<Object> steps = new ArrayList<>();
    for (String part : path.split("\\.", -1)) {
      Matcher segment = SEGMENT.matcher(part);
      if (!segment.matches()) {
        return Optional.empty();
      }
      steps.add(segment.group(1));
      Matcher index = INDEX.matcher(segment.group(2));
      while (index.find()) {
        steps.add(Integer.valueOf(index.group(1)));
      }
    }
    return steps.size() > 16 || !(steps.get(0) instanceof String)
        ? Optional.empty()
        : Optional.of(steps);
  }

  private YamlNode put(YamlNode at, List<Object> steps, int done, String path, YamlNode value) {
    if (done == steps.size()) {
      return value;
    }
    if (steps.get(done) instanceof Integer index) {
      return item(at, steps, done, path, value, index);
    }
    String key = (String) steps.get(done);
    YamlNode.Mapping mapping = mapping(at, steps, key);
    YamlNode.Entry old = mapping.entries().get(key);
    YamlNode inner = old == null ? new YamlNode.Scalar(where, Optional.empty(), "") : old.value();
    YamlNode changed = put(inner, steps, done + 1, RecordBinder.join(path, key), value);
    boolean last = done + 1 == steps.size();
    return mapping.with(key, old == null || last ? where : old.where(), changed);
  }

  /** A component written as its name becomes one with keys: {@code sgd} is {@code {kind: sgd}}. */
  private YamlNode.Mapping mapping(YamlNode at, List<Object> steps, String key) {
    if (at instanceof YamlNode.Mapping mapping) {
      return mapping;
    }
    YamlNode.Mapping empty = YamlNode.Mapping.empty(where);
    if (at instanceof YamlNode.Scalar scalar && scalar.value().orElse(0) instanceof String) {
      boolean learner = steps.get(0).equals("teacher") || steps.get(0).equals("students");
      String word = learner ? "model" : "kind";
      return key.equals("model") || key.equals("kind") ? empty : empty.with(word, at.where(), at);
    }
    return empty;
  }

  private YamlNode item(
      YamlNode at, List<Object> steps, int done, String path, YamlNode value, int index) {
    String here = path + "[" + index + "]";
    if (!(at instanceof YamlNode.Sequence sequence) || index >= sequence.items().size()) {
      int size = at instanceof YamlNode.Sequence sequence ? sequence.items().size() : 0;
      problems.add(
          where,
          here + " is not there; " + path + " has " + size + (size == 1 ? " entry" : " entries"));
      return at;
    }
    return sequence.with(index, put(sequence.items().get(index), steps, done + 1, here, value));
  }
}
