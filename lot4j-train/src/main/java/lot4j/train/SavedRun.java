package lot4j.train;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import lot4j.Network;
import lot4j.Shape;
import lot4j.config.RunConfig;

/**
 * A saved run whose networks can be asked, for as long as {@link RunSession#withNetworks} lasts.
 *
 * @param directory the run's, where the companions of its weights lie
 * @param config its configuration
 * @param step the checkpoint's teacher step
 * @param input shape of one input sample
 * @param outputs number of classes or words
 * @param networks by learner: {@code teacher} first, then {@code student0}, …
 */
public record SavedRun(
    Path directory,
    RunConfig config,
    long step,
    Shape input,
    int outputs,
    Map<String, Network> networks) {
  public SavedRun {
    networks = Collections.unmodifiableMap(new LinkedHashMap<>(networks));
  }
}
