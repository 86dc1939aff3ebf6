package lot4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import lot4j.Network;
import lot4j.config.Catalog;
import lot4j.task.Continuation;
import lot4j.task.ImageClassification;
import lot4j.task.InstructionTuning;
import lot4j.task.LanguageModelling;
import lot4j.task.RunCalibration;
import lot4j.task.TableLearning;
import lot4j.train.DataException;
import lot4j.train.RunSession;
import lot4j.train.SavedRun;
import lot4j.train.TaskSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** What a saved learner says of inputs that its data never had. */
@Command(
    name = "predict",
    description =
        "Continues a prompt, judges a text, classifies images or predicts rows with a saved run.")
final class PredictCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Parameters(
      index = "0",
      paramLabel = "DIR|CKPT",
      description = "A run, of which the best checkpoint is taken, or one of its checkpoints.")
  private Path directory;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "INPUT",
      description =
          "Text runs: a prompt to continue, or a text file to judge. Runs on requests: a request, or"
              + " JSON Lines of them. Image runs: image files, folders and zips of them. Runs on"
              + " tables: CSV files. -: INPUTs from standard input, one a line; of tables the rows"
              + " themselves, and with --score the lines of requests with answers.")
  private List<String> inputs;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Tokens to add to a prompt; default 100.")
  private int tokens = Continuation.defaults().tokens();

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "Divides the log-probabilities; default 1; 0 takes the most probable token.")
  private double temperature = Continuation.defaults().temperature();

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Draws from the K most probable tokens; default 0, all.")
  private int topK = Continuation.defaults().topK();

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Draws from the fewest tokens whose probabilities sum to P; default 1, all.")
  private double topP = Continuation.defaults().topP();

  @Option(names = "--seed", paramLabel = "N", description = "Of the draws; default 0.")
  private long seed = Continuation.defaults().seed();

  @Option(
      names = "--score",
      description =
          "Judges the INPUTs themselves instead of continuing; of requests their answers, which JSON"
              + " Lines give.")
  private boolean score;

  @Option(
      names = "--student",
      paramLabel = "I",
      description = "This student, from 0, instead of the teacher.")
  private Optional<Integer> student = Optional.empty();

  @Option(names = "--json", description = "Prints JSON to standard output.")
  private boolean json;

  @Option(
      names = "--calibrated",
      description =
          "Probabilities with the temperature that 'lot eval --calibrate' found; not for text.")
  private boolean calibrated;

  @Option(
      names = "--jsonl",
      description = "Prints one JSON object a line, as answers come; implies --keep-going.")
  private boolean jsonl;

  @Option(
      names = "--keep-going",
      description = "Answers the other INPUTs where one cannot be answered; exit code 1 then.")
  private boolean keepGoing;

  @Override
  public Integer call() {
    Continuation how = settings();
    if (json && jsonl) {
      throw new UsageException("--json with --jsonl is not allowed; one of them");
    }
    if (!Files.isDirectory(directory)) {
      throw new DataException(directory + ": no such run or checkpoint");
    }
    if (ComparisonRun.isComparison(directory)) {
      throw new DataException(directory + ": a comparison; name one of the runs in its 'runs'");
    }
    // What data there is does not matter: the run directory holds all that is needed.
    return new RunSession(Catalog.load(), directory)
        .withNetworks(directory, main.console().warnings(), saved -> answer(saved, how));
  }

  private Continuation settings() {
    try {
      return new Continuation(tokens, temperature, topK, topP, seed);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }

  private int answer(SavedRun saved, Continuation how) {
    ObjectMapper mapper = new ObjectMapper();
    ArrayNode gathered = mapper.createArrayNode();
    int failures;
    boolean alone;
    try (Predictor predictor = predictor(saved, how)) {
      alone = predictor.alone(inputs);
      Iterator<String> arguments =
          predictor.takesLines() ? new InputLines(inputs, System.in) : inputs.iterator();
      failures =
          new Answering(predictor, to(gathered, !alone), keepGoing || jsonl).answer(arguments);
    }
    if (json) {
      main.console()
          .result(
              (alone && gathered.size() == 1
                      ? gathered.get(0)
                      : mapper.createObjectNode().set("predictions", gathered))
                  .toPrettyString());
    }
    return failures == 0 ? Exit.DONE : Exit.FAILED;
  }

  /**
   * What is done with an answer.
   *
   * @param gathered takes those of one JSON document
   * @param among whether it stands among others, so that its input must be named
   */
  private Consumer<Prediction> to(ArrayNode gathered, boolean among) {
    return prediction -> {
      if (json) {
        gathered.add(prediction.json());
      } else if (jsonl) {
        main.console().result(prediction.json().toString());
      } else if (prediction instanceof Prediction.Failed failed) {
        main.console().error(failed.error());
      } else {
        main.console().foreign(prediction.shown(among));
      }
    };
  }

  /** The one place that knows which runs can be asked about what. */
  private Predictor predictor(SavedRun saved, Continuation how) {
    TaskSpec task = saved.config().task().spec();
    if ((task instanceof LanguageModelling || task instanceof InstructionTuning) && calibrated) {
      throw new UsageException("--calibrated is not allowed with a text run; --temperature is");
    }
    Network network = network(saved);
    if (task instanceof LanguageModelling text) {
      return TextPredictor.of(saved, text, network, how, score, main.console());
    }
    if (task instanceof InstructionTuning tuning) {
      return score
          ? AnswerScorer.of(saved, tuning, network, System.in, inputs)
          : InstructionPredictor.of(saved, tuning, network, how);
    }
    if (task instanceof ImageClassification) {
      return new ImagePredictor(saved.directory(), network);
    }
    if (task instanceof TableLearning) {
      return RowPredictor.of(saved.directory(), network, System.in, main.console()::error);
    }
    throw new DataException(
        saved.directory() + ": no run on text, images or a table; predict takes these");
  }

  private Network network(SavedRun saved) {
    String name = student.map(i -> "student" + i).orElse("teacher");
    Network network = saved.networks().get(name);
    if (network == null) {
      throw new UsageException(
          "--student "
              + student.orElseThrow()
              + " is not allowed; this run has "
              + saved.networks().keySet());
    }
    return calibrated
        ? RunCalibration.scaling(saved.directory(), name, saved.step()).over(network)
        : network;
  }
}
