/**
 * What teachers learn: {@link lot4j.task.ImageClassification} is the configuration of a task on
 * images, {@link lot4j.task.PreparedImages} the same with its data read, {@link
 * lot4j.task.ImageBatch} a batch of it; {@link lot4j.task.TableLearning} and {@link
 * lot4j.task.LanguageModelling} are those of tables and texts. May depend on {@code lot4j.data},
 * {@code lot4j.train} and the core.
 *
 * <pre>{@code
 * PreparedImages task = ImageClassification.of("digits").prepare(Path.of("data"), 512);
 * BatchSource<ImageBatch> batches = task.taskStream(teacher, 50, 1, new Streams(0));
 * }</pre>
 */
package lot4j.task;
