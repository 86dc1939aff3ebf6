package lot4j.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import lot4j.checkpoint.AtomicFile;
import lot4j.checkpoint.DirectoryLock;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import lot4j.report.ImitationResult;
import lot4j.report.Probe;
import lot4j.report.ProbedTeacher;
import lot4j.report.RunDirectory;
import lot4j.report.Status;
import lot4j.train.DataException;
import lot4j.train.Imitate;
import lot4j.train.Prepared;
import lot4j.train.RunSession;

/** A probe's directory at work: teachers first where there are none yet, then their students. */
final class ProbeRun {
  /** The folder of teachers that the probe itself trains. */
  static final String TEACHERS = "teachers";

  /** The folder of the runs that imitate. */
  static final String STUDENTS = "students";

  private final Console console;
  private final Catalog catalog;
  private final Path dataDirectory;
  private final Path directory;
  private final Optional<Integer> jobs;
  private final Stop stop;

  ProbeRun(
      Console console,
      Catalog catalog,
      Path dataDirectory,
      Path directory,
      Optional<Integer> jobs,
      Stop stop) {
    this.console = console;
    this.catalog = catalog;
    this.dataDirectory = dataDirectory;
    this.directory = directory;
    this.jobs = jobs;
    this.stop = stop;
  }

  static boolean isProbe(Path directory) {
    return Files.isRegularFile(directory.resolve(ProbePlan.FILE));
  }

  /** Checks everything, writes the directory, and trains. */
  int begin(ProbePlan plan, boolean force, boolean json) throws InterruptedException {
    RunSession session = new RunSession(catalog, dataDirectory);
    try (Inputs inputs = new Inputs(session)) {
      check(plan, session, inputs);
      Directories.clear(directory, force);
      try {
        Files.createDirectories(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(directory + ": cannot be made: " + e.getMessage(), e);
      }
      try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
        ComparisonRun.recordData(directory, dataDirectory);
        plan.write(directory, catalog);
        return train(plan, session, inputs, json);
      }
    }
  }

  /** Goes on with what is there; finished runs are kept. */
  int resume(boolean json) throws InterruptedException {
    RunSession session = new RunSession(catalog, dataDirectory);
    try (DirectoryLock lock = DirectoryLock.acquire(directory);
        Inputs inputs = new Inputs(session)) {
      return train(ProbePlan.read(directory, catalog), session, inputs, json);
    }
  }

  /** Reads all data, and all networks that are there, before anything is written. */
  private void check(ProbePlan plan, RunSession session, Inputs inputs) {
    Map<String, ProbePlan.Teacher> teachers = byId(plan);
    Optional<Prepared<?>> first = Optional.empty();
    for (ProbePlan.Student student : plan.students()) {
      ProbePlan.Teacher teacher = teachers.get(student.teacher());
      Prepared<?> data = inputs.apply(student.config());
      if (teacher.config().isEmpty()) {
        // Closed at once: of many large networks one at a time is in memory.
        session.imitating(imitating(plan, student, teacher), data).close();
      }
      data.census(student.config().teacher().spec());
      first = first.or(() -> Optional.of(data));
      requireSame(first.get(), data, student.teacher());
      if (teacher.config().isPresent()) {
        Prepared<?> own = inputs.apply(teacher.config().get());
        own.census(teacher.config().get().teacher().spec());
        requireSame(data.madeAs(own.companions()), own, teacher.id());
      }
    }
  }

  private static void requireSame(Prepared<?> first, Prepared<?> data, String what) {
    if (!first.dataName().equals(data.dataName())
        || !first.input().equals(data.input())
        || first.outputs() != data.outputs()) {
      throw new DataException(
          what
              + ": its data is "
              + shown(data)
              + ", that of the first "
              + shown(first)
              + "; a probe has one data set");
    }
  }

  private static String shown(Prepared<?> data) {
    return data.dataName() + " (inputs " + data.input() + ", outputs " + data.outputs() + ")";
  }

  private static Map<String, ProbePlan.Teacher> byId(ProbePlan plan) {
    Map<String, ProbePlan.Teacher> teachers = new LinkedHashMap<>();
    plan.teachers().forEach(teacher -> teachers.put(teacher.id(), teacher));
    return teachers;
  }

  private static RunConfig imitating(
      ProbePlan plan, ProbePlan.Student student, ProbePlan.Teacher teacher) {
    String run = teacher.directory().toAbsolutePath().normalize().toString();
    Imitate of = Imitate.teacherOf(run);
    return student
        .config()
        .withSection(
            Imitate.SECTION,
            new Imitate(
                run,
                plan.learner(),
                of.metric(),
                of.temperature(),
                of.scaleByT2(),
                of.scoreTrain()));
  }

