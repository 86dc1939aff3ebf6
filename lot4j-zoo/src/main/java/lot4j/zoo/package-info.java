/**
 * Names of this module's models, tasks and data sets: {@link lot4j.zoo.BuiltIns}. Depends on {@code
 * lot4j.config}, {@code lot4j.model} and {@code lot4j.task}.
 *
 * <pre>{@code
 * Catalog catalog = Catalog.load();
 * }</pre>
 */
package lot4j.zoo;
