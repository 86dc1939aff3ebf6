package example;

import java.util.Set;
import lot4j.config.Catalog;
import lot4j.config.Extension;

/** The names of this jar; listed in {@code META-INF/services/lot4j.config.Extension}. */
public final class Names implements Extension {
  @Override
  public void register(Catalog catalog) {
    catalog.task(
        "rectangles", new Rectangles(300, 0), Set.of(), "find the pixels; images, split-seed");
  }
}
