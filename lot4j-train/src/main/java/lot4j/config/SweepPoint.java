package lot4j.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Values that a sweep puts into a tree, each with its own text as its place. */
record SweepPoint(Map<String, YamlNode> values, Problems problems) {
  private static final Set<String> SAME = Set.of("name", "method", "methods", "seeds");

  static SweepPoint read(Map<String, String> point, Problems problems) {
    Map<String, YamlNode> values = new LinkedHashMap<>();
    point.forEach(
        (key, value) -> {
          String where = where(key, value);
          if (SAME.contains(first(key))) {
            problems.add(where, Shown.brief(key) + " is not allowed; it is the same for all");
            return;
          }
          try {
            values.put(key, YamlTree.value(where, value));
          } catch (ConfigError e) {
            e.problems().forEach(problem -> problems.add(problem.where(), problem.text()));
          }
        });
    return new SweepPoint(values, problems);
  }

  /** The tree of a method with the values that the method goes by. */
  YamlNode.Mapping over(YamlNode.Mapping root, MethodTraits traits) {
    YamlNode.Mapping tree = root;
    for (Map.Entry<String, YamlNode> value : values.entrySet()) {
      if (reaches(value.getKey(), traits)) {
        String where = value.getValue().where();
        tree = TreeEdit.set(tree, value.getKey(), where, value.getValue(), problems);
      }
    }
    return tree;
  }

  /**
   * Whether a method goes by a key. One that matches another's compute needs students for nothing
   * but to be matched with.
   */
  static boolean reaches(String key, MethodTraits traits) {
    String section = first(key);
    boolean ofStudents =
        section.equals("students")
            || section.equals(Objectives.REPLAY)
            || section.startsWith("student-");
    boolean alone = !traits.students() || traits.match() != MethodTraits.Match.NONE;
    boolean ofLot = section.equals("lot");
    return !(alone && (ofStudents || ofLot)) && (traits.lot() || !ofLot);
  }

  private static String first(String key) {
    return key.split("[.\\[]", 2)[0];
  }

  private static String where(String key, String value) {
    return "--grid " + key + "=" + value;
  }
}
