package lot4j.data;

import java.util.ArrayList;
import java.util.List;
import lot4j.train.DataException;

/**
 * Comma-separated text (RFC 4180): fields may stand in double quotes, in which commas, line ends
 * and doubled quotes are text.
 */
final class CsvText {
  private final String text;
  private final String where;
  private int at;
  private int line = 1;

  private CsvText(String text, String where) {
    this.text = text.startsWith("\ufeff") ? text.substring(1) : text;
    this.where = where;
  }

  /**
   * A row.
   *
   * @param line where it begins, from 1
   */
  record Row(int line, List<String> fields) {}

  /**
   * The rows that are not blank.
   *
   * @param where how errors name the file
   */
  static List<Row> rows(String text, String where) {
    CsvText csv = new CsvText(text, where);
    List<Row> rows = new ArrayList<>();
    while (csv.at < csv.text.length()) {
      int begins = csv.line;
      List<String> fields = csv.row();
      if (fields.size() > 1 || !fields.get(0).isBlank()) {
        rows.add(new Row(begins, List.copyOf(fields)));
      }
    }
    return rows;
  }

  private List<String> row() {
    List<String> fields = new ArrayList<>();
    while (true) {
      fields.add(at < text.length() && text.charAt(at) == '"' ? quoted() : bare());
      if (at >= text.length() || text.charAt(at) != ',') {
        break;
      }
      at++;
    }
    if (at < text.length() && text.charAt(at) == '\r') {
      at++;
    }
    if (at < text.length()) {
      if (text.charAt(at) != '\n') {
        throw new DataException(
            where + ": line " + line + ": text after a closing quote; a comma or the line's end");
      }
      at++;
      line++;
    }
    return fields;
  }

  private String bare() {
    int from = at;
    while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(from, at).strip();
  }

  private String quoted() {
    int begins = line;
    StringBuilder field = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == '"';
        at++;
        if (!doubled) {
          return field.toString();
        }
      }
      line += c == '\n' ? 1 : 0;
      field.append(c);
    }
    throw new DataException(where + ": line " + begins + ": a quote that is not closed");
  }
}
