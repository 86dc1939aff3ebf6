package lot4j.rl.env;

import lot4j.config.Catalog;

/** The names of the environments. */
public final class BuiltIns {
  private BuiltIns() {}

  /** Registers them. */
  public static void register(Catalog catalog) {
    classic(catalog);
    minAtar(catalog);
    levels(catalog);
  }

  private static void classic(Catalog catalog) {}

  private static void minAtar(Catalog catalog) {}

  private static void levels(Catalog catalog) {}
}
