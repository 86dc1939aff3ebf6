package lot4j.rl.gymnasium;

import java.util.Set;
import lot4j.config.Catalog;
import lot4j.config.Category;

/** The name of the bridge. */
public final class BuiltIns {
  private BuiltIns() {}

  /** Registers it. */
  public static void register(Catalog catalog) {
    catalog.add(
        Category.ENVIRONMENT,
        "gymnasium",
        Gymnasium.of("CartPole-v1"),
        Set.of("id"),
        "gymnasium:NAME, any environment of the user's Python package gymnasium");
  }
}
