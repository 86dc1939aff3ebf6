package lot4j.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lot4j.train.DataException;
import lot4j.train.Prepared.Source;

/**
 * Reads a table from comma-separated values: RFC 4180 with a header, strict UTF-8 with or without a
 * byte-order mark, {@code ,} {@code ;} or tab between the fields, found in the header. Empty lines
 * are skipped. What is damaged is refused, naming the line.
 */
public final class TableFile {
  /** Most columns. */
  static final int MOST_COLUMNS = 16_384;

  /** Most characters of one field. */
  static final int LONGEST_FIELD = 1 << 20;

  private static final int HEADER_REACH = 1 << 20;
  private static final int MOST_KEPT = 1 << 17;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private TableFile() {}

  /**
   * What was read and where it came from.
   *
   * @param table the rows
   * @param source size and digest of the file
   */
  public record Read(Table table, Source source) {}

  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public void close() {}
  }

  /**
   * Reads a file; a name that ends in {@code .gz} is gunzipped on the way.
   *
   * @throws DataException naming the file, and the line where there is one
   */
  public static Read read(Path path) {
    try (DataFile file = DataFile.open(path)) {
      // The parser closes what it reads from; the file's digest is taken afterwards.
      Table table = read(new Unclosed(file.content()), DataFile.shown(path));
      return new Read(table, file.source());
    }
  }

  /**
   * Reads a stream to its end.
   *
   * @param shown how errors name it
   * @throws DataException naming it, and the line where there is one
   */
  public static Table read(InputStream in, String shown) {
    try {
      BufferedReader text =
          new BufferedReader(
              new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()), 1 << 16);
      text.mark(1);
      if (text.read() != BYTE_ORDER_MARK) {
        text.reset();
      }
      return parsed(text, delimiter(text), shown);
    } catch (IOException e) {
      throw broken(shown, 1, e);
    }
  }

  /** The most frequent of the three in the header, outside quotes; a comma if there is none. */
  private static char delimiter(BufferedReader text) throws IOException {
    text.mark(HEADER_REACH + 1);
    int[] counts = new int[3];
    boolean quoted = false;
    for (int i = 0; i < HEADER_REACH; i++) {
      int c = text.read();
      if (c < 0 || !quoted && (c == '\n' || c == '\r')) {
        break;
      }
      quoted ^= c == '"';
      int which = ",;\t".indexOf(c);
      if (!quoted && which >= 0) {
        counts[which]++;
      }
    }
    text.reset();
    int best = 0;
    for (int i = 1; i < counts.length; i++) {
      best = counts[i] > counts[best] ? i : best;
    }
    return ",;\t".charAt(best);
  }

  private static Table parsed(BufferedReader text, char delimiter, String shown) {
    List<String[]> rows = new ArrayList<>();
    List<Long> lines = new ArrayList<>();
    List<String> header = List.of();
    Map<String, String> kept = new HashMap<>();
    long line = 0;
    OpenQuote quotes = new OpenQuote(text, delimiter);
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .fieldSeparator(delimiter)
            .allowExtraFields(true)
            .allowMissingFields(true)
            .allowExtraCharsAfterClosingQuote(false)
            .skipEmptyLines(true)
            .build(
                CsvRecordHandler.of(
                    limits -> limits.maxFields(MOST_COLUMNS).maxFieldSize(LONGEST_FIELD)),
                quotes)) {
      for (CsvRecord record : reader) {
        line = record.getStartingLineNumber();
        requireClosed(quotes, shown);
        if (header.isEmpty()) {
          header = header(record, shown, line);
        } else {
          rows.add(row(record, header.size(), kept, shown));
          lines.add(line);
        }
      }
    } catch (CsvParseException e) {
      throw new DataException(shown + ": after line " + line + ": " + words(e), e);
    } catch (UncheckedIOException e) {
      throw broken(shown, line + 1, e.getCause());
    } catch (IOException e) {
      throw broken(shown, line + 1, e);
    }
    if (header.isEmpty()) {
      throw new DataException(shown + ": is empty; a header with the columns' names is needed");
    }
    return new Table(
        shown,
        delimiter,
        header,
        rows.toArray(String[][]::new),
        lines.stream().mapToLong(Long::longValue).toArray());
  }

  private static void requireClosed(OpenQuote quotes, String shown) {
    if (quotes.line().isPresent()) {
      throw new DataException(
          shown + ":" + quotes.line().getAsLong() + ": a quote (\") that is not closed");
    }
  }

  private static List<String> header(CsvRecord record, String shown, long line) {
    List<String> names = record.getFields().stream().map(String::strip).toList();
    if (names.stream().allMatch(name -> NumberText.number(name, false).isPresent())) {
      throw new DataException(
          shown
              + ":"
              + line
              + ": holds numbers alone; the first line has to name the columns (a header)");
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.isEmpty()) {
        throw new DataException(
            shown
                + ":"
                + line
                + ": column "
                + (i + 1)
                + " has no name"
                + (i == 0
                    ? "; if it is an index, leave it out (pandas: to_csv(index=False), R:"
                        + " row.names=FALSE)"
                    : ""));
      }
      if (name.indexOf('\0') >= 0) {
        throw nul(shown, line);
      }
      if (!seen.add(name)) {
        throw new DataException(
            shown + ":" + line + ": two columns are called '" + DataFile.shown(name) + "'");
      }
    }
    return names;
  }

  private static String[] row(
      CsvRecord record, int columns, Map<String, String> kept, String shown) {
    long line = record.getStartingLineNumber();
    if (record.getFieldCount() != columns) {
      throw new DataException(
          shown
              + ":"
              + line
              + ": has "
              + record.getFieldCount()
              + (record.getFieldCount() == 1 ? " field" : " fields")
              + ", the header "
              + columns);
    }
    String[] row = new String[columns];
    for (int i = 0; i < columns; i++) {
      String cell = record.getField(i).strip();
      if (cell.indexOf('\0') >= 0) {
        throw nul(shown, line);
      }
      // Equal cells share one text: tables repeat themselves.
      String before = kept.size() < MOST_KEPT ? kept.putIfAbsent(cell, cell) : kept.get(cell);
      row[i] = before == null ? cell : before;
    }
    return row;
  }

  private static DataException nul(String shown, long line) {
    return new DataException(
        shown + ":" + line + ": has a NUL character (\\u0000); this is no text file");
  }

  /** The parser's own words, without what they say of its settings. */
  private static String words(CsvParseException e) {
    String message =
        String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
    if (message.contains("axFieldSize")
        || message.contains("buffer size")
        || message.contains("field size")) {
      return "a field is longer than " + LONGEST_FIELD + " characters; is a quote not closed?";
    }
    if (message.contains("axFields") || message.contains("number of fields")) {
      return "a row has more than " + MOST_COLUMNS + " fields";
    }
    if (message.contains("after closing quote")) {
      return "text after a closing quote (\"); a delimiter or the line's end";
    }
    return "is no CSV: " + DataFile.shown(message);
  }

  private static DataException broken(String shown, long line, IOException e) {
    return e instanceof CharacterCodingException
        ? new DataException(
            shown
                + ": is not UTF-8 text (line "
                + line
                + " or a later one); save it as UTF-8, for instance iconv -f WINDOWS-1252 -t UTF-8",
            e)
        : DataFile.unreadable(Path.of(shown), e);
  }
}
