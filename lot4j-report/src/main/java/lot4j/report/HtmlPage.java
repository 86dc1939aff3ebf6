package lot4j.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A page under construction. Elements are this program's, texts pass the escaper.
 *
 * <p>The markup is well-formed XML too, so that any parser can check it. The page loads nothing and
 * runs no script: its policy allows one style sheet, by its digest.
 */
final class HtmlPage {
  private final StringBuilder body = new StringBuilder();
  private int tabs;

  /** Begins an element without attributes, or with {@code class}. */
  HtmlPage open(String element) {
    body.append('<').append(element).append('>');
    return this;
  }

  HtmlPage close(String element) {
    body.append("</").append(element).append(">\n");
    return this;
  }

  /** An element with a text; {@code element} may carry a class: {@code p class="soft"}. */
  HtmlPage text(String element, String text) {
    String name = element.contains(" ") ? element.substring(0, element.indexOf(' ')) : element;
    open(element);
    body.append(Escape.html(text));
    return close(name);
  }

  /** A chart with words below it; nothing if there is no chart. */
  HtmlPage figure(Optional<Svg> chart, String caption) {
    chart.ifPresent(
        svg -> {
          open("figure");
          body.append(svg.element());
          text("figcaption", caption);
          close("figure");
        });
    return this;
  }

  /** Several charts of which one is shown, chosen without a script; the first at the start. */
  HtmlPage tabs(List<String> names, List<Svg> charts, String caption) {
    int group = tabs++;
    open("div class=\"tabs\"");
    for (int i = 0; i < charts.size(); i++) {
      String id = "t" + group + "-" + i;
      body.append("<input type=\"radio\" name=\"t").append(group).append("\" id=\"").append(id);
      body.append(i == 0 ? "\" checked=\"checked\"/>" : "\"/>");
      body.append("<label for=\"").append(id).append("\">");
      body.append(Escape.html(names.get(i))).append("</label>");
    }
    open("div class=\"panels\"");
    charts.forEach(chart -> figure(Optional.of(chart), caption));
    close("div");
    return close("div");
  }

  /**
   * A table.
   *
   * @param style class of the table, may be empty
   * @param rows head first
   * @param marked numbers of the body rows to mark, from 0
   */
  HtmlPage table(String style, List<List<String>> rows, List<Integer> marked) {
    open("div class=\"scroll\"");
    open(style.isEmpty() ? "table" : "table class=\"" + style + "\"");
    open("thead");
    cells("th scope=\"col\"", rows.get(0));
    close("thead").open("tbody");
    for (int i = 1; i < rows.size(); i++) {
      open(marked.contains(i - 1) ? "tr class=\"lot\"" : "tr");
      rows.get(i).forEach(cell -> text("td", cell));
      close("tr");
    }
    close("tbody").close("table");
    return close("div");
  }

  private void cells(String element, List<String> cells) {
    open("tr");
    cells.forEach(cell -> text(element, cell));
    close("tr");
  }

  /** Something to unfold. */
  HtmlPage details(String summary, String preformatted) {
    open("details");
    text("summary", summary);
    text("pre", preformatted);
    return close("details");
  }

  /** A JSON document for programs, not shown. */
  HtmlPage data(String id, String json) {
    body.append("<script type=\"application/json\" id=\"").append(id).append("\">");
    body.append(Escape.json(json)).append("</script>\n");
    return this;
  }

  /** The whole document. */
  String document(String title) {
    String style = "\n" + Theme.chart() + Theme.page();
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
        + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
        + " 'sha256-"
        + digest(style)
        + "'; base-uri 'none'; form-action 'none'\"/>\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
        + "<meta name=\"referrer\" content=\"no-referrer\"/>\n<title>"
        + Escape.html(title)
        + "</title>\n<style>"
        + style
        + "</style>\n</head>\n<body>\n<main>\n"
        + body
        + "</main>\n</body>\n</html>\n";
  }

  private static String digest(String style) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
