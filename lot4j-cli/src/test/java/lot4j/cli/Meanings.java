package lot4j.cli;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * What components mean: the {@code @param} lines of records, and the comments of enums' constants,
 * read from the sources. There they are written once, and the page of all keys has them from there.
 */
final class Meanings {
  private static final Map<String, String> ENTITIES =
      Map.of("lt", "<", "gt", ">", "amp", "&", "nbsp", " ");

  private final Map<String, String> found = new HashMap<>();

  private Meanings() {}

  /** The meanings in the files of some classes. */
  static Meanings of(Path root, Set<Class<?>> classes) {
    Meanings meanings = new Meanings();
    Set<Path> files = new TreeSet<>();
    classes.forEach(type -> files.add(source(root, type)));
    meanings.read(files);
    return meanings;
  }

  /** The meaning of a component or constant, as Markdown on one line; empty if it has none. */
  Optional<String> of(Class<?> type, String component) {
    return Optional.ofNullable(found.get(type.getCanonicalName() + "." + component));
  }

  private static Path source(Path root, Class<?> type) {
    Class<?> top = type;
    while (top.getEnclosingClass() != null) {
      top = top.getEnclosingClass();
    }
    String name = "src/main/java/" + top.getName().replace('.', '/') + ".java";
    try (Stream<Path> modules = Files.list(root)) {
      return modules
          .map(module -> module.resolve(name))
          .filter(Files::exists)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no source of " + type));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(Set<Path> files) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      DocTrees trees = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new Reader(trees).scan(unit, String.valueOf(unit.getPackageName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Walks through a file with the name of the type around it. */
  private final class Reader extends TreePathScanner<Void, String> {
    private final DocTrees trees;

    Reader(DocTrees trees) {
      this.trees = trees;
    }

    @Override
    public Void visitClass(ClassTree type, String around) {
      String name = around + "." + type.getSimpleName();
      comment(getCurrentPath())
          .ifPresent(
              comment ->
                  comment.getBlockTags().stream()
                      .filter(ParamTree.class::isInstance)
                      .map(ParamTree.class::cast)
                      .forEach(
                          tag ->
                              found.put(name + "." + tag.getName(), words(tag.getDescription()))));
      if (type.getKind() == Tree.Kind.ENUM) {
        for (Tree member : type.getMembers()) {
          if (member instanceof VariableTree constant) {
            comment(new TreePath(getCurrentPath(), member))
                .ifPresent(
                    comment ->
                        found.put(
                            name + "." + constant.getName(),
                            started(words(comment.getFirstSentence()))));
          }
        }
      }
      return super.visitClass(type, name);
    }

    private Optional<DocCommentTree> comment(TreePath path) {
      return Optional.ofNullable(trees.getDocCommentTree(path));
    }
  }

  /** A sentence as the end of another: {@code Teacher updates.} is {@code teacher updates}. */
  private static String started(String sentence) {
    String words = sentence.replaceFirst("\\.$", "");
    boolean proper = words.length() < 2 || !Character.isLowerCase(words.charAt(1));
    return proper ? words : words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
  }

  private static String words(List<? extends DocTree> parts) {
    return parts.stream()
        .map(Meanings::word)
        .collect(Collectors.joining())
        .replaceAll("\\s+", " ")
        .strip();
  }

  private static String word(DocTree part) {
    if (part instanceof LiteralTree literal) {
      boolean code = literal.getKind() == DocTree.Kind.CODE;
      return code ? "`" + literal.getBody().getBody() + "`" : literal.getBody().getBody();
    }
    if (part instanceof LinkTree link) {
      String label = words(link.getLabel());
      return label.isEmpty() ? "`" + link.getReference() + "`" : label;
    }
    if (part instanceof TextTree text) {
      return text.getBody();
    }
    return part instanceof EntityTree entity
        ? ENTITIES.getOrDefault(entity.getName().toString(), entity.toString())
        : part.toString();
  }
}
