package example;

import java.util.Set;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.config.Extension;

/** The names of this jar; listed in {@code META-INF/services/lot4j.config.Extension}. */
public final class Names implements Extension {
  @Override
  public void register(Catalog catalog) {
    catalog.add(
        Category.ENVIRONMENT, "corridor", new Corridor(5), Set.of(), "walk to the light; length");
  }
}
