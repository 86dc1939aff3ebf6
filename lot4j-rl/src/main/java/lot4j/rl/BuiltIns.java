package lot4j.rl;

import lot4j.config.Catalog;
import lot4j.config.Extension;

/** The names of this module: the task, policies, environments, sections. */
public final class BuiltIns implements Extension {
  @Override
  public void register(Catalog catalog) {
    lot4j.rl.env.BuiltIns.register(catalog);
    lot4j.rl.gymnasium.BuiltIns.register(catalog);
  }
}
