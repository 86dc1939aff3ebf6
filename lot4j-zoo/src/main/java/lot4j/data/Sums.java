package lot4j.data;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import lot4j.random.RandomStream;
import lot4j.random.Streams;

/**
 * Word problems of adding and subtracting, made here, always the same: 2,000 to learn from and 200
 * others to be asked, answered as in GSM8K, with the calculation and the result behind {@code
 * ####}.
 */
final class Sums {
  static final String NAME = "sums";
  private static final int TRAIN = 2000;
  private static final int TEST = 200;
  private static final int MOST = 10;
  private static final long SEED = 20_240;
  private static final List<String> NAMES = List.of("Ann", "Ben", "Eva", "Tom");
  private static final List<String> THINGS = List.of("pens", "eggs", "nuts", "caps");

  private Sums() {}

  static InstructionSet make() {
    RandomStream random = new Streams(SEED).named(NAME);
    Set<Instruction> made = new LinkedHashSet<>();
    while (made.size() < TRAIN + TEST) {
      made.add(one(random));
    }
    List<Instruction> all = new ArrayList<>(made);
    return new InstructionSet(
        NAME,
        all.subList(0, TRAIN),
        Optional.empty(),
        Optional.of(all.subList(TRAIN, TRAIN + TEST)),
        List.of());
  }

  private static Instruction one(RandomStream random) {
    String name = NAMES.get(random.below(NAMES.size()));
    String things = THINGS.get(random.below(THINGS.size()));
    boolean gets = random.below(2) == 0;
    int first = 1 + random.below(MOST);
    int second = 1 + random.below(gets ? MOST : first);
    int result = gets ? first + second : first - second;
    String request =
        name
            + " has "
            + first
            + " "
            + things
            + (gets ? " and gets " : " and loses ")
            + second
            + ".";
    return new Instruction(
        request, first + (gets ? "+" : "-") + second + "=" + result + "\n#### " + result);
  }
}
