package lot4j.cli;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigWriter;
import lot4j.data.DataSets;
import lot4j.preset.Presets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the documents say of commands, files, keys and names is so. */
class DocumentsTest {
  private static final Pattern BLOCK =
      Pattern.compile("(?:<!-- file: (\\S+) -->\\n)?```(\\w*)\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern WORD = Pattern.compile("'[^']*'|\\S+");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern SETTING = Pattern.compile("^\\| `([a-z.,` -]+)` \\|");

  /** Written by the benchmarks and the results, perhaps not there yet. */
  private static final Set<String> GENERATED = Set.of("benchmarks.md", "results.md");

  /** Words of blocks that only outline something; what they outline is named beside them. */
  private static final List<String> SKETCHES =
      List.of(
          "record Coin(double bias)",
          "session.withNetworks(",
          "OrtEnvironment.getEnvironment()", // of another program, with ONNX Runtime
          "graph.input().conv(\"conv1\", 1)");

  private final Path root = root();
  private final Catalog catalog = Catalog.load();

  @Test
  void everyCommandOfTheDocumentsParses() {
    List<String> wrong = new ArrayList<>();
    int parsed = 0;
    for (Path document : documents()) {
      for (List<String> arguments : commands(text(document))) {
        try {
          Main.line(new Main()).parseArgs(arguments.toArray(String[]::new));
          parsed++;
        } catch (CommandLine.ParameterException e) {
          wrong.add(document.getFileName() + ": lot " + arguments + ": " + e.getMessage());
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(parsed).isGreaterThan(15);
  }

  @Test
  void everyConfigurationNamedInACommandIsAPresetOrAFile() {
    List<String> wrong = new ArrayList<>();
    for (Path document : documents()) {
      for (List<String> arguments : commands(text(document))) {
        boolean configured = !arguments.contains("--data");
        if (configured && Set.of("compare", "train", "plan").contains(arguments.get(0))) {
          String config = arguments.get(1);
          boolean any = Set.of("CONFIG", "NAME").contains(config);
          if (!config.endsWith(".yaml") && !any && !preset(config)) {
            wrong.add(document.getFileName() + ": " + config);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyLinkToAFileOrHeadingResolves() {
    List<String> wrong = new ArrayList<>();
    for (Path document : documents()) {
      for (MatchResult link : LINK.matcher(text(document)).results().toList()) {
        String target = link.group(1);
        if (!target.contains("://") && !resolves(document, target)) {
          wrong.add(document.getFileName() + ": " + target);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyDocumentIsInTheIndex() {
    String index = text(root.resolve("docs/README.md"));
    assertThat(documents())
        .filteredOn(document -> document.getParent().equals(root.resolve("docs")))
        .filteredOn(document -> !document.endsWith("README.md"))
        .isNotEmpty()
        .allSatisfy(document -> assertThat(index).contains("(" + document.getFileName() + ")"));
  }

  @Test
  void everyKeyOfTheReferenceIsWrittenIntoAResolvedConfiguration() {
    Set<String> keys = new TreeSet<>();
    for (String line : section("Keys").lines().toList()) {
      SETTING
          .matcher(line)
          .results()
          .forEach(row -> keys.addAll(List.of(row.group(1).split("`, `"))));
    }
    // Budgets other than the preset's own, what only a baseline's run has, and what is only written
    // where it is given.
    String written = resolved() + "equal-compute: lora: freeze:";
    assertThat(keys).hasSizeGreaterThan(40);
    assertThat(keys)
        .allSatisfy(
            key ->
                assertThat(written)
                    .containsPattern(
                        "(^|[\\s{])" + Pattern.quote(key.replaceAll("^.*\\.", "")) + ":"));
  }

  @Test
  void everyResolvedKeyIsInTheReference() {
    String reference = text(root.resolve("docs/configuration.md"));
    Set<String> roots =
        Pattern.compile("(?m)^([a-z-]+):")
            .matcher(resolved())
            .results()
            .map(found -> found.group(1))
            .collect(toCollection(TreeSet::new));
    assertThat(roots).contains("budget", "lot");
    assertThat(roots).allSatisfy(key -> assertThat(reference).contains("`" + key));
  }

  @Test
  void everyNameOfTheCatalogIsDocumented() {
    String configuration = text(root.resolve("docs/configuration.md"));
    assertThat(catalog.names(Category.METRIC).stream().filter(name -> !name.contains("_")))
        .allSatisfy(name -> assertThat(configuration).contains("`" + name + "`"));
    String data = text(root.resolve("docs/data.md"));
    assertThat(DataSets.all()).allSatisfy(set -> assertThat(data).contains("`" + set.name() + "`"));
  }

  @Test
  void everyExampleFileIsQuotedAsItIs() {
    String extending = text(root.resolve("docs/extending.md"));
    List<MatchResult> files =
        BLOCK.matcher(extending).results().filter(block -> block.group(1) != null).toList();
    assertThat(files).isNotEmpty();
    for (MatchResult block : files) {
      assertThat(text(example(block.group(1)))).contains(block.group(3).strip());
    }
  }

  /** A file of that name among the examples. */
  private Path example(String name) {
    Path tested = root.resolve("lot4j-zoo/src/test/java/lot4j/example").resolve(name);
    if (Files.exists(tested)) {
      return tested;
    }
    try (Stream<Path> files = Files.walk(root.resolve("examples"))) {
      return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void theReadmesLoopIsTheTestedOne() {
    String test = text(root.resolve("lot4j-core/src/test/java/lot4j/OwnLoopExampleTest.java"));
    Set<String> tested = test.lines().map(String::strip).collect(toCollection(TreeSet::new));
    String loop =
        BLOCK
            .matcher(text(root.resolve("README.md")))
            .results()
            .map(block -> block.group(3))
            .filter(code -> code.contains("lot.teach("))
            .findFirst()
            .orElseThrow();
    assertThat(loop.lines().map(String::strip).filter(line -> !line.isEmpty()))
        .allSatisfy(line -> assertThat(tested).contains(line));
  }

  @Test
  void everyLineOfJavaStandsInACompiledFile() {
    Documents pages = Documents.here();
    Set<String> compiled = compiledLines();
    List<String> wrong = new ArrayList<>();
    int blocks = 0;
    for (String page : pages.pages()) {
      for (Documents.Block block : pages.blocks(page)) {
        if (block.language().equals("java")
            && SKETCHES.stream().noneMatch(block.code()::contains)) {
          blocks++;
          block
              .code()
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.equals("…") && !compiled.contains(line))
              .forEach(line -> wrong.add(page + ": " + line));
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(blocks).isGreaterThan(8);
  }

  private Set<String> compiledLines() {
    Set<String> lines = new TreeSet<>();
    try (Stream<Path> files = Files.walk(root)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains("src"))
          .forEach(file -> text(file).lines().map(String::strip).forEach(lines::add));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return lines;
  }

  /** Words of every {@code ./lot} command in code blocks and in quoted code, without comments. */
  private static List<List<String>> commands(String document) {
    Stream<String> blocks =
        BLOCK
            .matcher(document)
            .results()
            .filter(block -> block.group(2).equals("sh"))
            .flatMap(block -> block.group(3).lines());
    Stream<String> quoted =
        Pattern.compile("`(\\./lot [^`\\n]+)`")
            .matcher(BLOCK.matcher(document).replaceAll(""))
            .results()
            .map(code -> code.group(1));
    return Stream.concat(blocks, quoted)
        .map(line -> line.replaceAll("(?<=\\s)#.*", "").strip())
        .filter(line -> line.contains("./lot "))
        .map(line -> line.substring(line.indexOf("./lot ") + "./lot ".length()))
        .map(line -> line.replaceAll("\\s*(;|>|\\|| && ).*", ""))
        .map(
            line ->
                WORD.matcher(line).results().map(word -> word.group().replace("'", "")).toList())
        .toList();
  }

  private static boolean preset(String name) {
    return Presets.find(name).isPresent();
  }

  private boolean resolves(Path document, String target) {
    String file = target.replaceFirst("#.*", "");
    Path path = file.isEmpty() ? document : document.resolveSibling(file);
    if (GENERATED.contains(String.valueOf(path.getFileName()))) {
      return true;
    }
    if (!Files.exists(path)) {
      return false;
    }
    return !target.contains("#")
        || HEADING
            .matcher(text(path))
            .results()
            .anyMatch(heading -> anchor(heading.group(1)).equals(target.replaceFirst(".*#", "")));
  }

  /** A heading's anchor as code hosts make it. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }

  private String section(String heading) {
    String text = text(root.resolve("docs/configuration.md"));
    int from = text.indexOf("## " + heading + "\n");
    int to = text.indexOf("\n## ", from + 1);
    return text.substring(from, to);
  }

  /** The newcomer's preset with a budget of each kind it can have, complete. */
  private String resolved() {
    ConfigReader reader = new ConfigReader(catalog);
    ConfigWriter writer = new ConfigWriter(catalog);
    StringBuilder all = new StringBuilder();
    for (String budget : List.of("epochs=1", "updates=10", "minutes=1")) {
      all.append(
          writer.yaml(
              reader.read(Presets.find("digits").orElseThrow(), List.of("budget." + budget))));
    }
    all.append(writer.yaml(reader.read(Presets.find("kjv-char").orElseThrow(), List.of())));
    all.append(
        writer.yaml(
            reader.read(
                Presets.find("digits").orElseThrow(),
                List.of(
                    "methods=[{label: a, method: lot, set: {lot.alpha: 2}},"
                        + " {label: b, method: teacher-only-equal-compute, match: a}]"))));
    return all.toString();
  }

  private List<Path> documents() {
    List<Path> documents = new ArrayList<>();
    for (Path folder : List.of(root, root.resolve("docs"))) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    return documents;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The folder with the modules. */
  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("lot4j-core")) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    return folder;
  }
}
