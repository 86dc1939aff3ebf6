package lot4j.rl.env;

import java.util.Set;
import lot4j.config.Catalog;
import lot4j.config.Category;

/** The names of the environments. */
public final class BuiltIns {
  private BuiltIns() {}

  /** Registers them. */
  public static void register(Catalog catalog) {
    classic(catalog);
    minAtar(catalog);
    levels(catalog);
  }

  private static void classic(Catalog catalog) {
    catalog.add(
        Category.ENVIRONMENT,
        "cartpole",
        CartPole.standard(),
        Set.of(),
        "keep a pole upright on a cart (Barto et al., 1983)");
  }

  private static void minAtar(Catalog catalog) {}

  private static void levels(Catalog catalog) {}
}
