package lot4j.bench;

import java.nio.file.Path;
import java.util.List;

/** Processes that work at the same time; the sum of their rates. */
record Processes(String name, List<Child> children) implements Variant {
  Processes {
    children = List.copyOf(children);
  }

  /**
   * A workload in a process of its own, as its peers have one: what other networks leave in a heap
   * costs up to a tenth.
   */
  static Processes alone(Workload workload, Path dataDirectory) {
    return new Processes(workload.name(), List.of(Child.at(workload, dataDirectory)));
  }

  @Override
  public double round(double seconds) {
    children.forEach(child -> child.order(seconds));
    return children.stream().map(Child::answer).mapToDouble(Child.Answer::rate).sum();
  }

  @Override
  public void close() {
    children.forEach(Child::close);
  }
}
