/**
 * Language models: {@link lot4j.model.language.Lstm} and others, one file each, with the names that
 * their published PyTorch code gives the parameters.
 *
 * <p>Inputs are token ids, int64 [time, batch]; outputs are logits [time, batch, vocab], for large
 * vocabularies as {@link lot4j.Distribution.Projected}. What a model carries from one piece of a
 * text to the next is in the {@link lot4j.Memory} it is called with.
 *
 * <p>May depend on {@code lot4j} and the engine; what reads published files, on {@code
 * lot4j.checkpoint} and {@code lot4j.config} too.
 */
package lot4j.model.language;
