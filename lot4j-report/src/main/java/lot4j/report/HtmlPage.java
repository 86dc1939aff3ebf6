package lot4j.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * The page as one file. Elements are this program's, texts pass the escaper.
 *
 * <p>Without scripts it reads as it stands, with charts in words and as tables. The page loads
 * nothing; its policy allows one style sheet and two scripts, by their digests. The script {@code
 * report.js} makes the same elements of a newer document.
 */
final class HtmlPage {
  private final StringBuilder body = new StringBuilder();
  private final StringBuilder data = new StringBuilder();

  HtmlPage section(Section section) {
    open("section").text("h1", section.title()).text("p class=\"meta\"", section.about());
    blocks(section.blocks());
    return close("section");
  }

  /** A JSON document for programs, not shown. */
  HtmlPage data(String id, String json) {
    data.append("<script type=\"application/json\" id=\"").append(id).append("\">");
    data.append(Escape.json(json)).append("</script>\n");
    return this;
  }

  /** The whole document. */
  String document(String title) {
    String style = "\n" + PageAssets.style();
    String library = PageAssets.library();
    String script = PageAssets.script();
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
        + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src "
        + source(library)
        + " "
        + source(script)
        + "; style-src "
        + source(style)
        + "; base-uri 'none'; form-action 'none'\"/>\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
        + "<meta name=\"referrer\" content=\"no-referrer\"/>\n<title>"
        + Escape.html(title)
        + "</title>\n<style>"
        + style
        + "</style>\n</head>\n<body>\n<main>\n"
        + body
        + "</main>\n<footer><p>"
        + Escape.html(
            "Made by lot4j. The page loads nothing from anywhere. Charts: Apache ECharts (Apache"
                + " License 2.0).")
        + "</p></footer>\n"
        + data
        + "<script>"
        + library
        + "</script>\n<script>"
        + script
        + "</script>\n</body>\n</html>\n";
  }

  private void blocks(List<Block> blocks) {
    blocks.forEach(this::block);
  }

  private void block(Block block) {
    if (block instanceof Block.Heading heading) {
      text("h" + heading.level(), heading.text());
    } else if (block instanceof Block.Paragraph paragraph) {
      text("p class=\"" + paragraph.style() + "\"", paragraph.text());
    } else if (block instanceof Block.Answer answer) {
      open("div class=\"answer " + answer.tone() + "\"");
      text("b", answer.head()).text("span", answer.text()).close("div");
    } else if (block instanceof Block.Grid grid) {
      table(grid);
    } else if (block instanceof Block.Fold fold) {
      open("details").text("summary", fold.summary());
      blocks(fold.blocks());
      close("details");
    } else if (block instanceof Block.Code code) {
      text("pre", code.text());
    } else if (block instanceof Block.Chart chart) {
      figure(chart.figure());
    }
  }

  private void figure(Figure figure) {
    open("figure class=\"" + figure.style() + "\"");
    if (!figure.title().isEmpty()) {
      text("h3", figure.title());
    }
    open("div class=\"plot\"").text("p", figure.alt()).close("div");
    text("figcaption", figure.caption());
    open("details class=\"data\"").text("summary", "Data");
    for (DataTable table : figure.data()) {
      text("p class=\"soft\"", table.words());
      table(new Block.Grid("data", table.shown(), List.of()));
    }
    close("details").close("figure");
  }

  private void table(Block.Grid grid) {
    open("div class=\"scroll\"");
    open("table class=\"" + grid.style() + "\"");
    open("thead").open("tr");
    grid.rows().get(0).forEach(cell -> text("th scope=\"col\"", cell));
    close("tr").close("thead").open("tbody");
    for (int i = 1; i < grid.rows().size(); i++) {
      open(grid.marked().contains(i - 1) ? "tr class=\"lot\"" : "tr");
      List<String> row = grid.rows().get(i);
      text("th scope=\"row\"", row.get(0));
      row.subList(1, row.size()).forEach(cell -> text("td", cell));
      close("tr");
    }
    close("tbody").close("table").close("div");
  }

  /** Begins an element, with its attributes if it has any; those are this program's. */
  private HtmlPage open(String element) {
    body.append('<').append(element).append('>');
    return this;
  }

  private HtmlPage close(String element) {
    body.append("</").append(element).append(">\n");
    return this;
  }

  private HtmlPage text(String element, String text) {
    String name = element.contains(" ") ? element.substring(0, element.indexOf(' ')) : element;
    open(element);
    body.append(Escape.html(text));
    return close(name);
  }

  private static String source(String content) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
