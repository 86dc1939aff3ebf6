package lot4j.report;

import java.util.HashMap;
import java.util.Map;

/**
 * Which of the eight colours a method has, the same in every chart of a report.
 *
 * <p>Grey and orange are for baselines, the strong colours for LoT, so that charts of different
 * comparisons read alike. Lines differ in their dashes too.
 */
final class Palette {
  private static final int[] BASELINES = {1, 5};
  private static final int[] LOT = {2, 3, 4};
  private static final int[] OTHERS = {6, 7, 5};

  private final Map<String, Integer> colours = new HashMap<>();

  Palette(Comparison comparison) {
    int baselines = 0;
    int lots = 0;
    int others = 0;
    for (MethodResult method : comparison.methods()) {
      int colour;
      if (method.method().equals("teacher-only")) {
        colour = 0;
      } else if (method.isEqualCompute()) {
        colour = BASELINES[baselines++ % BASELINES.length];
      } else if (method.isLot()) {
        colour = LOT[lots++ % LOT.length];
      } else {
        colour = OTHERS[others++ % OTHERS.length];
      }
      colours.put(method.label(), colour);
    }
  }

  /** Class of a line of this method. */
  String stroke(String label) {
    return "s" + colours.getOrDefault(label, 7);
  }

  /** Class of an area of this method. */
  String fill(String label) {
    return "f" + colours.getOrDefault(label, 7);
  }
}
