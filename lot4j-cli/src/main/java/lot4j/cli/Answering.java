package lot4j.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import lot4j.train.DataException;

/** Leads arguments through a predictor, a few inputs at a time, and counts what fails. */
final class Answering {
  private final Predictor predictor;
  private final Consumer<Prediction> to;
  private final boolean keepGoing;
  private final List<Predictor.Input> waiting = new ArrayList<>();
  private int failures;

  /**
   * @param to takes every answer as it comes; a failure too if {@code keepGoing}
   * @param keepGoing whether the other inputs are answered where one cannot be
   */
  Answering(Predictor predictor, Consumer<Prediction> to, boolean keepGoing) {
    this.predictor = predictor;
    this.to = to;
    this.keepGoing = keepGoing;
  }

  /** Answers all that the arguments stand for; how many inputs could not be answered. */
  int answer(Iterator<String> arguments) {
    while (arguments.hasNext()) {
      String argument = arguments.next();
      try (Stream<Predictor.Input> inputs = predictor.inputs(argument)) {
        inputs.forEachOrdered(this::add);
      } catch (DataException e) {
        flush();
        failed(argument, e);
      }
    }
    flush();
    return failures;
  }

  private void add(Predictor.Input input) {
    waiting.add(input);
    if (waiting.size() >= predictor.together()) {
      flush();
    }
  }

  private void flush() {
    List<Predictor.Input> batch = List.copyOf(waiting);
    waiting.clear();
    if (batch.isEmpty()) {
      return;
    }
    List<Prediction> answers = new ArrayList<>();
    try {
      // One that is alone may have any number of answers: they are not gathered first.
      predictor.answer(batch, batch.size() == 1 ? to : answers::add);
    } catch (DataException | UsageException e) {
      if (batch.size() == 1 || !keepGoing) {
        failed(batch.get(0).name(), e);
        return;
      }
      batch.forEach(each -> alone(each));
      return;
    }
    answers.forEach(to);
  }

  /** Of several together it is not known which one failed. */
  private void alone(Predictor.Input input) {
    try {
      predictor.answer(List.of(input), to);
    } catch (DataException | UsageException e) {
      failed(input.name(), e);
    }
  }

  private void failed(String input, RuntimeException why) {
    if (!keepGoing) {
      throw why;
    }
    failures++;
    to.accept(new Prediction.Failed(input, String.valueOf(why.getMessage())));
  }
}
