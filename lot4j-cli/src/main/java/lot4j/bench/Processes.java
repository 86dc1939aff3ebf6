package lot4j.bench;

import java.util.List;

/** Processes that work at the same time; the sum of their rates. */
record Processes(String name, List<Child> children) implements Variant {
  Processes {
    children = List.copyOf(children);
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
