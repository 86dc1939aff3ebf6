package lot4j.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import lot4j.Model;
import lot4j.Network;
import lot4j.checkpoint.Checkpoint;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.CheckpointStore;
import lot4j.checkpoint.DirectoryLock;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.ConfigWriter;
import lot4j.config.RunConfig;
import lot4j.distributed.Company;
import lot4j.distributed.Solo;
import lot4j.method.MethodSpec;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * A run directory and what can be done with it: begin a run, go on with it, score it.
 *
 * <p>The directory says everything: going on needs only it and the data.
 */
public final class RunSession {
  private final Catalog catalog;
  private final Path dataDirectory;
  private final Company company;

  /** Runs with these names and this data directory. */
  public RunSession(Catalog catalog, Path dataDirectory) {
    this(catalog, dataDirectory, new Solo());
  }

  /** Runs that this process trains together with others. */
  public RunSession(Catalog catalog, Path dataDirectory, Company company) {
    this.catalog = catalog;
    this.dataDirectory = dataDirectory;
    this.company = company;
  }

  /** Reads and checks a configuration's data, and the network that it imitates, if it does. */
  public Prepared<?> prepare(RunConfig config) {
    Prepared<?> data = data(config);
    return config.imitate().isEmpty() ? data : imitation(config, data, true);
  }

  /** The same for a run that exists. */
  Prepared<?> prepare(RunConfig config, Path run) {
    Prepared<?> data =
        task(config)
            .prepareAgain(dataDirectory, config.batching().evalBatchSize(), run)
            .among(company);
    return config.imitate().isEmpty() ? data : imitation(config, data, true);
  }

  /** Reads and checks the data of a configuration's task, whether or not a network is imitated. */
  public Prepared<?> data(RunConfig config) {
    return task(config).prepare(dataDirectory, config.batching().evalBatchSize()).among(company);
  }

  /**
   * Data with the answers of the network that a configuration imitates in place of the labels.
   *
   * @param data the task's own, which stays the caller's
   */
  public Prepared<?> imitating(RunConfig config, Prepared<?> data) {
    return imitation(config, data, false);
  }

  /**
   * The data of a configuration's task for planning alone: data with a name may be absent.
   *
   * @param note told in words if something stands in for it
   */
  public Prepared<?> sketch(RunConfig config, Consumer<String> note) {
    return task(config).sketch(dataDirectory, config.batching().evalBatchSize(), note);
  }

  private Prepared<?> imitation(RunConfig config, Prepared<?> data, boolean ownsData) {
    Imitate imitate = config.imitate().orElseThrow();
    return Imitation.of(
        imitate,
        data,
        ownsData,
        catalog.metric(imitate.metric(), imitate.temperature(), imitate.scaleByT2()),
        config.execution().device(),
        this);
  }

  private static TaskSpec task(RunConfig config) {
    return config.task().spec().with(config.sections());
  }

  /**
   * Writes a new run's directory.
   *
   * @param prepared its data, already checked
   * @param label its name in a comparison, or its method
   * @throws CheckpointException if weights that a learner shall begin with are missing or do not
   *     fit
   */
  public void create(Path directory, RunConfig config, String label, Prepared<?> prepared) {
    draft(config, label, prepared).write(directory);
  }

  /**
   * Checks all that {@link #create} checks, so that nothing is left but to write the directory.
   *
   * @param prepared the run's data, already checked; it has to last as long as the draft
   * @param label the run's name in a comparison, or its method
   * @throws CheckpointException if weights that a learner shall begin with are missing or do not
   *     fit
   */
  public RunDraft draft(RunConfig config, String label, Prepared<?> prepared) {
    MetricFit.require(config, prepared, catalog);
    RunConfig pinned = ModelFiles.pinned(config);
    requireFit(pinned, prepared);
    Frozen.require(pinned, method(pinned), prepared);
    return new RunDraft(
        pinned, label, prepared, origins(pinned, prepared), new ConfigWriter(catalog), company);
  }

