package lot4j;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;

/** A network whose linear layers can carry low-rank adapters. */
public interface Adaptable extends ModelSpec {

  /** Such a network built. */
  interface Net extends Model {
    /** Its layers by their names in the {@code state_dict}, without {@code .weight}. */
    Map<String, Linear> linears();

    /**
     * The parameters of the same network without adapters, what they do worked into the matrices:
     * what is to be exported; those of layers without an adapter are the network's own.
     */
    default Map<String, Tensor> merged() {
      Map<String, Tensor> all = new LinkedHashMap<>();
      StringTensorDict named = module().named_parameters();
      for (long i = 0; i < named.size(); i++) {
        String name = named.get(i).key().getString();
        if (!name.endsWith(Linear.DOWN) && !name.endsWith(Linear.UP)) {
          all.put(name, named.get(i).value());
        }
      }
      linears()
          .forEach(
              (name, linear) -> {
                if (linear.isAdapted()) {
                  all.put(name + ".weight", linear.merged());
                }
              });
      return all;
    }
  }

  @Override
  Net build(Shape input, int outputs);

  /** The names and sizes of {@link Net#linears}, from shapes: nothing is allocated. */
  Map<String, Linear.Size> linearSizes();

  /** How often each of these layers is applied to one sample: once, unless it has positions. */
  default long positions(Shape input) {
    return 1;
  }
}
