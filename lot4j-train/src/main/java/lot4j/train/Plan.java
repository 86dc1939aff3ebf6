package lot4j.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import lot4j.ModelSpec;
import lot4j.Work;
import lot4j.config.Catalog;
import lot4j.config.ConfigError;
import lot4j.config.EqualCompute;
import lot4j.config.ExperimentConfig;
import lot4j.config.ExperimentConfig.Variant;
import lot4j.config.MethodTraits;
import lot4j.config.RunConfig;
import lot4j.method.Bill;
import lot4j.method.MethodSpec;
import lot4j.method.Paces;
import lot4j.method.TeacherOnly;

/**
 * What an experiment will compute, known before any training: a run for every label, with its
 * updates, samples and FLOPs. Baselines that match a method's compute or steps get their updates
 * here.
 *
 * @param name of the experiment
 * @param runs one planned run for each label, in the order of the comparison
 */
public record Plan(String name, List<Planned> runs) {
  public Plan {
    runs = List.copyOf(runs);
  }

  /**
   * One label's run.
   *
   * @param label its name in the comparison
   * @param config what it does; the first seed
   * @param matched the label whose compute or steps it matches, if it does
   * @param bill what it computes
   * @param flops of the whole run
   */
  public record Planned(
      String label, RunConfig config, Optional<String> matched, Bill bill, double flops) {
    /** Student steps, all students together. */
    public long studentUpdates() {
      return bill.students().stream().mapToLong(Work::steps).sum();
    }
  }

  /**
   * Plans all methods of a comparison. Any method may match the compute of another that its entry
   * names. A baseline that matches whatever there is appears once for each distinct amount of
   * compute among the methods with students, labelled {@code <label>@<matched label>} where there
   * are several.
   *
   * @param data a configuration's data, read and checked
   * @throws ConfigError if a baseline has nothing to match, or something is beyond what is counted
   */
  public static Plan of(
      ExperimentConfig experiment, Function<RunConfig, Prepared<?>> data, Catalog catalog) {
    Map<String, Planned> own = new LinkedHashMap<>();
    for (Variant variant : experiment.methods()) {
      if (variant.match().isEmpty()
          && traits(catalog, variant.config()).match() == MethodTraits.Match.NONE) {
        own.put(
            variant.label(),
            planned(variant.label(), variant.config(), Optional.empty(), data, catalog));
      }
    }
    List<Planned> runs = new ArrayList<>();
    for (Variant variant : experiment.methods()) {
      if (own.containsKey(variant.label())) {
        runs.add(own.get(variant.label()));
      } else {
        runs.addAll(matching(variant, own, data, catalog));
      }
    }
    return new Plan(experiment.base().name(), runs);
  }

  /**
   * Plans one run. A baseline matches method {@code lot} of the same configuration.
   *
   * @throws ConfigError if it has nothing to match, or something is beyond what is counted
   */
  public static Planned of(
      RunConfig config, Function<RunConfig, Prepared<?>> data, Catalog catalog) {
    MethodTraits.Match match = traits(catalog, config).match();
    if (match == MethodTraits.Match.NONE || config.equalCompute().isPresent()) {
      return planned(config.method(), config, Optional.empty(), data, catalog);
    }
    if (config.students().isEmpty()) {
      throw new ConfigError(
          "method",
          config.method() + " is not allowed without students; it matches the compute of lot");
    }
    Planned lot = planned("lot", config.withMethod("lot"), Optional.empty(), data, catalog);
    return matched(config.method(), config, lot, match, data, catalog);
  }

  private static List<Planned> matching(
      Variant variant,
      Map<String, Planned> own,
      Function<RunConfig, Prepared<?>> data,
      Catalog catalog) {
    MethodTraits.Match match = match(variant, catalog);
    Map<Object, Planned> targets = new LinkedHashMap<>();
    for (Planned planned : own.values()) {
      boolean named = variant.match().map(planned.label()::equals).orElse(false);
      boolean any = variant.match().isEmpty() && traits(catalog, planned.config()).students();
      if (named || any) {
        targets.putIfAbsent(
            match == MethodTraits.Match.COMPUTE ? (Object) planned.flops() : updates(planned),
            planned);
      }
    }
    if (targets.isEmpty()) {
      throw new ConfigError(
          "methods",
          variant.label()
              + " has nothing to match; "
              + variant
                  .match()
                  .map(m -> "there is no method labelled " + m)
                  .orElse("there is no method with students"));
    }
    List<Planned> runs = new ArrayList<>();
    for (Planned target : targets.values()) {
      String label = targets.size() == 1 ? variant.label() : variant.label() + "@" + target.label();
      runs.add(matched(label, variant.config(), target, match, data, catalog));
    }
    return runs;
  }

  /** A method that matches nothing of itself matches the compute of the one that is named. */
  private static MethodTraits.Match match(Variant variant, Catalog catalog) {
    MethodTraits.Match match = traits(catalog, variant.config()).match();
    return match == MethodTraits.Match.NONE ? MethodTraits.Match.COMPUTE : match;
  }

