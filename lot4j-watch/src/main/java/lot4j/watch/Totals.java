package lot4j.watch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Many runs as one: how many stand how, how much is done, how long it may still take.
 *
 * @param standings how many runs stand how
 * @param fraction mean part that is done, 0 to 1; runs that are over count as done
 * @param samplesPerSecond of all runs that are going on
 * @param secondsLeft empty if nothing goes on, or nothing can be said
 * @param finished how many runs are over
 */
record Totals(
    Map<Standing, Integer> standings,
    double fraction,
    double samplesPerSecond,
    OptionalDouble secondsLeft,
    int finished) {

  static Totals of(List<RunFeed> runs) {
    Map<Standing, Integer> standings = new EnumMap<>(Standing.class);
    double fraction = 0;
    double rate = 0;
    int finished = 0;
    for (RunFeed run : runs) {
      standings.merge(run.standing(), 1, Integer::sum);
      fraction += run.standing().isOver() ? 1 : run.fraction();
      rate += run.samplesPerSecond().orElse(0);
      finished += run.standing().isOver() ? 1 : 0;
    }
    return new Totals(
        standings, runs.isEmpty() ? 0 : fraction / runs.size(), rate, secondsLeft(runs), finished);
  }

  /**
   * What is left of the runs at work, plus what waiting runs will take, over the runs at work at
   * once. A waiting run takes what runs of its method take, else what any takes.
   */
  private static OptionalDouble secondsLeft(List<RunFeed> runs) {
    Map<String, List<Double>> known = new HashMap<>();
    List<Double> any = new ArrayList<>();
    double left = 0;
    double longest = 0;
    int working = 0;
    for (RunFeed run : runs) {
      run.secondsInAll()
          .ifPresent(
              seconds -> {
                known.computeIfAbsent(run.label(), label -> new ArrayList<>()).add(seconds);
                any.add(seconds);
              });
      if (run.standing() == Standing.RUNNING) {
        working++;
      }
    }
    if (working == 0 || any.isEmpty()) {
      return OptionalDouble.empty();
    }
    for (RunFeed run : runs) {
      double whole = mean(known.getOrDefault(run.label(), any));
      double rest =
          switch (run.standing()) {
            case RUNNING -> run.secondsLeft().orElse(whole);
            case WAITING -> whole;
            default -> 0;
          };
      left += rest;
      longest = Math.max(longest, rest);
    }
    return OptionalDouble.of(Math.max(longest, left / working));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  ObjectNode row() {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    ObjectNode counts = row.putObject("standings");
    int runs = 0;
    for (Map.Entry<Standing, Integer> entry : standings.entrySet()) {
      counts.put(entry.getKey().word(), entry.getValue());
      runs += entry.getValue();
    }
    row.put("runs", runs);
    row.put("finished", finished);
    row.put("fraction", fraction);
    row.put("samples_per_s", samplesPerSecond);
    secondsLeft.ifPresent(seconds -> row.put("seconds_left", seconds));
    return row;
  }
}
