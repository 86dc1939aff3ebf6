package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import lot4j.train.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableFileTest {
  @TempDir Path directory;

  private static Table read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Table read(byte[] bytes) {
    return TableFile.read(new ByteArrayInputStream(bytes), "t.csv");
  }

  private static String refused(String text) {
    return refused(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String refused(byte[] bytes) {
    try {
      read(bytes);
    } catch (DataException e) {
      assertThat(e.getMessage()).startsWith("t.csv").doesNotContain("\n");
      return e.getMessage();
    }
    throw new AssertionError("nothing was refused");
  }

  @Test
  void quotedFieldsMayHoldDelimitersQuotesAndLineEnds() {
    Table table = read("a,b\r\n\"1, \"\"one\"\"\",\"two\r\nlines\"\r\n x ,\r\n");
    assertThat(table.columns()).containsExactly("a", "b");
    assertThat(table.size()).isEqualTo(2);
    assertThat(table.cell(0, 0)).isEqualTo("1, \"one\"");
    assertThat(table.cell(0, 1)).isEqualTo("two\r\nlines");
    assertThat(table.cell(1, 0)).isEqualTo("x");
    assertThat(table.cell(1, 1)).isEmpty();
    // The first row takes two lines of the file.
    assertThat(table.where(1)).isEqualTo("t.csv:4");
  }

  @ParameterizedTest
  @CsvSource({"',', ','", "';', ';'", "'\t', '\t'"})
  void theDelimiterIsFoundInTheHeader(String between, char found) {
    Table table =
        read("\"a;,\"" + between + "b" + between + "c\n1" + between + "2" + between + "3");
    assertThat(table.delimiter()).isEqualTo(found);
    assertThat(table.columns()).containsExactly("a;,", "b", "c");
  }

  @Test
  void aByteOrderMarkIsNoPartOfAName() {
    assertThat(read("\uFEFFa,b\n1,2\n").columns()).containsExactly("a", "b");
  }

  @Test
  void emptyLinesAreSkippedAndTheLastLineNeedsNoEnd() {
    Table table = read("a,b\n\n1,2\n\n3,4");
    assertThat(table.size()).isEqualTo(2);
    assertThat(table.where(1)).isEqualTo("t.csv:5");
  }

  @Test
  void aCompressedFileReadsTheSameAndItsDigestIsThatOfTheFile() throws IOException {
    Path plain = Files.writeString(directory.resolve("x.csv"), "a,b\n1,2\n");
    Path zipped = directory.resolve("y.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write(Files.readAllBytes(plain));
    }
    TableFile.Read read = TableFile.read(zipped);
    assertThat(read.table().cell(0, 1)).isEqualTo("2");
    assertThat(read.source().bytes()).isEqualTo(Files.size(zipped));
    assertThat(read.source().sha256()).isEqualTo(DataFile.sourceOf(zipped).sha256());
    assertThat(TableFile.read(plain).source().sha256())
        .isEqualTo(DataFile.sourceOf(plain).sha256());
  }

  @Test
  void raggedRowsAreNamedByTheirLine() {
    assertThat(refused("a,b,c\n1,2,3\n1,2\n")).isEqualTo("t.csv:3: has 2 fields, the header 3");
    assertThat(refused("a,b\n\"x\ny\",2\n1,2,3\n"))
        .isEqualTo("t.csv:4: has 3 fields, the header 2");
  }

  @Test
  void headersThatCannotNameColumnsAreRefused() {
    assertThat(refused("a,b,a\n1,2,3\n")).contains("two columns are called 'a'");
    assertThat(refused("a, ,c\n1,2,3\n")).isEqualTo("t.csv:1: column 2 has no name");
    assertThat(refused(",a\n0,2\n")).contains("column 1 has no name; if it is an index");
    assertThat(refused("5.1,3.5,0\n4.9,3.0,0\n")).contains("numbers alone", "header");
    assertThat(refused("")).contains("is empty");
    assertThat(refused("\n\n")).contains("is empty");
  }

  @Test
  void whatIsNoTextIsRefused() {
    assertThat(refused("a,b\n1,\0\n")).contains("t.csv:2", "NUL");
    assertThat(refused("a\0,b\n1,2\n")).contains("NUL");
    byte[] latin = "a,b\n1,é\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(refused(latin)).contains("not UTF-8");
    assertThat(refused("a,b\n1,2\n".getBytes(StandardCharsets.UTF_16))).contains("not UTF-8");
  }

  @Test
  void brokenQuotesAreRefused() {
    assertThat(refused("a,b\n\"1\"x,2\n"))
        .isEqualTo(
            "t.csv: after line 1: text after a closing quote (\"); a delimiter or the line's end");
    assertThat(refused("a,b\n1,2\n\"" + "x".repeat(TableFile.LONGEST_FIELD + 5) + "\",1\n"))
        .contains("longer than", "quote not closed");
    assertThat(refused("a,b\n1" + ",".repeat(TableFile.MOST_COLUMNS + 5) + "\n"))
        .contains("fields");
  }

  @Test
  void aQuoteThatIsNotClosedIsNamedByItsLineAndSwallowsNothing() {
    // Without the check the last row would hold all the others in its last field.
    assertThat(refused("a,b\n1,x\n2,\"y\n3,z\n4,w\n"))
        .isEqualTo("t.csv:3: a quote (\") that is not closed");
    assertThat(refused("a,b\r\n\"1\r\n\",x\r\n\"2,y\r\n"))
        .isEqualTo("t.csv:4: a quote (\") that is not closed");
    assertThat(refused("a,\"b\n1,2\n")).contains("t.csv:1: a quote");
    assertThat(read("a,b\n5\" pipe,x\n\"6\"\" pipe\",\"\"\n").cell(0, 0)).isEqualTo("5\" pipe");
    assertThat(read("a;b\n\"1;\n\"\"\";\"\"\"\"\n").cell(0, 1)).isEqualTo("\"");
  }

  @Test
  void aCutGzipIsRefused() throws IOException {
    Path zipped = directory.resolve("cut.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write("a,b\n1,2\n".repeat(1000).getBytes(StandardCharsets.UTF_8));
    }
    byte[] all = Files.readAllBytes(zipped);
    Files.write(zipped, java.util.Arrays.copyOf(all, all.length - 12));
    assertThatThrownBy(() -> TableFile.read(zipped))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("cut.csv.gz");
  }

  @Test
  void aMissingColumnIsToldWithTheNearestAndAll() {
    assertThatThrownBy(() -> read("price,area\n1,2\n").column("task.target", "prize"))
        .hasMessage(
            "t.csv: has no column 'prize' (task.target); did you mean 'price'?; there are price,"
                + " area");
  }

  @Test
  void aMissingColumnOfAFileWithoutAHeaderSaysSo() {
    assertThatThrownBy(() -> read("5.1,a\n4.9,b\n").column("task.target", "y"))
        .hasMessageEndingWith(
            "there are 5.1, a; the first line has to name the columns (a header)");
  }

  @Test
  void numbersAreReadStrictly() {
    assertThat(NumberText.number("-1.5e3", false).orElseThrow()).isEqualTo(-1500);
    assertThat(NumberText.number(".5", false).orElseThrow()).isEqualTo(0.5);
    for (String none : new String[] {"", "1d", "0x1p3", "NaN", "Infinity", "1e999", "1,5", "1 2"}) {
      assertThat(NumberText.number(none, false)).as(none).isEmpty();
    }
    assertThat(NumberText.number("1,5", true).orElseThrow()).isEqualTo(1.5);
    assertThat(NumberText.whole("3.0", false)).contains(3L);
    assertThat(NumberText.whole("3.5", false)).isEmpty();
  }
}
