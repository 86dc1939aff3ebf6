package lot4j.config;

/**
 * Adds names to the catalog: what a jar lists in {@code META-INF/services/lot4j.config.Extension}.
 *
 * <pre>{@code
 * public final class Mine implements Extension {
 *   public void register(Catalog catalog) {
 *     catalog.model("tiny", new Tiny(16), "one hidden layer");
 *   }
 * }
 * }</pre>
 */
public interface Extension {
  /** Registers everything that it brings. */
  void register(Catalog catalog);
}
