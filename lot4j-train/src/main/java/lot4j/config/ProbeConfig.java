package lot4j.config;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import lot4j.Require;

/**
 * The section {@code probe}: which teachers {@code lot probe} trains and then has imitated, and by
 * which students. What an entry sets, it sets over everything else in the file. The teachers are
 * trained with each of the file's {@code seeds}.
 *
 * @param teachers how they are trained; one group each
 * @param students how they imitate; default one kind, that does as the file says
 * @param studentSeeds of the students' initial weights and batches; every teacher gets a student of
 *     each; default 1000
 */
public record ProbeConfig(List<Teacher> teachers, List<Student> students, List<Long> studentSeeds) {
  /** The section's name in a configuration. */
  public static final String SECTION = "probe";

  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9._@+-]{1,60}");

  /**
   * A group of teachers.
   *
   * @param label its name in the results
   * @param method how they are trained
   * @param set its own keys, dotted paths to values
   */
  public record Teacher(String label, String method, Map<String, Object> set) {
    public Teacher {
      ProbeConfig.requireLabel(label);
      set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
    }
  }

  /**
   * A kind of students.
   *
   * @param label its name in the results
   * @param set its own keys, dotted paths to values
   */
  public record Student(String label, Map<String, Object> set) {
    public Student {
      ProbeConfig.requireLabel(label);
      set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
    }
  }

  public ProbeConfig {
    teachers = List.copyOf(teachers);
    students = List.copyOf(students);
    studentSeeds = List.copyOf(studentSeeds);
    distinct("probe.teachers", teachers.stream().map(Teacher::label).toList());
    distinct("probe.students", students.stream().map(Student::label).toList());
    distinct("probe.student-seeds", studentSeeds);
    Require.that(
        studentSeeds.stream().allMatch(seed -> seed >= 0) && !studentSeeds.isEmpty(),
        "probe.student-seeds",
        studentSeeds,
        "a list of distinct whole numbers, 0 or more");
    Require.that(!students.isEmpty(), "probe.students", students, "at least one kind");
  }

  /** One kind of students, one of each teacher. */
  public static ProbeConfig standard() {
    return new ProbeConfig(List.of(), List.of(new Student("student", Map.of())), List.of(1000L));
  }

  private static void requireLabel(String label) {
    Require.that(LABEL.matcher(label).matches(), "label", label, "letters, digits and . _ @ + -");
  }

  private static void distinct(String key, List<?> values) {
    Set<Object> once = new HashSet<>(values);
    Require.that(once.size() == values.size(), key, values, "every label or seed once");
  }
}
