package lot4j.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything that a report's page shows, before it is a page: texts, tables, and charts with their
 * data.
 *
 * <p>{@link #html} is the page as one file. A live page is the same document again and again: it
 * serves {@link PageAssets}, and hands each newer {@link #json} to the script's function {@code
 * lotReport.show(document)}, which keeps what the reader has chosen.
 */
public final class PageDocument {
  private final List<Comparison> comparisons;
  private final List<Section> sections;

  private PageDocument(List<Comparison> comparisons, List<Section> sections) {
    this.comparisons = List.copyOf(comparisons);
    this.sections = List.copyOf(sections);
  }

  /** The page of these comparisons, a section each. */
  public static PageDocument of(List<Comparison> comparisons) {
    return of(comparisons, List.of(), List.of());
  }

  /** The page of these comparisons, then these sweeps, then these probes, a section each. */
  public static PageDocument of(
      List<Comparison> comparisons, List<SweepResult> sweeps, List<Probe> probes) {
    return new PageDocument(
        comparisons,
        Stream.of(
                comparisons.stream().map(ComparisonSection::of),
                sweeps.stream().map(SweepSection::of),
                probes.stream().map(ProbeSection::of))
            .flatMap(sections -> sections)
            .toList());
  }

  /** The page's title. */
  public String title() {
    return String.join(", ", sections.stream().map(Section::title).toList());
  }

  /**
   * The document for the page's script, {@code lot4j-report-1}: {@code title}, {@code sections}.
   * Texts stand as they are to be shown; the script makes text nodes of them, never markup.
   */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("schema", "lot4j-report-1").put("title", PageText.of(title()));
    ArrayNode array = json.putArray("sections");
    sections.forEach(section -> array.add(section.json()));
    return json;
  }

  /** The page as one self-contained file: it loads nothing, and reads well without scripts too. */
  public String html() {
    HtmlPage page = new HtmlPage();
    sections.forEach(page::section);
    page.data("lot-document", json().toString());
    ArrayNode documents = JsonNodeFactory.instance.arrayNode();
    comparisons.forEach(comparison -> documents.add(comparison.json()));
    page.data("lot-comparisons", documents.toString());
    return page.document(title());
  }
}
