package lot4j.train;

import java.util.List;
import java.util.Map;
import java.util.Set;
import lot4j.Census;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Network;
import lot4j.Shape;
import org.bytedeco.pytorch.Tensor;

/**
 * A task's data with something changed: whatever is not overridden is that of the data within.
 *
 * @param <I> the batch type within
 * @param <B> the batch type
 */
sealed interface Around<I, B> extends Prepared<B> permits Together, Imitation {
  /** The data within. */
  Prepared<I> inner();

  @Override
  default Shape input() {
    return inner().input();
  }

  @Override
  default boolean normals() {
    return inner().normals();
  }

  @Override
  default int outputs() {
    return inner().outputs();
  }

  @Override
  default List<String> classes() {
    return inner().classes();
  }

  @Override
  default Census census(ModelSpec model) {
    return inner().census(model);
  }

  @Override
  default Model build(ModelSpec model) {
    return inner().build(model);
  }

  @Override
  default Network answering(Network saved) {
    return inner().answering(saved);
  }

  @Override
  default long samples(Tensor inputs) {
    return inner().samples(inputs);
  }

  @Override
  default List<String> notes() {
    return inner().notes();
  }

  @Override
  default Map<String, byte[]> companions() {
    return inner().companions();
  }

  @Override
  default String dataName() {
    return inner().dataName();
  }

  @Override
  default List<Source> sources() {
    return inner().sources();
  }

  @Override
  default Map<String, Long> counts() {
    return inner().counts();
  }

  @Override
  default Set<Split> splits() {
    return inner().splits();
  }

  @Override
  default Set<Split> watched() {
    return inner().watched();
  }

  @Override
  default Primary primary() {
    return inner().primary();
  }

  @Override
  default Pace taskPace(int batchSize, int accumulate) {
    return inner().taskPace(batchSize, accumulate);
  }

  @Override
  default Pace studentPace(int batchSize, int accumulate) {
    return inner().studentPace(batchSize, accumulate);
  }

  @Override
  default int memories() {
    return inner().memories();
  }

  @Override
  default double streamFlops() {
    return inner().streamFlops();
  }

  @Override
  default Set<Split> finale() {
    return inner().finale();
  }
}
