package lot4j.config;

import java.util.Optional;
import lot4j.Freeze;
import lot4j.ModelSpec;

/**
 * A student.
 *
 * @param model the network's name as written
 * @param spec the network
 * @param lambda its weight in the regularizer; those of all students sum to 1
 * @param initFrom what it begins with: a run directory or checkpoint, whose teacher's weights it
 *     takes, or published weights, a safetensors file or a directory of them
 * @param freeze which of its parameters stay as they are
 */
public record StudentConfig(
    String model, ModelSpec spec, double lambda, Optional<String> initFrom, Freeze freeze) {
  /** The same with another network. */
  StudentConfig withSpec(ModelSpec other) {
    return new StudentConfig(model, other, lambda, initFrom, freeze);
  }
}
