package lot4j.train;

import java.util.ArrayList;
import java.util.List;
import lot4j.checkpoint.Place;

/**
 * Where streams of batches stand before the first update; made then, and come back to with each
 * further training of the same run.
 */
final class Beginning {
  private final List<BatchSource<?>> streams;
  private final List<Place> places = new ArrayList<>();

  Beginning(List<? extends BatchSource<?>> streams) {
    this.streams = List.copyOf(streams);
    this.streams.forEach(stream -> places.add(Place.of(stream)));
  }

  /** Goes back. */
  void again() {
    for (int i = 0; i < places.size(); i++) {
      places.get(i).into(streams.get(i));
    }
  }
}
