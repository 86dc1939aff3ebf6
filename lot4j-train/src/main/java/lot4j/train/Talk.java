package lot4j.train;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import lot4j.checkpoint.Parcel;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.distributed.Company;

/**
 * What the trainers of a run tell each other besides gradients, so that all of them decide alike:
 * when to stop, how late it is, what the networks scored. A trainer alone talks to nobody.
 *
 * <p>The time and requests to stop are agreed on about four times a second, not at every step: what
 * is said over the network would show beside a small network's step.
 */
final class Talk {
  private static final double EVERY_SECONDS = 0.25;
  private static final long MOST_STEPS = 1000;

  private final Company company;
  private final BooleanSupplier stop;
  private boolean stopping;
  private double agreedSeconds;
  private long next = 1;
  private long lastStep;
  private long lastNanos = System.nanoTime();

  Talk(Company company, BooleanSupplier stop) {
    this.company = company;
    this.stop = stop;
  }

  Company company() {
    return company;
  }

  /** Says what this process does from now on, in case it gets stuck. */
  void at(String what, long step) {
    if (!alone()) {
      company.at(what + " " + step);
    }
  }

  /** Does what rank 0 alone does while the others go on. */
  void apart(Runnable work) {
    company.apart(
        () -> {
          work.run();
          return company;
        });
  }

  private boolean alone() {
    return company.size() == 1;
  }

  /** Goes on after a checkpoint of {@code step}. */
  void restored(long step, double seconds) {
    agreedSeconds = seconds;
    lastStep = step;
    next = step + 1;
  }

  /** Agrees on the time and on stopping, if it is time to. */
  void agree(long step, DoubleSupplier seconds) {
    if (alone() || step < next) {
      return;
    }
    List<byte[]> wishes = company.gather(new byte[] {(byte) (stop.getAsBoolean() ? 1 : 0)});
    ByteBuffer verdict =
        ByteBuffer.wrap(
            company.share(
                () ->
                    ByteBuffer.allocate(1 + Double.BYTES + Long.BYTES)
                        .put((byte) (wishes.stream().anyMatch(wish -> wish[0] == 1) ? 1 : 0))
                        .putDouble(seconds.getAsDouble())
                        .putLong(step + stepsUntilNext(step))
                        .array()));
    stopping = verdict.get() == 1;
    agreedSeconds = verdict.getDouble();
    next = verdict.getLong();
    lastStep = step;
    lastNanos = System.nanoTime();
  }

  private long stepsUntilNext(long step) {
    double each = (System.nanoTime() - lastNanos) / 1e9 / Math.max(1, step - lastStep);
    return Math.max(1, Math.min(MOST_STEPS, (long) (EVERY_SECONDS / each)));
  }

  /** Whether any process was asked to stop. */
  boolean stops() {
    return alone() ? stop.getAsBoolean() : stopping;
  }

  /** The time of the run that all processes go by. */
  double time(DoubleSupplier seconds) {
    return alone() ? seconds.getAsDouble() : agreedSeconds;
  }

  /** What rank 0 alone can say. */
  boolean fromLeader(BooleanSupplier leader) {
    return company.share(() -> new byte[] {(byte) (leader.getAsBoolean() ? 1 : 0)})[0] == 1;
  }

  /** The sum over all processes; at rank 0, elsewhere the own part. */
  double sum(double own) {
    return company.gather(ByteBuffer.allocate(Double.BYTES).putDouble(own).array()).stream()
        .mapToDouble(part -> ByteBuffer.wrap(part).getDouble())
        .reduce(Double::sum)
        .orElse(own);
  }

  /** What each process writes, at rank 0 in the order of ranks; rank 0's own is left out. */
  List<byte[]> each(Consumer<StateWriter> own) {
    return alone() ? List.of() : company.gather(company.leads() ? new byte[0] : Parcel.of(own));
  }

  /** Metrics by learner, worked out by rank 0. */
  Map<String, Map<String, Double>> scores(Supplier<Map<String, Map<String, Double>>> judge) {
    if (alone()) {
      return judge.get();
    }
    Map<String, Map<String, Double>> scores = new LinkedHashMap<>();
    byte[] packed = company.share(() -> Parcel.of(out -> write(judge.get(), out)));
    Parcel.open(packed, in -> read(in, scores));
    return scores;
  }

  /** What rank 0 alone works out; the others wait until it is done, and get nothing. */
  <R> Map<String, R> judged(Supplier<Map<String, R>> judge) {
    Map<String, R> result = new LinkedHashMap<>();
    company.share(
        () -> {
          result.putAll(judge.get());
          return new byte[0];
        });
    return result;
  }

  private static void write(Map<String, Map<String, Double>> scores, StateWriter out) {
    out.text("learners", String.join("\n", scores.keySet()));
    scores.forEach(
        (learner, metrics) -> {
          StateWriter of = out.section(learner);
          of.text("names", String.join("\n", metrics.keySet()));
          metrics.forEach(of.section("values")::real);
        });
  }

  private static void read(StateReader in, Map<String, Map<String, Double>> scores) {
    in.text("learners")
        .lines()
        .forEach(
            learner -> {
              StateReader of = in.section(learner);
              Map<String, Double> metrics = new LinkedHashMap<>();
              of.text("names")
                  .lines()
                  .forEach(name -> metrics.put(name, of.section("values").real(name)));
              scores.put(learner, metrics);
            });
  }
}
