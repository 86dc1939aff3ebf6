package lot4j;

import java.util.Map;

/** A network whose linear layers can carry low-rank adapters. */
public interface Adaptable extends ModelSpec {

  /** Such a network built. */
  interface Net extends Model {
    /** Its layers by their names in the {@code state_dict}, without {@code .weight}. */
    Map<String, Linear> linears();
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
