package lot4j.train;

import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import lot4j.distributed.Company;
import lot4j.distributed.Solo;
import org.bytedeco.javacpp.PointerScope;

/**
 * A run that only makes its updates, for measuring: data, networks, method and optimizers are the
 * trainer's own, but nothing is evaluated, recorded or saved.
 *
 * <p>Use it on the thread that made it, and close it there.
 */
public final class UpdateLoop implements AutoCloseable {
  private final PointerScope scope;
  private final Course<?> course;
  private long step;

  private UpdateLoop(PointerScope scope, Course<?> course) {
    this.scope = scope;
    this.course = course;
  }

  /**
   * Puts a run together, ready for its first update.
   *
   * @param prepared the configuration's data; it stays the caller's
   */
  public static UpdateLoop of(RunConfig config, Prepared<?> prepared, Catalog catalog) {
    return of(config, prepared, catalog, new Solo());
  }

  /**
   * The same as one process of several.
   *
   * @param prepared the data of a session with {@code company}
   */
  public static UpdateLoop of(
      RunConfig config, Prepared<?> prepared, Catalog catalog, Company company) {
    PointerScope scope = new PointerScope();
    try {
      return new UpdateLoop(scope, new Assembly<>(config, prepared, catalog, company).course());
    } catch (RuntimeException e) { // whatever it is: the scope has no owner yet
      scope.close();
      throw e;
    }
  }

  /**
   * Makes the next update, at the budget's last learning rate once the budget is used.
   *
   * @return samples of the data that the teacher's step used up
   */
  public long update() {
    long at = course.withinStage(Math.min(step, course.horizon().updates() - 1));
    course.seats().forEach(seat -> seat.descender().at(at));
    try (PointerScope inner = new PointerScope()) {
      return course.method().update(step++).taken();
    }
  }

  /** Updates made so far. */
  public long updates() {
    return step;
  }

  /** Floating-point operations of all learners so far, counted from what they were asked. */
  public double flops() {
    return course.flops();
  }

  @Override
  public void close() {
    course.close();
    scope.close();
  }
}
