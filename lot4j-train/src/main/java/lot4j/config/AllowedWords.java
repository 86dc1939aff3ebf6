package lot4j.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * What a key takes, found out by giving it what it cannot take: the words are those of the refusal,
 * which a user meets too, so that they need not be kept anywhere else.
 */
final class AllowedWords {
  private static final List<String> PROBES =
      List.of(
          "'?!?!?!?!?!?!'",
          "-1",
          "-1.5",
          "0",
          "1e300",
          "99999999999",
          "' '",
          "true",
          "[]",
          "[-1]",
          "['?!?!?!?!?!?!']");
  private static final Set<String> GENERIC =
      Set.of(
          "a whole number",
          "a number",
          "a text",
          "a list of numbers",
          "a list of whole numbers",
          "keys with values",
          "another form");

  private static final Pattern RANGE = Pattern.compile("(from )?-?[0-9.]+ [^;]*");
  private static final String LIST = "a list of";
  private static final String OR = ", or ";

  private AllowedWords() {}

  /**
   * The words.
   *
   * @param path as messages have it, {@code lot.alpha}
   * @param bind binds a value at the key, reporting what is wrong
   */
  static String of(String path, BiConsumer<YamlNode, Problems> bind) {
    Set<String> found = new LinkedHashSet<>();
    for (String probe : PROBES) {
      Problems problems = new Problems();
      bind.accept(YamlTree.value("", probe), problems);
      for (Problem problem : problems.all()) {
        String words = problem.text().replaceFirst("(?s)^.* is not allowed; ", "");
        if (problem.text().startsWith(path + " = ")) {
          found.add(words);
        } else if (problem.text().startsWith(path + "[0] = ")) {
          found.add("each " + words);
        }
      }
    }
    return together(found);
  }

  /** A type's words and a range's: {@code a whole number, 1 or more}. */
  private static String together(Set<String> found) {
    found.removeIf(words -> words.endsWith("a smaller whole number"));
    String type = "";
    List<String> precise = new ArrayList<>();
    for (String words : found) {
      boolean generic = GENERIC.stream().anyMatch(words::endsWith);
      if (generic && type.isEmpty()) {
        type = words;
      } else if (!generic) {
        precise.add(words);
      }
    }
    if (precise.isEmpty()) {
      return type.isEmpty() ? "a text" : type;
    }
    String rest = String.join("; ", precise);
    if (type.endsWith("number") && RANGE.matcher(rest).matches()) {
      return type + ", " + rest;
    }
    if (type.startsWith(LIST) && !rest.startsWith(LIST)) {
      return type + ", " + (RANGE.matcher(rest).matches() ? "each " + rest : rest);
    }
    int word = type.indexOf(OR);
    return word > 0 && !rest.contains(type.substring(0, word))
        ? type.substring(0, word) + OR + rest
        : rest;
  }
}
