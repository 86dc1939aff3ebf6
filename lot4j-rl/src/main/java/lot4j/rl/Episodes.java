package lot4j.rl;

import java.util.LinkedHashMap;
import java.util.Map;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.checkpoint.Stateful;

/** Counts the games that are under way, and sums up those that have ended since the last report. */
final class Episodes implements Stateful {
  private final double[] scores;
  private final long[] lengths;
  private long ended;
  private double scoreSum;
  private long lengthSum;

  Episodes(int environments) {
    scores = new double[environments];
    lengths = new long[environments];
  }

  /** Counts a step; {@code over}: the game ended with it. */
  void step(int environment, double score, boolean over) {
    scores[environment] += score;
    lengths[environment]++;
    if (over) {
      ended++;
      scoreSum += scores[environment];
      lengthSum += lengths[environment];
      scores[environment] = 0;
      lengths[environment] = 0;
    }
  }

  /**
   * Mean return and length of the games that ended since the last call, and how many, of all
   * processes together.
   */
  Map<String, Double> report(Players players) {
    double[] all = players.sums(ended, scoreSum, lengthSum);
    Map<String, Double> report = new LinkedHashMap<>();
    if (all[0] > 0) {
      report.put("teacher/return", all[1] / all[0]);
      report.put("teacher/episode_length", all[2] / all[0]);
      report.put("episodes", all[0]);
    }
    ended = 0;
    scoreSum = 0;
    lengthSum = 0;
    return report;
  }

  @Override
  public void save(StateWriter out) {
    out.number("ended", ended);
    out.real("score-sum", scoreSum);
    out.number("length-sum", lengthSum);
    for (int i = 0; i < scores.length; i++) {
      out.real("score" + i, scores[i]);
      out.number("length" + i, lengths[i]);
    }
  }

  @Override
  public void restore(StateReader in) {
    ended = in.number("ended");
    scoreSum = in.real("score-sum");
    lengthSum = in.number("length-sum");
    for (int i = 0; i < scores.length; i++) {
      scores[i] = in.real("score" + i);
      lengths[i] = in.number("length" + i);
    }
  }
}
