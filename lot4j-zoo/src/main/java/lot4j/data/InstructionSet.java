package lot4j.data;

import java.util.List;
import java.util.Optional;
import lot4j.train.Prepared.Source;

/**
 * Requests with answers, by the parts that the data itself brings.
 *
 * @param name the set's, as results show it
 * @param train to learn from
 * @param valid to choose by; empty if the data brings none
 * @param test to report; empty if the data brings none
 * @param sources every file that was read
 */
public record InstructionSet(
    String name,
    List<Instruction> train,
    Optional<List<Instruction>> valid,
    Optional<List<Instruction>> test,
    List<Source> sources) {
  /** Keeps copies. */
  public InstructionSet {
    train = List.copyOf(train);
    valid = valid.map(List::copyOf);
    test = test.map(List::copyOf);
    sources = List.copyOf(sources);
  }
}
