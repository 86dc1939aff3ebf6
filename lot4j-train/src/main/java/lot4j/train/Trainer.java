package lot4j.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BooleanSupplier;
import lot4j.checkpoint.Checkpoint;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.CheckpointStore;
import lot4j.checkpoint.Parcel;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.distributed.Solo;
import lot4j.log.MetricLine;
import lot4j.log.MetricSink;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * The loop: update, evaluate, checkpoint, until the budget is used; then the chosen checkpoint is
 * scored on the test split, once. It knows the task and the method by their interfaces only.
 *
 * <p>Where several processes train together, each of them has a trainer, and all make the same
 * steps. Rank 0 alone writes and judges, and tells the others what it found ({@link Talk}).
 *
 * <p>Each update runs in one {@code PointerScope}. All state is in {@link #save}; a run restored
 * from a checkpoint makes the very steps it would have made.
 */
final class Trainer<B> {
  private final Course<B> course;
  private final Optional<CheckpointStore> store;
  private final List<MetricSink> sinks;
  private final Listener listener;
  private final Talk talk;
  private final Ledger ledger = new Ledger();
  private final Scores<B> scores;

  private long step;
  private long samples;
  private long evaluations;
  private long checkpoints;
  private Optional<Best> best = Optional.empty();
  private int sinceBest;
  private double secondsBefore;
  private long startedNanos;
  private long lastSaved = -1;
  private long underWay;
  private double flops;

  private record Best(long step, double score) {}

  Trainer(
      Course<B> course,
      CheckpointStore store,
      List<MetricSink> sinks,
      Listener listener,
      BooleanSupplier stop) {
    this(course, Optional.of(store), sinks, listener, new Talk(new Solo(), stop));
  }

  /**
   * The trainer of one process among several.
   *
   * @param store rank 0's
   */
  Trainer(
      Course<B> course,
      Optional<CheckpointStore> store,
      List<MetricSink> sinks,
      Listener listener,
      Talk talk) {
    this.course = course;
    this.store = store;
    this.sinks = List.copyOf(sinks);
    this.listener = listener;
    this.talk = talk;
    this.scores = new Scores<>(course, talk);
  }

  /** Trains to the end of the budget, to a request to stop, or to a divergence. */
  Outcome fit() {
    return fit(store.flatMap(own -> own.latest(listener::warning)));
  }

  /** The same from a checkpoint that is given, or from the beginning. */
  Outcome fit(Optional<Checkpoint> found) {
    startedNanos = System.nanoTime();
    if (found.isPresent()) {
      restore(found.get());
    } else {
      sinks.forEach(sink -> sink.truncate(0));
    }
    try (ledger) {
      while (!over()) {
        update();
        talk.agree(step, this::seconds);
        evaluateIfDue();
        if (talk.stops() && !over()) {
          checkpoint();
          countFlops();
          return outcome(RunStatus.INTERRUPTED, "", Map.of());
        }
        checkpointIfDue();
      }
      if (lastSaved != step) {
        checkpoint();
      }
      countFlops();
      return outcome(RunStatus.DONE, "", talk.judged(this::score));
    } catch (DivergedException diverged) {
      String last =
          store
              .flatMap(own -> own.latest(listener::warning))
              .map(checkpoint -> "last good checkpoint: " + checkpoint.path())
              .orElse("there is no checkpoint yet");
      countFlops();
      return outcome(
          RunStatus.DIVERGED,
          "step " + underWay + ": " + diverged.getMessage() + "; " + last,
          Map.of());
    }
  }

  private boolean over() {
    return course.horizon().over(step, time())
        || course.patience().isPresent() && sinceBest >= course.patience().getAsInt();
  }

  private void update() {
    underWay = step + 1;
    talk.at("step", underWay);
    if (course.beginsStage(step)) {
      course.beginAgain();
    }
    long at = course.withinStage(course.horizon().scheduleStep(step, time()));
    course.seats().forEach(seat -> seat.descender().at(at));
    try (PointerScope scope = new PointerScope()) {
      lot4j.method.Update update = course.method().update(step);
      samples += update.taken();
      ledger.add(update);
    }
    long done = step;
    course.average().ifPresent(average -> average.update(done));
    step++;
    listener.progress(
        new Progress(
            step,
            Math.min(1, course.horizon().position(step, time()) / course.horizon().units()),
            samples));
  }

  private void evaluateIfDue() {
    long reached = course.horizon().reached(course.horizon().evaluateEvery(), step, time());
    boolean end = course.horizon().over(step, time());
    if (reached <= evaluations && !end) {
      return;
    }
    evaluations = Math.max(reached, evaluations);
    talk.at("the evaluation after step", step);
    countFlops();
    Map<String, Double> train = new LinkedHashMap<>(ledger.means(talk.company()));
    if (train.containsKey("teacher/task_loss")) { // not if nothing was learnt since the last line
      train.putAll(course.prepared().task().derive(train));
    }
    train.putAll(course.taskStream().report());
    train.put("lr", course.teacher().descender().lr());
    Set<Split> watched = course.prepared().watched();
    if (watched.contains(Split.TRAIN)) {
      scores.flat(scores.on(Split.TRAIN)).forEach(train::putIfAbsent); // the means go before
    }
    write(Split.TRAIN, train);
    if (watched.contains(Split.TEST) && !end) { // the last line of the test split is score()'s
      write(Split.TEST, scores.flat(scores.on(Split.TEST)));
    }
    if (course.prepared().splits().contains(Split.VALID)) {
      judge(write(Split.VALID, scores.flat(scores.on(Split.VALID))));
    }
  }

  private void judge(Map<String, Double> valid) {
    Primary primary = course.prepared().primary();
    double score = valid.get(course.judged() + "/" + primary.name());
    for (Seat seat : course.seats()) {
      double own = valid.get(seat.name() + "/" + primary.name());
      if (seat.learner().work().steps() > 0) { // whose turn has not come has nothing to improve
        seat.descender().evaluated(own, primary.higherIsBetter());
      }
    }
    if (!course.inLastStage(step)) {
      return; // nothing to choose from: the teacher has not begun
    }
    boolean better =
        !Double.isNaN(score) && best.map(b -> primary.better(score, b.score())).orElse(true);
    sinceBest = better ? 0 : sinceBest + 1;
    if (better) {
      best = Optional.of(new Best(step, score));
      if (course.selectBest()) {
        checkpoint();
        talk.apart(() -> store.ifPresent(own -> own.markBest(step)));
      }
    }
  }

  private void checkpointIfDue() {
    if (checkpointsReached() > checkpoints) {
      checkpoint();
    }
  }

  private long checkpointsReached() {
    return course.horizon().reached(course.horizon().checkpointEvery(), step, time());
  }

  /**
   * Saves everything; one that was due at this very step, whatever the occasion, is thereby done.
   */
  private void checkpoint() {
    checkpoints = Math.max(checkpoints, checkpointsReached());
    talk.at("the checkpoint of step", step);
    for (Seat seat : course.seats()) {
      seat.requireFinite();
    }
    Map<String, Map<String, Tensor>> learners = new LinkedHashMap<>();
    course.seats().forEach(seat -> learners.put(seat.name(), seat.tensors()));
    List<byte[]> all = talk.each(this::saveOwn);
    talk.apart(() -> store.ifPresent(own -> own.save(step, learners, out -> save(out, all))));
    lastSaved = step;
  }

  private void save(StateWriter out, List<byte[]> all) {
    save(out);
    for (int rank = 1; rank < all.size(); rank++) {
      out.bytes("rank" + rank, all.get(rank));
    }
  }

  private void save(StateWriter out) {
    out.number("step", step);
    out.number("samples", samples);
    out.number("evaluations", evaluations);
    out.number("checkpoints", checkpoints);
    out.number("sinceBest", sinceBest);
    out.real("seconds", seconds());
    out.number("best.step", best.map(Best::step).orElse(-1L));
    out.real("best.score", best.map(Best::score).orElse(0.0));
    ledger.save(out.section("ledger"));
    course.seats().forEach(seat -> seat.save(out.section(seat.name())));
    course.average().ifPresent(average -> average.save(out.section("ema")));
    course.method().save(out.section("method"));
    course.taskStream().save(out.section("stream.task"));
    course.studentStream().save(out.section("stream.student"));
    for (int i = 0; i < sinks.size(); i++) {
      sinks.get(i).save(out.section("sink" + i));
    }
  }

  /** What each process has of its own. */
  private void saveOwn(StateWriter out) {
    ledger.save(out.section("ledger"));
    course.seats().forEach(seat -> seat.saveOwn(out.section(seat.name())));
    course.taskStream().save(out.section("stream.task"));
    course.studentStream().save(out.section("stream.student"));
  }

  private void restoreOwn(StateReader in) {
    ledger.restore(in.section("ledger"));
    course.seats().forEach(seat -> seat.restoreOwn(in.section(seat.name())));
    course.taskStream().restore(in.section("stream.task"));
    course.studentStream().restore(in.section("stream.student"));
  }

  private void restore(Checkpoint checkpoint) {
    try (PointerScope scope = new PointerScope()) {
      course.seats().forEach(seat -> checkpoint.restoreLearner(seat.name(), seat.tensors()));
      StateReader in = checkpoint.state();
      step = in.number("step");
      samples = in.number("samples");
      evaluations = in.number("evaluations");
      checkpoints = in.number("checkpoints");
      sinceBest = Math.toIntExact(in.number("sinceBest"));
      secondsBefore = in.real("seconds");
      best =
          in.number("best.step") < 0
              ? Optional.empty()
              : Optional.of(new Best(in.number("best.step"), in.real("best.score")));
      course.seats().forEach(seat -> seat.restoreShared(in.section(seat.name())));
      course.average().ifPresent(average -> average.restore(in.section("ema")));
      course.method().restore(in.section("method"));
      for (int i = 0; i < sinks.size(); i++) {
        sinks.get(i).restore(in.section("sink" + i));
      }
      if (talk.company().leads()) {
        restoreOwn(in);
      } else {
        Parcel.open(in.bytes("rank" + talk.company().rank()), this::restoreOwn);
      }
    }
    lastSaved = step;
    talk.restored(step, secondsBefore);
    best.filter(b -> course.selectBest()).ifPresent(this::markAgain);
  }

  /**
   * The process may have been killed between saving the best checkpoint and marking it, or the
   * marked one may be a later one that this run goes back before.
   */
  private void markAgain(Best known) {
    if (talk.fromLeader(() -> store.orElseThrow().holds(known.step()))) {
      talk.apart(() -> store.ifPresent(own -> own.markBest(known.step())));
    } else {
      listener.warning(
          "the checkpoint of step "
              + known.step()
              + ", the best so far, is gone; the best from step "
              + step
              + " on will be chosen");
      best = Optional.empty();
    }
  }

  /** Scores the chosen checkpoint. */
  private Map<String, Map<String, Map<String, Double>>> score() {
    if (course.selectBest() && best.isPresent() && best.get().step() != step) {
      scores.recall(
          store
              .flatMap(own -> own.best(listener::warning))
              .orElseThrow(
                  () ->
                      new CheckpointException(
                          "the best checkpoint, of step " + best.get().step() + ", is lost")));
    }
    return scores.atTheEnd(test -> write(Split.TEST, scores.flat(test)));
  }

  private Map<String, Double> write(Split split, Map<String, Double> metrics) {
    MetricLine line =
        new MetricLine(
            step,
            (double) samples / course.taskPace().epoch(),
            split,
            seconds(),
            flops,
            samples,
            new LinkedHashMap<>(metrics));
    sinks.forEach(sink -> sink.write(line));
    listener.line(line);
    return metrics;
  }

  private void countFlops() {
    flops = talk.sum(course.flops());
  }

  /** Seconds by which the course of the run is decided: the same for every process. */
  private double time() {
    return talk.time(this::seconds);
  }

  private double seconds() {
    return secondsBefore + (System.nanoTime() - startedNanos) / 1e9;
  }

  private Outcome outcome(
      RunStatus status, String message, Map<String, Map<String, Map<String, Double>>> splits) {
    boolean chosen = course.selectBest() && best.isPresent();
    List<Long> studentSteps = new ArrayList<>();
    course.students().forEach(seat -> studentSteps.add(seat.learner().work().steps()));
    OptionalDouble primary =
        Optional.ofNullable(splits.get(Split.TEST.key()))
            .map(test -> test.get(course.judged()).get(course.prepared().primary().name()))
            .map(OptionalDouble::of)
            .orElse(OptionalDouble.empty());
    return new Outcome(
        status,
        message,
        splits,
        chosen ? best.get().step() : step,
        chosen ? "valid" : "none (last)",
        course.teacher().learner().work().steps(),
        studentSteps.stream().mapToLong(Long::longValue).sum(),
        flops,
        seconds(),
        primary,
        scores.details());
  }
}