  /** The files that learners begin with, by learner; checked against the networks. */
  private Map<String, List<Prepared.Source>> origins(RunConfig config, Prepared<?> prepared) {
    Map<String, List<Prepared.Source>> origins = new LinkedHashMap<>();
    for (InitFrom from : InitFrom.of(config, method(config))) {
      try (PointerScope scope = new PointerScope()) {
        Model model = prepared.build(config.learner(from.learner()));
        origins.put(from.learner(), from.check(model));
      }
    }
    return origins;
  }

  /**
   * How many numbers of a learner are trained where its {@code freeze} keeps others; its network is
   * built to count them.
   *
   * @param learner {@code teacher}, {@code student0}, …
   * @return empty where nothing is frozen
   * @throws DataException if the patterns do not fit the network
   */
  public static OptionalLong trained(RunConfig config, String learner, Prepared<?> prepared) {
    return Frozen.trained(learner, config, prepared);
  }

  /** What a file describes is only known by building it: before anything is written. */
  private static void requireFit(RunConfig config, Prepared<?> prepared) {
    config.withSpecs(
        spec -> {
          if (spec instanceof FileModel) {
            prepared.census(spec);
          }
          return spec;
        });
  }

  /** Whether {@code directory} holds a run. */
  public static boolean isRun(Path directory) {
    return Files.isRegularFile(directory.resolve(RunFiles.RUN));
  }

  /** A run's status as its directory says. */
  public static String status(Path directory) {
    return RunFiles.read(directory).status();
  }

  /** What a run said when it ended, of a diverged one where; empty if nothing. */
  public static String message(Path directory) {
    return RunFiles.read(directory).text("message");
  }

  /** How many processes a run is trained by, as its directory says. */
  public static int processes(Path directory) {
    return RunFiles.read(directory).processes();
  }

  /** Notes that a run's process ended without saying how. */
  public static void failed(Path directory, String message) {
    RunFiles files = RunFiles.read(directory);
    if (files.status().equals(RunStatus.RUNNING.key())) {
      files.status(RunStatus.FAILED, message);
    }
  }

  /** A run's configuration, read back from its directory; its networks' files are its own. */
  public RunConfig config(Path directory) {
    RunConfig written =
        new ConfigReader(catalog)
            .readRun(ConfigSource.file(directory.resolve("config.yaml")), List.of());
    return ModelFiles.kept(written, directory);
  }

