/**
 * What tests of several modules share: {@link lot4j.testkit.GradientCheck} compares autograd with
 * finite differences, {@link lot4j.testkit.ImitabilityContract} says what every measure of
 * imitability must do. Depends on the engine, JUnit and AssertJ; speaks in tensors, so that the
 * core's own tests can use it.
 *
 * <pre>{@code
 * GradientCheck.of(x -> x.square().sum(), torch.randn(3)).requireWithin(1e-6);
 * }</pre>
 */
package lot4j.testkit;
