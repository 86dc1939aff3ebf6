package lot4j.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import lot4j.stats.PairedTest;

/**
 * The page of studies, generated from committed {@code compare.json} files: every folder of the
 * results directory is a section, its {@code about.md} in front of a table for each document in it.
 * A folder with a {@code sweep.json} or a {@code probe.json} shows that. One with several documents
 * (several splits of the data) ends with a table over them. An {@code about.md} of the directory
 * itself begins the page in place of the usual words, an {@code end.md} ends it.
 */
public final class ResultsPage {
  private static final String HEAD =
      """
      # Results

      This page is generated from the `compare.json` files under `docs/results/` by
      `./lot report --results docs/results --to docs/results.md`; a test holds it to them. Whatever came
      out stands here. Intervals are 95 %: brackets a percentile bootstrap over seeds, "t" Student's.
      Differences are paired by seed and, for accuracies, in percentage points. "Better" or "worse" is
      said only if both intervals exclude 0 and there are 5 seeds or more. Returns of reinforcement
      learning: methods made the same number of environment steps, their compute is not matched; IQM is the
      interquartile mean, its interval a bootstrap with the tasks as strata.
      """;

  private static final String ABOUT = "about.md";

  private final StringBuilder out = new StringBuilder();

  private ResultsPage() {}

  /**
   * The page of a results directory.
   *
   * @throws ReportException naming the file, if one is missing or damaged
   */
  public static String of(Path directory) {
    ResultsPage page = new ResultsPage();
    page.out.append(text(directory.resolve(ABOUT)).orElse(HEAD));
    for (Path folder : sorted(directory, Files::isDirectory)) {
      page.section(folder);
    }
    text(directory.resolve("end.md")).ifPresent(end -> page.out.append('\n').append(end));
    return page.out.toString();
  }

  private static Optional<String> text(Path file) {
    return Files.exists(file) ? Optional.of(JsonFile.text(file).strip() + "\n") : Optional.empty();
  }

  private static List<Path> sorted(Path directory, java.util.function.Predicate<Path> wanted) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(wanted).sorted().toList();
    } catch (IOException e) {
      throw new ReportException(directory, "cannot be read: " + e.getMessage(), e);
    }
  }

  private void section(Path folder) {
    out.append('\n').append(JsonFile.text(folder.resolve(ABOUT)).strip()).append("\n\n");
    if (SweepResult.isSweep(folder) || Probe.isProbe(folder)) {
      out.append(
          below(
              SweepResult.isSweep(folder)
                  ? SweepResult.read(folder).markdown()
                  : Probe.read(folder).markdown()));
      pictures(folder);
      return;
    }
    List<Path> documents = sorted(folder, file -> file.toString().endsWith(".json"));
    if (documents.isEmpty()) {
      throw new ReportException(folder, "no comparison document (*.json) in it");
    }
    Map<String, StudyDocument> read = new LinkedHashMap<>();
    for (Path file : documents) {
      read.put(nameOf(file), StudyDocument.read(file));
    }
    if (read.values().stream().anyMatch(StudyDocument::isReturn)) {
      out.append(ReturnStudy.of(read));
    } else if (read.values().stream().anyMatch(MethodsStudy::fits)) {
      out.append(MethodsStudy.of(read));
    } else if (read.size() == 1) {
      read.values().forEach(document -> out.append(document.table()).append('\n'));
    } else {
      out.append(overview(read));
    }
    pictures(folder);
  }

  /** A document of its own as a part of a section: without its title, its headings one deeper. */
  private static String below(String markdown) {
    return markdown.replaceFirst("^# [^\n]*\n+", "").replaceAll("(?m)^## ", "### ");
  }

  /** A drawing beside a document ({@code lot report DIR --picture}) is shown below the tables. */
  private void pictures(Path folder) {
    for (Path file : sorted(folder, path -> path.toString().endsWith(".svg"))) {
      Path shown = folder.getParent().getFileName().resolve(folder.getFileName());
      String shows =
          SweepResult.isSweep(folder) ? "response surface" : "differences and learning curves";
      out.append("\n![").append(nameOf(file)).append(": ").append(shows).append("](");
      out.append(shown.resolve(file.getFileName()).toString().replace('\\', '/')).append(")\n");
    }
  }

  private static String nameOf(Path file) {
    return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
  }

  /** One row a document: each LoT variant against its baseline; then the mean over documents. */
  private static String overview(Map<String, StudyDocument> documents) {
    StringBuilder table =
        new StringBuilder("| | method | minus | n | teacher-only | difference | t |\n");
    table.append("|---|---|---|---:|---:|---:|---:|\n");
    Map<String, List<Double>> differences = new TreeMap<>();
    documents.forEach(
        (name, document) ->
            document
                .variants()
                .forEach(
                    label -> {
                      String baseline = document.baseline(label);
                      PairedTest test =
                          PairedTest.of(document.values(label), document.values(baseline));
                      differences
                          .computeIfAbsent(label, key -> new ArrayList<>())
                          .add(test.difference().orElseThrow());
                      table.append(
                          String.format(
                              Locale.ROOT,
                              "| %s | %s | %s | %d | %s | %s %s | %s |\n",
                              name,
                              label,
                              baseline,
                              test.n(),
                              document.mean("teacher-only"),
                              document.signed(test.difference().orElseThrow()),
                              document.range(test.bootstrap()),
                              document.range(test.studentT())));
                    }));
    StudyDocument any = documents.values().iterator().next();
    differences.forEach(
        (label, each) -> {
          Map<Long, Double> bySplit = new LinkedHashMap<>();
          Map<Long, Double> zero = new LinkedHashMap<>();
          for (int i = 0; i < each.size(); i++) {
            bySplit.put((long) i, each.get(i));
            zero.put((long) i, 0.0);
          }
          PairedTest over = PairedTest.of(bySplit, zero);
          table.append(
              String.format(
                  Locale.ROOT,
                  "| **mean over %d** | %s | equal compute | %d | | **%s** %s | %s |\n",
                  each.size(),
                  label,
                  each.size(),
                  any.signed(over.difference().orElseThrow()),
                  any.range(over.bootstrap()),
                  any.range(over.studentT())));
        });
    return table.toString();
  }
}
