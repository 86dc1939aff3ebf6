package lot4j.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import lot4j.Network;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/** Scores a run's networks: eval mode, no gradients, the teacher with its averaged weights. */
final class Scoring {
  private Scoring() {}

  /** Results by learner: teacher, students, and the ensemble of all if there is one more result. */
  static <B, R> Map<String, R> scores(Course<B> course, Function<List<Network>, List<R>> score) {
    List<Network> networks = course.seats().stream().map(seat -> seat.learner().network()).toList();
    course.seats().forEach(seat -> seat.model().mode(false));
    List<R> scores;
    // The scope is for the guard: a run evaluates many times within one scope of its own.
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard();
        Averages averaged = Averages.swapIn(course)) {
      scores = score.apply(networks);
    } finally {
      course.seats().forEach(seat -> seat.model().mode(true));
    }
    Map<String, R> named = new LinkedHashMap<>();
    for (int i = 0; i < scores.size(); i++) {
      named.put(i < networks.size() ? course.seats().get(i).name() : "ensemble", scores.get(i));
    }
    return named;
  }
}
