package lot4j.config;

import lot4j.ModelSpec;

/**
 * A teacher.
 *
 * @param model the network's name as written, {@code preresnet20} for instance
 * @param spec the network
 */
public record LearnerConfig(String model, ModelSpec spec) {
  /** The same with another network. */
  LearnerConfig withSpec(ModelSpec other) {
    return new LearnerConfig(model, other);
  }
}
