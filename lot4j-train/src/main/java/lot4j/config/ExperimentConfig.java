package lot4j.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A comparison: several methods, several seeds.
 *
 * @param base what the file says, whatever method it names, with the first seed
 * @param methods what is compared, in order
 * @param seeds one run of each method for each; {@code lot train} takes {@code --seed}, else the
 *     first
 * @param notes what a user should know, one line each
 */
public record ExperimentConfig(
    RunConfig base, List<Variant> methods, List<Long> seeds, List<String> notes) {
  /** Keeps copies of the lists. */
  public ExperimentConfig {
    methods = List.copyOf(methods);
    seeds = List.copyOf(seeds);
    notes = List.copyOf(notes);
  }

  /**
   * One method of a comparison.
   *
   * @param label its name in the results, unique
   * @param method its name as written, {@code lot-paper} for instance
   * @param match the label whose compute it matches, where one was named
   * @param set its own keys as written, dotted paths to plain values
   * @param config what a run of it does, with the first seed
   */
  public record Variant(
      String label,
      String method,
      Optional<String> match,
      Map<String, Object> set,
      RunConfig config) {
    /** Keeps a copy of the map. */
    public Variant {
      set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
    }
  }
}
