package lot4j.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The documents of this repository, cut into what tests look at. */
final class Documents {
  private static final Pattern BLOCK =
      Pattern.compile("(?m)^( *)```(\\w*)\\n(.*?)^ *```", Pattern.DOTALL);
  private static final Pattern QUOTED = Pattern.compile("`((?:[A-Z_]+=\\S+ )?\\./lot [^`\\n]+)`");
  private static final Pattern WORD = Pattern.compile("(?:'[^']*'|\"[^\"]*\"|[^\\s'\"])+");

  private final Path root;

  private Documents(Path root) {
    this.root = root;
  }

  /** The documents above the tests' directory. */
  static Documents here() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("lot4j-core")) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    return new Documents(folder);
  }

  /** The folder with the modules. */
  Path root() {
    return root;
  }

  /**
   * A block of code.
   *
   * @param page the document's name below the root
   * @param language as written, {@code sh} for instance
   * @param code its lines
   */
  record Block(String page, String language, String code) {}

  /**
   * One {@code ./lot} command.
   *
   * @param page the document's name below the root
   * @param text as it stands there, without comment
   * @param jar whether it has {@code LOT_CLASSPATH} before it
   * @param arguments without {@code ./lot}
   * @param code the exit code that the comment names, {@code # exit 3}; else 0
   */
  record Command(String page, String text, boolean jar, List<String> arguments, int code) {
    /** What follows an option, empty if it is not there. */
    String after(String option) {
      int at = arguments.indexOf(option);
      return at < 0 || at + 1 >= arguments.size() ? "" : arguments.get(at + 1);
    }
  }

  /** Every page: those at the root, then those in {@code docs}, by name. */
  List<String> pages() {
    List<String> pages = new ArrayList<>();
    for (String folder : List.of("", "docs/")) {
      try (Stream<Path> files = Files.list(root.resolve(folder))) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".md"))
            .sorted()
            .forEach(name -> pages.add(folder + name));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return pages;
  }

  /** A page's text. */
  String text(String page) {
    try {
      return Files.readString(root.resolve(page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A page's blocks of code, in order. */
  List<Block> blocks(String page) {
    return BLOCK
        .matcher(text(page))
        .results()
        .map(block -> new Block(page, block.group(2), block.group(3)))
        .toList();
  }

  /** The commands of a page's {@code sh} blocks, in order. */
  List<Command> commands(String page) {
    return blocks(page).stream()
        .filter(block -> block.language().equals("sh"))
        .flatMap(block -> block.code().lines())
        .filter(line -> withoutComment(line).contains("./lot "))
        .map(line -> command(page, line))
        .toList();
  }

  /** The commands within a page's sentences. */
  List<Command> quoted(String page) {
    return QUOTED
        .matcher(BLOCK.matcher(text(page)).replaceAll(""))
        .results()
        .map(code -> command(page, code.group(1)))
        .distinct()
        .toList();
  }

  private static String withoutComment(String line) {
    return line.replaceAll("\\s#.*", "");
  }

  private static Command command(String page, String line) {
    String text = withoutComment(line).strip();
    String words =
        text.substring(text.indexOf("./lot ") + "./lot ".length())
            .replaceAll("\\s*(;|>|\\|| && ).*", "");
    List<String> arguments =
        WORD.matcher(words)
            .results()
            .map(word -> word.group().replace("'", "").replace("\"", ""))
            .toList();
    java.util.regex.Matcher code = Pattern.compile("#.*\\bexit (\\d+)\\b").matcher(line);
    return new Command(
        page,
        text,
        text.startsWith("LOT_CLASSPATH="),
        arguments,
        code.find() ? Integer.parseInt(code.group(1)) : 0);
  }
}
