package lot4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import lot4j.config.Budget;
import lot4j.config.Catalog;
import lot4j.config.ConfigError;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.ConfigWriter;
import lot4j.config.ExperimentConfig;
import lot4j.config.MethodTraits;
import lot4j.config.ProbeConfig;
import lot4j.config.RunConfig;
import lot4j.config.TaskConfig;
import lot4j.train.DataException;
import lot4j.train.Devices;
import lot4j.train.Imitate;
import lot4j.train.ModelFiles;

/**
 * What a user asks of a probe, on the way to its plan.
 *
 * <p>All students of one kind and seed are the same but for whom they imitate: the same
 * hyper-parameters, initial weights and batches. Their seeds are none of the teachers', whose
 * initial weights and order of batches they would share.
 *
 * @param learner whom of each run to imitate
 * @param seeds of the students; none for the default
 * @param student their network, if another than the teachers'
 * @param epochs their budget, if another
 * @param updates the same
 * @param points how often they are evaluated
 * @param overrides keys of the configuration, {@code key.path=value}
 */
record ProbeDraft(
    Catalog catalog,
    String learner,
    List<Long> seeds,
    Optional<String> student,
    Optional<Double> epochs,
    Optional<Long> updates,
    Optional<Integer> points,
    List<String> overrides) {
  private static final int POINTS = 20;

  /**
   * KL(student ‖ teacher) looks for a mode: with the steps that suit cross-entropy a fresh student
   * of a confident teacher falls on one class and stays there. Adam's are small enough.
   */
  private static final String OPTIMIZER = "optimizer={kind: adam, lr: 0.001}";

  private static final String TEACHER_ONLY = "method=teacher-only";

  /** A probe of finished runs. */
  ProbePlan ofRuns(List<ProbedRuns.Found> found, Optional<ConfigSource> config, Path place) {
    ConfigReader reader = new ConfigReader(catalog);
    RunConfig first = read(reader, found.get(0));
    RunConfig base =
        config.map(source -> given(reader, source, List.of())).orElseGet(() -> like(first));
    List<Long> own = seeds.isEmpty() ? ProbeConfig.standard().studentSeeds() : seeds;
    List<ProbePlan.Teacher> teachers = new ArrayList<>();
    List<ProbePlan.Student> students = new ArrayList<>();
    for (ProbedRuns.Found each : found) {
      RunConfig run = read(reader, each);
      requireOther(own, run.seed());
      Path directory = each.run().path().toAbsolutePath().normalize();
      teachers.add(new ProbePlan.Teacher(each.id(), each.label(), directory, Optional.empty()));
      TaskConfig task =
          config.isPresent()
              ? base.task()
              : new TaskConfig(run.task().kind(), run.task().spec().whole());
      for (long seed : own) {
        students.add(student(each.id(), "student", base.withTask(task), seed, place));
      }
    }
    return new ProbePlan(base.name(), learner, teachers, students);
  }

  /** A probe that trains its teachers first. */
  ProbePlan ofConfig(ConfigSource source, Path place) {
    ConfigReader reader = new ConfigReader(catalog);
    ExperimentConfig experiment = reader.read(source, overrides);
    ProbeConfig probe =
        Optional.ofNullable(experiment.base().sections().get(ProbeConfig.SECTION))
            .map(ProbeConfig.class::cast)
            .filter(section -> !section.teachers().isEmpty())
            .orElseThrow(
                () ->
                    new ConfigError(
                        source.name(),
                        "missing key: probe.teachers; 'lot probe' trains them, or takes directories"
                            + " of finished runs"));
    requireKind(experiment.base(), source.name());
    List<Long> own = seeds.isEmpty() ? probe.studentSeeds() : seeds;
    List<ProbePlan.Teacher> teachers = new ArrayList<>();
    List<ProbePlan.Student> students = new ArrayList<>();
    for (long seed : experiment.seeds()) {
      requireOther(own, seed);
      for (ProbeConfig.Teacher entry : probe.teachers()) {
        String id = entry.label() + "-seed" + seed;
        Path directory = place.resolve(ProbeRun.TEACHERS).resolve(id);
        teachers.add(
            new ProbePlan.Teacher(
                id, entry.label(), directory, Optional.of(teacher(reader, source, entry, seed))));
        for (ProbeConfig.Student kind : probe.students()) {
          RunConfig config = imitating(reader, source, kind);
          for (long each : own) {
            students.add(student(id, kind.label(), config, each, place));
          }
        }
      }
    }
    return new ProbePlan(experiment.base().name(), learner, teachers, students);
  }

  private RunConfig teacher(
      ConfigReader reader, ConfigSource source, ProbeConfig.Teacher entry, long seed) {
    List<String> all = new ArrayList<>(overrides);
    all.add("method=" + entry.method());
    all.addAll(written(entry.set()));
    RunConfig config = reader.readRun(source, all);
    if (List.of("image", "tabular").contains(config.task().kind())
        && !entry.set().containsKey("task.subset-seed")) {
      // Another subset, other noise for every seed; the splits stay.
      all.add("task.subset-seed=" + seed);
      config = reader.readRun(source, all);
    }
    if (catalog.method(config.method()).match() != MethodTraits.Match.NONE) {
      throw new ConfigError(
          source.name(),
          "probe.teachers: method "
              + entry.method()
              + " is not allowed; it matches another's compute, and here is none");
    }
    return placed(config.withoutSection(ProbeConfig.SECTION).withSeed(seed));
  }

  private RunConfig imitating(ConfigReader reader, ConfigSource source, ProbeConfig.Student kind) {
    List<String> all = new ArrayList<>(overrides);
    all.addAll(List.of(TEACHER_ONLY, "students=[]"));
    all.addAll(written(kind.set()));
    RunConfig config = reader.readRun(source, all);
    all.addAll(own(config.budget(), points));
    return reader.readRun(source, all).withoutSection(ProbeConfig.SECTION);
  }

  private ProbePlan.Student student(
      String teacher, String label, RunConfig config, long seed, Path place) {
    Path directory =
        place.resolve(ProbeRun.STUDENTS).resolve(teacher + "-" + label + "-seed" + seed);
    return new ProbePlan.Student(teacher, label, directory, placed(config.withSeed(seed)));
  }

  private static RunConfig placed(RunConfig config) {
    ConfigOptions.available(config);
    return config
        .withThreads(config.execution().threads().orElse(1))
        .withDevice(Devices.resolved(config.execution().device()));
  }

  /** The configuration of a run's students: as the run itself, but on all inputs, to the end. */
  private RunConfig like(RunConfig run) {
    ConfigReader reader = new ConfigReader(catalog);
    String yaml = new ConfigWriter(catalog).yaml(run);
    return given(reader, ConfigSource.of(run.name(), yaml), List.of(OPTIMIZER));
  }

  private RunConfig given(ConfigReader reader, ConfigSource source, List<String> usual) {
    List<String> all = new ArrayList<>(List.of(TEACHER_ONLY, "students=[]", "select=last"));
    all.addAll(usual);
    all.addAll(List.of("equal-compute=none", "early-stopping=none"));
    RunConfig config = reader.readRun(source, all);
    requireKind(config, source.name());
    all.addAll(own(config.budget(), Optional.of(points.orElse(POINTS))));
    all.addAll(overrides);
    return reader.readRun(source, all).withoutSection(ProbeConfig.SECTION);
  }

  /** The options about the students, as keys. */
  private List<String> own(Budget written, Optional<Integer> evaluations) {
    List<String> own = new ArrayList<>();
    student.ifPresent(
        model -> own.add("teacher=" + (model.contains("{") ? model : "{model: " + model + "}")));
    epochs.ifPresent(n -> own.add("budget.epochs=" + n));
    updates.ifPresent(n -> own.add("budget.updates=" + n));
    boolean whole =
        updates.isPresent() || epochs.isEmpty() && written.unit() == Budget.Unit.UPDATES;
    double amount = updates.map(Long::doubleValue).or(() -> epochs).orElse(written.amount());
    boolean other = updates.isPresent() || epochs.isPresent();
    if (evaluations.isPresent() || other) {
      double every = amount / evaluations.orElse(POINTS);
      String unit =
          whole
              ? Long.toString(Math.max(1, Math.round(every)))
              : String.format(Locale.ROOT, "%s", every);
      own.addAll(List.of("eval-every=" + unit, "checkpoint.every=" + unit));
    }
    return own;
  }

  private RunConfig read(ConfigReader reader, ProbedRuns.Found found) {
    Path run = found.run().path();
    RunConfig config =
        ModelFiles.kept(
            reader.readRun(ConfigSource.file(run.resolve("config.yaml")), List.of()), run);
    requireKind(config, found.run().path().toString());
    if (config.sections().containsKey(Imitate.SECTION)) {
      throw new DataException(
          found.run().path() + ": it imitates another run; name runs that learned a task");
    }
    return config;
  }

  private static void requireKind(RunConfig config, String where) {
    if (config.task().kind().equals("rl")) {
      throw new DataException(where + ": task.kind rl cannot be probed; image, tabular or text");
    }
  }

  private static void requireOther(List<Long> students, long teacher) {
    if (students.contains(teacher)) {
      throw new UsageException(
          "seed "
              + teacher
              + " of the students is not allowed; it is a teacher's, whose initial weights and"
              + " batches they would share (--seeds)");
    }
  }

  /** Keys and values as overrides; JSON is YAML. */
  private static List<String> written(Map<String, Object> set) {
    List<String> all = new ArrayList<>();
    set.forEach(
        (key, value) -> {
          try {
            all.add(key + "=" + new ObjectMapper().writeValueAsString(value));
          } catch (JsonProcessingException e) {
            throw new IllegalStateException(key + ": a value of YAML is no JSON", e);
          }
        });
    return all;
  }
}
