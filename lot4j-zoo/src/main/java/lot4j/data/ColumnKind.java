package lot4j.data;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a column of a table is taken for. */
public enum ColumnKind {
  /** Measurements: standardised. */
  NUMERIC,
  /** Names: each gets numbers of its own, which are learned. */
  CATEGORY,
  /** Left out. */
  IGNORE;

  /** As a configuration writes it. */
  @JsonValue
  public String written() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** From {@code numeric}, {@code category} or {@code ignore}. */
  @JsonCreator
  public static ColumnKind of(String written) {
    for (ColumnKind kind : values()) {
      if (kind.written().equals(written)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "task.columns = " + written + " is not allowed; numeric, category or ignore for a column");
  }
}