  private int train(ProbePlan plan, RunSession session, Inputs inputs, boolean json)
      throws InterruptedException {
    List<Path> own = new ArrayList<>();
    for (ProbePlan.Teacher teacher : plan.teachers()) {
      if (teacher.config().isPresent()) {
        RunConfig config = teacher.config().get();
        if (!RunSession.isRun(teacher.directory())) {
          session.create(teacher.directory(), config, teacher.label(), inputs.apply(config));
        }
        own.add(teacher.directory());
      }
    }
    boolean failed = fleet("teachers", own, plan);
    if (stop.getAsBoolean()) {
      return interrupted();
    }
    Map<String, ProbePlan.Teacher> teachers = byId(plan);
    List<Path> runs = new ArrayList<>();
    for (ProbePlan.Student student : plan.students()) {
      ProbePlan.Teacher teacher = teachers.get(student.teacher());
      if (RunSession.status(teacher.directory()).equals(Status.DONE.word())) {
        create(session, student, imitating(plan, student, teacher), inputs);
        runs.add(student.directory());
      }
    }
    failed |= fleet("students", runs, plan);
    finish(plan, json);
    if (stop.getAsBoolean()) {
      return interrupted();
    }
    return failed ? Exit.FAILED : Exit.DONE;
  }

  private int interrupted() {
    console.error("interrupted; to go on: lot resume " + directory);
    return Exit.INTERRUPTED;
  }

  private static void create(
      RunSession session, ProbePlan.Student student, RunConfig config, Inputs inputs) {
    if (!RunSession.isRun(student.directory())) {
      try (Prepared<?> data = session.imitating(config, inputs.apply(student.config()))) {
        session.create(student.directory(), config, student.label(), data);
      }
    }
  }

  /** Trains what is open; whether any run failed. */
  private boolean fleet(String what, List<Path> runs, ProbePlan plan) throws InterruptedException {
    List<Path> open = new ArrayList<>();
    for (Path run : runs) {
      String status = RunSession.status(run);
      if (!status.equals(Status.DONE.word()) && !status.equals(Status.DIVERGED.word())) {
        open.add(run);
      }
    }
    if (open.isEmpty()) {
      return false;
    }
    int threads = plan.students().get(0).config().execution().threads().orElse(1);
    int cores = Runtime.getRuntime().availableProcessors();
    int atOnce = jobs.orElse(Math.max(1, cores / threads));
    console.note(
        String.format(
            Locale.ROOT,
            "%s: %d %s (%d to do), %d at a time; %s",
            plan.name(),
            runs.size(),
            what,
            open.size(),
            Math.min(atOnce, open.size()),
            directory));
    Fleet fleet =
        new Fleet(atOnce, List.of("--data-dir", dataDirectory.toString()), directory, stop);
    Map<Path, Fleet.End> ends;
    try (Console.Bar bar = console.bar("probe")) {
      ends = fleet.train(open, new Told(bar, what, open.size()));
    }
    return ends.values().stream().anyMatch(end -> end.status().equals(Status.FAILED.word()));
  }

  /** Shows how far the fleet is, and says what went wrong. */
  private final class Told implements Fleet.Watcher {
    private final Console.Bar bar;
    private final String what;
    private final int all;
    private int done;

    Told(Console.Bar bar, String what, int all) {
      this.bar = bar;
      this.what = what;
      this.all = all;
    }

    @Override
    public void progress(double fraction) {
      bar.at(fraction, done + "/" + all + " " + what);
    }

    @Override
    public void ended(Path run, Fleet.End end) {
      done++;
      boolean failed = end.status().equals(Status.FAILED.word());
      if (failed && stop.getAsBoolean()) {
        return; // stopped before it could say so
      }
      if (failed) {
        RunSession.failed(run, end.message());
      }
      if (failed || end.status().equals(Status.DIVERGED.word())) {
        console.error(run.getFileName() + ": " + end.status() + ": " + end.message());
      }
    }
  }

  private void finish(ProbePlan plan, boolean json) {
    Probe probe = results(plan);
    AtomicFile.write(directory.resolve("probe.json"), probe.json().toPrettyString() + "\n");
    AtomicFile.write(directory.resolve("probe.csv"), probe.csv());
    AtomicFile.write(directory.resolve("probe.md"), probe.markdown());
    if (!probe.results().isEmpty()) {
      AtomicFile.write(directory.resolve("report.html"), probe.html());
    }
    if (stop.getAsBoolean()) {
      return;
    }
    console.result(json, probe.text());
    console.result(json, "report: " + directory.resolve("report.html"));
    if (json) {
      console.result(probe.json().toPrettyString());
    }
  }

  private Probe results(ProbePlan plan) {
    List<ProbedTeacher> teachers = new ArrayList<>();
    for (ProbePlan.Teacher teacher : plan.teachers()) {
      RunDirectory run = RunDirectory.read(teacher.directory());
      if (run.status() == Status.DONE) {
        teachers.add(ProbedTeacher.of(teacher.id(), teacher.label(), run, plan.learner()));
      }
    }
    List<ImitationResult> results = new ArrayList<>();
    String data = "";
    for (ProbePlan.Student student : plan.students()) {
      if (!RunSession.isRun(student.directory())) {
        continue;
      }
      RunDirectory run = RunDirectory.read(student.directory());
      data = run.data();
      if (run.status() == Status.DONE) {
        ImitationResult.of(student.teacher(), student.label(), run).ifPresent(results::add);
      }
    }
    return new Probe(plan.name(), data, teachers, results);
  }
}
