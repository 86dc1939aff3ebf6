/**
 * Reads run directories and says what they show: comparison documents, tables, charts, a report.
 *
 * <p>The types to know are {@link lot4j.report.RunDirectory}, one run as it lies on disk; {@link
 * lot4j.report.Comparison}, methods × seeds with intervals and a verdict; and {@link
 * lot4j.report.Report}, what {@code lot report} prints for any number of directories.
 *
 * <p>Everything is returned as text; nothing is written. What stands in a run directory is not
 * trusted: each output has one escaper, {@code Escape}.
 *
 * <p>Depends on: lot4j-stats and Jackson. No tensors, no engine.
 *
 * <pre>{@code
 * Comparison comparison = Comparison.read(Path.of("runs/digits"));
 * System.out.println(comparison.text());
 * Files.writeString(Path.of("report.html"), comparison.html());
 * }</pre>
 */
package lot4j.report;
