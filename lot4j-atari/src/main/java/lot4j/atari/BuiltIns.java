package lot4j.atari;

import java.util.Set;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.config.Extension;

/** The name of this module: {@code ale}. */
public final class BuiltIns implements Extension {
  @Override
  public void register(Catalog catalog) {
    catalog.add(
        Category.ENVIRONMENT,
        "ale",
        Ale.standard(),
        Set.of("rom"),
        "an Atari 2600 game from a file of yours, by the Arcade Learning Environment (GPLv2)");
  }
}
