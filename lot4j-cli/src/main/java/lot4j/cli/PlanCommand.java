package lot4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import lot4j.Census;
import lot4j.config.Catalog;
import lot4j.config.ExperimentConfig;
import lot4j.config.RunConfig;
import lot4j.config.StudentConfig;
import lot4j.train.Estimate;
import lot4j.train.Plan;
import lot4j.train.Prepared;
import lot4j.train.RunSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** What an experiment would cost. */
@Command(
    name = "plan",
    description =
        "What a comparison would cost, without training: parameters, FLOPs, time, memory.")
final class PlanCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--no-timing",
      description = "Skips the few timed steps, and with them the estimates of time and memory.")
  private boolean noTiming;

  @Option(names = "--jobs", paramLabel = "N", description = "Runs at a time.")
  private Optional<Integer> jobs = Optional.empty();

  @Option(names = "--json", description = "Prints JSON to standard output.")
  private boolean json;

  @Override
  public Integer call() {
    ComparisonRun.checkJobs(jobs);
    Catalog catalog = Catalog.load();
    ExperimentConfig experiment = options.read(catalog);
    RunSession session = new RunSession(catalog, options.data().directory());
    // Said only once nothing can be refused any more.
    List<String> notes = new ArrayList<>(experiment.notes());
    try (Inputs inputs = new Inputs(session, notes::add)) {
      Plan plan = Plan.of(experiment, inputs, catalog);
      notes.forEach(main.console()::note);
      Prepared<?> prepared = inputs.apply(experiment.base());
      prepared.notes().forEach(main.console()::note);
      int threads = experiment.base().execution().threads().orElse(1);
      int atOnce = jobs.orElse(Math.max(1, Runtime.getRuntime().availableProcessors() / threads));
      Optional<Estimate> estimate =
          noTiming
              ? Optional.empty()
              : Optional.of(
                  Estimate.of(plan, experiment.seeds().size(), threads, atOnce, inputs, catalog));
      text(plan, experiment, prepared, estimate, atOnce);
      if (json) {
        main.console().result(json(plan, experiment, prepared, estimate).toPrettyString());
      }
    }
    return Exit.DONE;
  }

  private ObjectNode json(
      Plan plan, ExperimentConfig experiment, Prepared<?> data, Optional<Estimate> estimate) {
    RunConfig base = experiment.base();
    ObjectNode document = new ObjectMapper().createObjectNode();
    document.put("name", plan.name());
    learner(document.putObject("teacher"), "teacher", base.teacher().model(), base, data);
    var students = document.putArray("students");
    for (int i = 0; i < base.students().size(); i++) {
      String model = base.students().get(i).model();
      learner(students.addObject(), "student" + i, model, base, data);
    }
    ObjectNode methods = document.putObject("methods");
    for (Plan.Planned run : plan.runs()) {
      methods
          .putObject(run.label())
          .put("teacher_updates", run.bill().teacher().steps())
          .put("student_updates", run.studentUpdates())
          .put("samples", run.bill().samples())
          .put("flops", run.flops());
    }
    document.put("disk_bytes", disk(plan, experiment, data));
    if (estimate.isPresent()) {
      document.put("estimated_seconds", estimate.get().seconds());
      document.put("estimated_peak_bytes", estimate.get().peakBytes());
    } else {
      document.putNull("estimated_seconds").putNull("estimated_peak_bytes");
    }
    return document;
  }

  private static void learner(
      ObjectNode node, String who, String model, RunConfig base, Prepared<?> data) {
    Census census = data.census(base.learner(who));
    node.put("model", model).put("parameters", census.parameters());
    RunSession.trained(base, who, data).ifPresent(n -> node.put("trained_parameters", n));
    node.put("forward_flops_per_sample", census.forwardFlops());
  }

  /** Checkpoints that stay, weights and optimizer state; metrics are small beside them. */
  private static long disk(Plan plan, ExperimentConfig experiment, Prepared<?> data) {
    long bytes = 0;
    for (Plan.Planned run : plan.runs()) {
      RunConfig config = run.config();
      long numbers = data.census(config.teacher().spec()).parameters();
      if (!run.bill().students().isEmpty()) {
        for (StudentConfig student : config.students()) {
          numbers += data.census(student.spec()).parameters();
        }
      }
      bytes += numbers * 2 * Float.BYTES * (config.checkpoint().keep() + 1);
    }
    return bytes * experiment.seeds().size();
  }

  private void text(
      Plan plan,
      ExperimentConfig experiment,
      Prepared<?> data,
      Optional<Estimate> estimate,
      int atOnce) {
    Console console = main.console();
    RunConfig base = experiment.base();
    console.result(json, plan.name() + " on " + data.dataName() + " " + data.counts());
    line("teacher", base.teacher().model(), base, data);
    for (int i = 0; i < base.students().size(); i++) {
      line("student" + i, base.students().get(i).model(), base, data);
    }
    int width = plan.runs().stream().mapToInt(run -> run.label().length()).max().orElse(0);
    double first = plan.runs().get(0).flops();
    console.result(
        json,
        String.format(
            Locale.ROOT,
            "%-" + width + "s  %10s  %10s  %12s  %10s  %8s",
            "method",
            "updates",
            "students'",
            "samples",
            "FLOPs",
            "relative"));
    for (Plan.Planned run : plan.runs()) {
      console.result(
          json,
          String.format(
              Locale.ROOT,
              "%-" + width + "s  %10d  %10d  %12d  %10.3e  %8.2f",
              run.label(),
              run.bill().teacher().steps(),
              run.studentUpdates(),
              run.bill().samples(),
              run.flops(),
              run.flops() / first));
    }
    List<Long> seeds = experiment.seeds();
    console.result(
        json,
        String.format(
            Locale.ROOT,
            "%d seeds, %d runs; checkpoints about %.1f MiB",
            seeds.size(),
            seeds.size() * plan.runs().size(),
            disk(plan, experiment, data) / 1048576.0));
    estimate.ifPresent(
        e ->
            console.result(
                json,
                String.format(
                    Locale.ROOT,
                    "about %.0f s (%.1f min) with %d at a time, about %.0f MiB at the peak of each",
                    e.seconds(),
                    e.seconds() / 60,
                    atOnce,
                    e.peakBytes() / 1048576.0)));
  }

  private void line(String who, String model, RunConfig base, Prepared<?> data) {
    Census census = data.census(base.learner(who));
    OptionalLong trained = RunSession.trained(base, who, data);
    main.console()
        .result(
            json,
            String.format(
                Locale.ROOT,
                "%-9s %s: %,d parameters%s, %,d FLOPs a sample forward",
                who,
                model,
                census.parameters(),
                trained.isPresent()
                    ? String.format(Locale.ROOT, " (%,d trained)", trained.getAsLong())
                    : "",
                census.forwardFlops()));
  }
}