  private static Planned matched(
      String label,
      RunConfig config,
      Planned target,
      MethodTraits.Match match,
      Function<RunConfig, Prepared<?>> data,
      Catalog catalog) {
    return counted(
        () -> {
          MethodSpec method = catalog.method(config.method()).recipe().spec(config, catalog);
          long updates = matching(config, method, target, match, data);
          return planned(
              label,
              config.withEqualCompute(new EqualCompute(updates)),
              Optional.of(target.label()),
              data,
              catalog);
        });
  }

  private static long matching(
      RunConfig config,
      MethodSpec method,
      Planned target,
      MethodTraits.Match match,
      Function<RunConfig, Prepared<?>> data) {
    if (match == MethodTraits.Match.COMPUTE && method instanceof TeacherOnly) {
      double forward = teacherFlops(config, data);
      return fewest(paces(config, data).task(), target.flops() / forward);
    }
    return match == MethodTraits.Match.COMPUTE
        ? fewest(n -> flops(config, method, bill(config, method, n, data), data) >= target.flops())
        : updates(target);
  }

  /** Says in one line what is too large. */
  private static Planned counted(Supplier<Planned> plan) {
    try {
      return plan.get();
    } catch (ArithmeticException e) {
      throw new ConfigError("budget", "too large: its samples are beyond what is counted, 2^63");
    }
  }

  /**
   * The fewest teacher steps that cost as much as {@code forwards} samples going forward, or more;
   * a backward counts as two. Short batches at a pass's end are counted, and so are the forwards
   * that make the data.
   */
  static long fewest(Pace pace, double forwards) {
    return fewest(steps -> cost(pace, steps) >= forwards);
  }

  /** The fewest steps that are enough, if more are enough whenever fewer are. */
  private static long fewest(LongPredicate enough) {
    long most = 1;
    while (!enough.test(most)) {
      most = Math.multiplyExact(most, 2);
    }
    long least = 1;
    while (least < most) {
      long middle = least + (most - least) / 2;
      if (enough.test(middle)) {
        most = middle;
      } else {
        least = middle + 1;
      }
    }
    return least;
  }

  /** In samples that go forward; whole numbers, so that nothing is rounded. */
  private static long cost(Pace pace, long steps) {
    return Math.addExact(Math.multiplyExact(3, pace.studied(steps)), pace.acted(steps));
  }

  /** Teacher and student steps together: the paper's own measure of a budget. */
  private static long updates(Planned planned) {
    return planned.bill().teacher().steps() + planned.studentUpdates();
  }

  private static Planned planned(
      String label,
      RunConfig config,
      Optional<String> matched,
      Function<RunConfig, Prepared<?>> data,
      Catalog catalog) {
    return counted(() -> worked(label, config, matched, data, catalog));
  }

  private static Planned worked(
      String label,
      RunConfig config,
      Optional<String> matched,
      Function<RunConfig, Prepared<?>> data,
      Catalog catalog) {
    MethodSpec method = catalog.method(config.method()).recipe().spec(config, catalog);
    long updates =
        config
            .equalCompute()
            .map(EqualCompute::updates)
            .orElseGet(() -> Assembly.updates(config, data.apply(config)));
    Bill bill = bill(config, method, updates, data);
    MetricFit.require(config, data.apply(config), catalog);
    return new Planned(label, config, matched, bill, flops(config, method, bill, data));
  }

  /** What a run computes whose trainings are {@code updates} long each. */
  private static Bill bill(
      RunConfig config, MethodSpec method, long updates, Function<RunConfig, Prepared<?>> data) {
    Paces paces = paces(config, data);
    return method
        .at(paces)
        .bill(Math.multiplyExact(updates, method.stages()), students(config, method), paces);
  }

  private static double flops(
      RunConfig config, MethodSpec method, Bill bill, Function<RunConfig, Prepared<?>> data) {
    List<Double> studentForward = new ArrayList<>();
    for (int i = 0; i < students(config, method); i++) {
      String name = "students[" + i + "]";
      ModelSpec spec = config.students().get(i).spec();
      studentForward.add((double) forwardFlops(name, spec, config, data));
    }
    return bill.flops(teacherFlops(config, data), studentForward)
        + data.apply(config).streamFlops() * bill.teacher().backward();
  }

  private static int students(RunConfig config, MethodSpec method) {
    return method.usesStudents() ? config.students().size() : 0;
  }

  private static Paces paces(RunConfig config, Function<RunConfig, Prepared<?>> data) {
    return Assembly.paces(config, data.apply(config));
  }

  private static long teacherFlops(RunConfig config, Function<RunConfig, Prepared<?>> data) {
    return forwardFlops("teacher", config.teacher().spec(), config, data);
  }

  private static long forwardFlops(
      String where, ModelSpec model, RunConfig config, Function<RunConfig, Prepared<?>> data) {
    try {
      return data.apply(config).census(model).forwardFlops();
    } catch (ArithmeticException e) {
      throw new ConfigError(where, "too large: its numbers are beyond what is counted, 2^63");
    }
  }

  private static MethodTraits traits(Catalog catalog, RunConfig config) {
    return catalog.method(config.method());
  }
}
