package lot4j.data;

/**
 * What a column was found to be.
 *
 * @param name the column's
 * @param kind what it is taken for
 * @param why the reason, in words
 */
public record FoundColumn(String name, ColumnKind kind, String why) {}
