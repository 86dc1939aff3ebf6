/**
 * Networks for rows of tables: {@link lot4j.model.tabular.TabularResNet}, what turns categories
 * into numbers in front of any network, {@link lot4j.model.tabular.ColumnFront}, and what makes a
 * normal distribution of a network's two numbers, {@link lot4j.model.tabular.NormalHead}.
 *
 * <p>Depends on: {@code lot4j} and the engine.
 *
 * <pre>{@code
 * ModelSpec spec = new TabularResNet();
 * Model model = new ColumnFront(4, List.of(3, 12)).build(spec, 2); // 4 measurements, 2 categories
 * }</pre>
 */
package lot4j.model.tabular;
