/**
 * Runs known-answer files through the classes that training uses, and compares every number. {@link
 * lot4j.conformance.KnownAnswers} runs a directory. Does no tensor arithmetic of its own: tensors
 * are made from the files' numbers, handed to the real classes, and read back.
 *
 * <pre>{@code
 * KnownAnswers.Report report = KnownAnswers.in(Path.of("fixtures"));
 * }</pre>
 */
package lot4j.conformance;
