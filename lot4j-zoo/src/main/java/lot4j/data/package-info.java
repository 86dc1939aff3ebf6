/**
 * Data sets: {@link lot4j.data.ImageSets} finds one by name or path, {@link
 * lot4j.data.LabelledImages} holds its images as bytes, {@link lot4j.data.Augmentation} says what
 * changes them each time, {@link lot4j.data.DataSets} lists those that have a name. May depend on
 * {@code lot4j.train}, {@code lot4j.random} and the core, on no tensor.
 *
 * <pre>{@code
 * ImageSet digits = ImageSets.read(Path.of("data"), "digits");
 * int label = digits.train().label(0);
 * }</pre>
 */
package lot4j.data;
