package lot4j.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which of the twelve colours a method has, the same in every chart of a report.
 *
 * <p>Grey and orange are for baselines, the strong colours for LoT, so that charts of different
 * comparisons read alike. Lines differ in their dashes too.
 */
final class Palette {
  private static final int[] BASELINES = {1, 5};
  private static final int[] LOT = {2, 3, 4};
  private static final int[] OTHERS = {6, 8, 9, 7, 10, 11, 5};

  /**
   * A method's place in the palette.
   *
   * @param colour from 0 to 11: {@code --c0} … {@code --c11} of the style sheet
   * @param strong whether it is what the comparison is about
   */
  record Entry(String label, int colour, boolean strong) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();

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
      entries.put(method.label(), new Entry(method.label(), colour, method.isLot()));
    }
  }

  /** All methods, in the comparison's order. */
  List<Entry> entries() {
    return new ArrayList<>(entries.values());
  }

  /** Class of a line of this method. */
  String stroke(String label) {
    return "s" + colour(label);
  }

  /** Class of an area of this method. */
  String fill(String label) {
    return "f" + colour(label);
  }

  private int colour(String label) {
    Entry entry = entries.get(label);
    return entry == null ? 7 : entry.colour();
  }
}
