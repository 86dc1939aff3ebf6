package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import lot4j.train.DataException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** Whatever stands in a file, reading it gives a table or one error that names it. */
class TableProperties {
  private static void readsOrNames(byte[] bytes) {
    try {
      Table table = TableFile.read(new ByteArrayInputStream(bytes), "t.csv");
      assertThat(table.columns()).isNotEmpty().doesNotHaveDuplicates();
    } catch (DataException e) {
      assertThat(e.getMessage()).startsWith("t.csv").doesNotContain("\n");
    }
  }

  @Property(tries = 500)
  void anyBytes(@ForAll @Size(max = 200) byte[] bytes) {
    readsOrNames(bytes);
  }

  @Property(tries = 500)
  void anyTextOfTheFormatsOwnCharacters(
      @ForAll @CharRange(from = '"', to = ',') @StringLength(max = 60) String text) {
    readsOrNames(("a,b\n" + text.replace('&', '\n')).getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 200)
  void whatIsWrittenWithQuotesIsReadBack(
      @ForAll @Size(min = 1, max = 8) List<@StringLength(max = 12) String> cells) {
    List<String> fit = new ArrayList<>();
    for (String cell : cells) {
      // What no UTF-8 file can hold, or reading changes on purpose, is left out.
      String clean = new String(cell.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
      fit.add("x" + clean.replace("\0", "").strip() + "x");
    }
    String text =
        "c\n"
            + fit.stream()
                .map(cell -> "\"" + cell.replace("\"", "\"\"") + "\"")
                .collect(Collectors.joining("\n"));
    Table table =
        TableFile.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "t.csv");
    assertThat(table.size()).isEqualTo(fit.size());
    for (int i = 0; i < fit.size(); i++) {
      assertThat(table.cell(i, 0)).isEqualTo(fit.get(i));
    }
  }
}
