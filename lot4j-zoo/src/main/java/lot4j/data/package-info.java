/**
 * Data sets: {@link lot4j.data.ImageSets} finds one by name or path, {@link
 * lot4j.data.LabelledImages} holds its images as bytes, {@link lot4j.data.Augmentation} says what
 * changes them each time. {@link lot4j.data.TextSets} does the same for a text, whose {@link
 * lot4j.data.Tokens} are ids in a mapped file and whose {@link lot4j.data.Vocabulary} says what
 * they mean. {@link lot4j.data.TableSets} reads tables, {@link lot4j.data.TableSurvey} finds out
 * what their columns are, {@link lot4j.data.TableEncoding} makes numbers of them. {@link
 * lot4j.data.DataSets} lists the sets that have a name. May depend on {@code lot4j.train}, {@code
 * lot4j.checkpoint}, {@code lot4j.random} and the core, on no tensor.
 *
 * <pre>{@code
 * ImageSet digits = ImageSets.read(Path.of("data"), "digits");
 * int label = digits.train().label(0);
 * TextSet kjv = TextSets.read(Path.of("data"), "kjv", new Tokenization.Characters());
 * int first = kjv.train().at(0);
 * }</pre>
 */
package lot4j.data;
