package lot4j.config;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The section {@code budget}, which has exactly one key. */
final class BudgetBinder {
  private static final String ONE = "exactly one of " + Keys.choice(Budget.Unit.keys());

  private final Binder binder;
  private final YamlNode.Mapping root;

  BudgetBinder(Binder binder, YamlNode.Mapping root) {
    this.binder = binder;
    this.root = root;
  }

  Optional<Budget> budget() {
    Optional<YamlNode> node = root.at("budget");
    if (node.isEmpty()) {
      binder.problems().add(root.where(), "missing key: budget; " + ONE);
      return Optional.empty();
    }
    if (!(node.get() instanceof YamlNode.Mapping budget)) {
      binder.problems().refuse(node.get(), "budget", ONE);
      return Optional.empty();
    }
    Set<String> units = Set.copyOf(Budget.Unit.keys());
    List<String> unknown =
        budget.entries().keySet().stream().filter(key -> !units.contains(key)).toList();
    unknown.forEach(
        key ->
            RecordBinder.unknown(
                binder.problems(),
                budget.entries().get(key),
                "budget",
                key,
                new LinkedHashSet<>(Budget.Unit.keys())));
    List<Budget.Unit> given =
        Arrays.stream(Budget.Unit.values()).filter(u -> budget.has(u.key())).toList();
    if (given.size() != 1) {
      if (unknown.isEmpty()) {
        binder.problems().refuse(budget, "budget", ONE);
      }
      return Optional.empty();
    }
    return amount(given.get(0), budget.at(given.get(0).key()).orElseThrow());
  }

  private Optional<Budget> amount(Budget.Unit unit, YamlNode node) {
    Class<?> type = unit.whole() ? long.class : double.class;
    Optional<Double> amount =
        ScalarBinder.value(type, node).map(value -> ((Number) value).doubleValue());
    if (amount.filter(a -> a > 0 && a <= Budget.MOST).isEmpty()) {
      double instead = ScalarBinder.value(double.class, node).map(Double.class::cast).orElse(0.0);
      binder.problems().refuse(node, "budget." + unit.key(), unit.allowed(instead));
      return Optional.empty();
    }
    return Optional.of(new Budget(unit, amount.get()));
  }
}
