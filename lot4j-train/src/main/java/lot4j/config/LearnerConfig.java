package lot4j.config;

import java.util.Optional;
import lot4j.Freeze;
import lot4j.ModelSpec;

/**
 * A teacher.
 *
 * @param model the network's name as written, {@code preresnet20} for instance
 * @param spec the network
 * @param initFrom what it begins with: a run directory or checkpoint, whose teacher's weights it
 *     takes, or published weights, a safetensors file or a directory of them
 * @param freeze which of its parameters stay as they are
 */
public record LearnerConfig(
    String model, ModelSpec spec, Optional<String> initFrom, Freeze freeze) {
  /** A teacher that begins from random weights. */
  public LearnerConfig(String model, ModelSpec spec) {
    this(model, spec, Optional.empty(), Freeze.none());
  }

  /** The same with another network. */
  LearnerConfig withSpec(ModelSpec other) {
    return new LearnerConfig(model, other, initFrom, freeze);
  }
}
