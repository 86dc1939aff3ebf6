package lot4j.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code task.kind} from the text of a {@code config.yaml} as runs write it: block style, one
 * key a line; a {@code task} in braces on one line is read too.
 */
final class TaskKind {
  private static final Pattern KIND =
      Pattern.compile(
          "^task:[ \\t]*(?:\\{[^}\\n]*?\\b|\\n([ \\t]+)(?:\\S.*\\n(?:[ \\t]+.*\\n)*?\\1)?)"
              + "kind:[ \\t]*[\"']?([\\w-]+)",
          Pattern.MULTILINE);

  private TaskKind() {}

  /** The kind; empty if the text does not say. */
  static String of(String config) {
    Matcher matcher = KIND.matcher(config.replace("\r\n", "\n"));
    return matcher.find() ? matcher.group(2) : "";
  }
}
