package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class EscapeProperties {
  @Property(tries = 300)
  void anyTextStaysOneTextAndOneAttribute(@ForAll @StringLength(max = 30) String text)
      throws Exception {
    String escaped = Escape.html(text);
    String markup = "<p title=\"" + escaped + "\">" + escaped + "</p>";
    Element element =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(markup)))
            .getDocumentElement();
    assertThat(element.getChildNodes().getLength()).isLessThanOrEqualTo(1);
    assertThat(element.getAttributes().getLength()).isEqualTo(1);
    if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
      assertThat(element.getTextContent()).isEqualTo(text);
    }
  }

  @Property(tries = 300)
  void jsonKeepsItsMeaningAndHoldsNoTag(
      @ForAll @Chars({'<', '/', '>', '!', '-', 's', '"', '\\', '&', '\u2028'}) String text)
      throws JsonProcessingException {
    String json = TextNode.valueOf(text).toString();
    String escaped = Escape.json(json);
    assertThat(escaped).doesNotContain("<", ">", "&", "\u2028");
    assertThat(JsonMapper.builder().build().readTree(escaped).textValue()).isEqualTo(text);
  }

  @Property(tries = 300)
  void aCsvFieldNeverEndsItsLine(
      @ForAll @Chars({'a', ',', '"', '\n', '\r', '=', '-', ' '}) String text) {
    String field = Escape.csv(text);
    boolean quoted = field.startsWith("\"");
    String inner = quoted ? field.substring(1, field.length() - 1) : field;
    assertThat(inner.replace("\"\"", "")).doesNotContain("\"");
    assertThat(quoted || !inner.contains("\n") && !inner.contains(",") && !inner.contains("\r"))
        .isTrue();
    assertThat(inner).doesNotStartWith("=").doesNotStartWith("-");
  }

  @Property(tries = 300)
  void terminalTextHoldsNoControlCharacter(@ForAll @StringLength(max = 30) String text) {
    assertThat(Escape.control(text).chars().noneMatch(Character::isISOControl)).isTrue();
  }

  @Property(tries = 300)
  void aMarkdownCellHoldsNoHtmlAndNoCellEnd(
      @ForAll @Chars({'<', '|', '\\', '`', '[', ']', '\n', 'a'}) String text) {
    String cell = Escape.markdown(text);
    assertThat(cell).doesNotContain("<", "\n");
    assertThat(cell.replaceAll("\\\\.", "")).doesNotContain("|", "`", "[", "]");
  }
}
