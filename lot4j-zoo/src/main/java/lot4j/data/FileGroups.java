package lot4j.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lot4j.train.DataException;

/** Groups of files by what an expression finds in their paths. */
final class FileGroups {
  private FileGroups() {}

  /**
   * A number for each file, the same for files of one group.
   *
   * @param files as errors name them
   * @param paths in which the expression's first group is looked for, one for each file
   * @param expression a regular expression with a group
   * @throws DataException naming the first file in which nothing is found
   */
  static int[] of(List<String> files, List<String> paths, String expression) {
    Pattern pattern = Pattern.compile(expression);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      Matcher matcher = pattern.matcher(paths.get(i));
      if (!matcher.find() || matcher.group(1) == null) {
        throw new DataException(
            files.get(i)
                + ": task.group = "
                + DataFile.shown(expression)
                + " finds nothing in '"
                + DataFile.shown(paths.get(i))
                + "'");
      }
      names.add(matcher.group(1));
    }
    List<String> groups = List.copyOf(new TreeSet<>(names));
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      numbers.put(groups.get(i), i);
    }
    return names.stream().mapToInt(numbers::get).toArray();
  }
}
