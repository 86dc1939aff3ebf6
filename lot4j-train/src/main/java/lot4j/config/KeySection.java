package lot4j.config;

import java.util.List;

/**
 * Keys that stand together in a configuration.
 *
 * @param part the part of the configuration: {@code task}, {@code model}, {@code ppo}; empty for
 *     the root
 * @param name of the choice that has these keys, {@code image} for instance; empty if there is one
 * @param about what it is, one line; may be empty
 * @param keys its keys in the order of the record
 */
public record KeySection(String part, String name, String about, List<ConfigKey> keys) {
  /** Keeps a copy of the list. */
  public KeySection {
    keys = List.copyOf(keys);
  }
}
