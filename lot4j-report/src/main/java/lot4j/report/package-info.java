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
 * <p>Depends on: lot4j-stats, Jackson, and the charting library's package, of which it reads one
 * file from the class path. No tensors, no engine.
 *
 * <pre>{@code
 * Comparison comparison = Comparison.read(Path.of("runs/digits"));
 * System.out.println(comparison.text());
 * Files.writeString(Path.of("report.html"), comparison.html());
 * }</pre>
 *
 * <h2>The page</h2>
 *
 * <p>{@link lot4j.report.PageDocument} is what the HTML page shows, before it is a page: sections
 * of blocks (headings, paragraphs, answers, tables, folds, figures with their data). It becomes
 *
 * <ul>
 *   <li>{@link lot4j.report.PageDocument#html}: one file, texts and tables as markup, charts drawn
 *       by the embedded script from the embedded document;
 *   <li>{@link lot4j.report.PageDocument#json}: the document alone ({@code lot4j-report-1}).
 * </ul>
 *
 * <p>A live page serves {@link lot4j.report.PageAssets#library}, {@link
 * lot4j.report.PageAssets#script} and {@link lot4j.report.PageAssets#style} as files, has {@code
 * <main></main>} in its body, and calls {@code lotReport.show(document)} with each newer {@code
 * json()}; the script then makes the elements that {@code html()} writes, and keeps what the reader
 * has chosen (axis, hidden methods, open folds). {@code lotReport.chart(element, option, words)}
 * draws any other chart in the same style; names in it go through {@code lotReport.inert}. A policy
 * without {@code unsafe-inline} suffices.
 */
package lot4j.report;
