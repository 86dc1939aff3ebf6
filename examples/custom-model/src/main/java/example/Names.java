package example;

import lot4j.config.Catalog;
import lot4j.config.Extension;

/** The names of this jar; listed in {@code META-INF/services/lot4j.config.Extension}. */
public final class Names implements Extension {
  @Override
  public void register(Catalog catalog) {
    catalog.model("tiny-net", new TinyNet(16), "one hidden layer; hidden");
  }
}
