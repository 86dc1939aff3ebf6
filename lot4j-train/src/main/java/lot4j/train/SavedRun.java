package lot4j.train;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import lot4j.Network;
import lot4j.Shape;
import lot4j.config.RunConfig;
import org.bytedeco.pytorch.Tensor;

/**
 * A saved run whose networks can be asked, for as long as {@link RunSession#withNetworks} lasts.
 *
 * @param directory the run's, where the companions of its weights lie
 * @param config its configuration
 * @param step the checkpoint's teacher step
 * @param input shape of one input sample
 * @param outputs number of classes or words
 * @param networks by learner: {@code teacher} first, then {@code student0}, …
 * @param states the weights of these networks, by learner
 */
public record SavedRun(
    Path directory,
    RunConfig config,
    long step,
    Shape input,
    int outputs,
    Map<String, Network> networks,
    Map<String, State> states) {
  public SavedRun {
    networks = Collections.unmodifiableMap(new LinkedHashMap<>(networks));
    states = Collections.unmodifiableMap(new LinkedHashMap<>(states));
  }

  /**
   * A network's weights as they are asked, which is also how they are deployed.
   *
   * @param tensors parameters and buffers by the names of a PyTorch {@code state_dict}, on the
   *     network's device; gone with the network
   * @param parameters how many trainable numbers are among them, tied ones counted once
   * @param averaged whether they are the mean of the weights of many steps
   */
  public record State(Map<String, Tensor> tensors, long parameters, boolean averaged) {
    public State {
      tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }
  }
}