  /**
   * Trains from wherever the run is to its end. Of several processes this is rank 0's part; the
   * others {@link #assist}.
   *
   * @throws lot4j.checkpoint.DirectoryInUse if another process is at it
   * @throws DataException if its data is missing or has changed
   */
  public Outcome proceed(Path directory, Listener listener, BooleanSupplier stop) {
    try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
      RunConfig config = config(directory);
      RunFiles files = RunFiles.read(directory);
      try (Prepared<?> prepared = prepare(config, directory)) {
        return proceed(directory, config, files, prepared, listener, stop);
      }
    }
  }

  /**
   * Trains as {@link #proceed(Path, Listener, BooleanSupplier)} does, on data that outlives the
   * run: what {@code inputs} gives for its configuration stays the caller's.
   *
   * @throws lot4j.checkpoint.DirectoryInUse if another process is at it
   * @throws DataException if the data is not what the run began with
   */
  public Outcome proceed(
      Path directory,
      Function<RunConfig, Prepared<?>> inputs,
      Listener listener,
      BooleanSupplier stop) {
    try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
      RunConfig config = config(directory);
      RunFiles files = RunFiles.read(directory);
      return proceed(directory, config, files, inputs.apply(config), listener, stop);
    }
  }

  private Outcome proceed(
      Path directory,
      RunConfig config,
      RunFiles files,
      Prepared<?> prepared,
      Listener listener,
      BooleanSupplier stop) {
    if (!files.sameData(prepared)) {
      throw new DataException(
          directory + ": the data has changed since this run began; its digests are in run.json");
    }
    files
        .differences(company.bucketing())
        .ifPresent(
            words ->
                listener.warning(
                    directory + ": " + words + "; the bits may differ from an unbroken run's"));
    prepared.notes().forEach(listener::warning);
    return new LeadingPart(catalog, company)
        .train(directory, config, files, prepared, listener, stop);
  }

  /**
   * The part of another process than rank 0: it writes nothing.
   *
   * @param config the run's, as rank 0 has it
   * @param directory the run's, if it is gone on with: the checkpoint is read from there
   * @throws DataException if this process's data is not rank 0's
   */
  public Outcome assist(RunConfig config, Optional<Path> directory, BooleanSupplier stop) {
    try (Prepared<?> prepared =
        directory.isPresent() ? prepare(config, directory.get()) : prepare(config)) {
      return new AssistingPart(catalog, company).train(config, prepared, directory, stop);
    }
  }

  /**
   * Scores a saved run's learners.
   *
   * @param directory a run, or one checkpoint of a run
   * @param split what to score on
   * @param data another data set in place of the run's own, by path or name
   * @return metrics by learner
   */
  public Map<String, Map<String, Double>> score(
      Path directory, Split split, Optional<String> data, Listener listener) {
    return evaluate(directory, split, data, listener).learners();
  }

  /**
   * Learners' metrics and where they come from.
   *
   * @param step the teacher step of the checkpoint that was scored
   * @param learners metrics by learner
   */
  public record Evaluated(long step, Map<String, Map<String, Double>> learners) {}

  /** As {@link #score}, and says which checkpoint was scored. */
  public Evaluated evaluate(Path directory, Split split, Optional<String> data, Listener listener) {
    return saved().evaluate(directory, split, data, listener);
  }

  /**
   * Judges a saved run's learners in a way of the caller's own, with the weights that {@link
   * #score} judges.
   *
   * @param directory a run, or one checkpoint of a run
   * @param judge takes the task and the networks, which are gone when this returns; gives a result
   *     for each of them and perhaps one more, of all together
   * @return results by learner, those of all together by the name {@code ensemble}
   */
  public <R> Map<String, R> judge(
      Path directory, Listener listener, BiFunction<Prepared<?>, List<Network>, List<R>> judge) {
    return saved().judge(directory, listener, judge);
  }

  private SavedScores saved() {
    return new SavedScores(this, catalog, dataDirectory);
  }

  /**
   * Calls {@code body} with a saved run's networks, built from the run directory alone: its data
   * need not be there. They are in eval mode, on the run's device, in its precision, with the
   * weights they are judged by, averaged ones where the run keeps an average; no gradients are
   * kept. They and their answers are gone when this returns.
   *
   * @param directory a run, of which the best checkpoint is taken, else the latest; or a checkpoint
   * @throws CheckpointException if there is no checkpoint or it is damaged
   * @throws DataException if the run's files are damaged or of an older version
   */
  public <T> T withNetworks(Path directory, Listener listener, Function<SavedRun, T> body) {
    Path run = runOf(directory);
    RunConfig config = config(run);
    RunFiles files = RunFiles.read(run);
    Checkpoint checkpoint = checkpoint(directory, run, listener);
    Threads.use(config.execution().threads().orElseThrow());
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard();
        SavedNetworks networks =
            new SavedNetworks(run, config, method(config), files, checkpoint)) {
      return body.apply(networks.run());
    }
  }

  /** The method that a configuration names. */
  MethodSpec method(RunConfig config) {
    return catalog.method(config.method()).recipe().spec(config, catalog);
  }

  /** The run that {@code directory} is, or is a checkpoint of. */
  static Path runOf(Path directory) {
    return Stream.of(directory, directory.toAbsolutePath().resolve("../.."))
        .map(Path::normalize)
        .filter(RunSession::isRun)
        .findFirst()
        .orElseThrow(
            () -> new CheckpointException(directory + ": neither a run nor a run's checkpoint"));
  }

  /** The checkpoint that {@code directory} is, or the best one of the run that it is. */
  static Checkpoint checkpoint(Path directory, Path run, Listener listener) {
    return isRun(directory)
        ? CheckpointStore.find(run, listener::warning)
            .orElseThrow(() -> new CheckpointException(run + ": no checkpoint yet"))
        : Checkpoint.open(directory);
  }
}
