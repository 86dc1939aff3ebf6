package lot4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import lot4j.Network;
import lot4j.config.Catalog;
import lot4j.task.Continuation;
import lot4j.task.ImageClassification;
import lot4j.task.LanguageModelling;
import lot4j.task.TableLearning;
import lot4j.train.DataException;
import lot4j.train.Listener;
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
          "Text runs: a prompt to continue, or a text file to judge. Image runs: image files."
              + " Runs on tables: CSV files, or - for standard input.")
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

  @Option(names = "--score", description = "Judges the INPUTs themselves instead of continuing.")
  private boolean score;

  @Option(
      names = "--student",
      paramLabel = "I",
      description = "This student, from 0, instead of the teacher.")
  private Optional<Integer> student = Optional.empty();

  @Option(names = "--json", description = "Prints JSON to standard output.")
  private boolean json;

  @Override
  public Integer call() {
    Continuation how = settings();
    if (!Files.isDirectory(directory)) {
      throw new DataException(directory + ": no such run or checkpoint");
    }
    if (ComparisonRun.isComparison(directory)) {
      throw new DataException(directory + ": a comparison; name one of the runs in its 'runs'");
    }
    // What data there is does not matter: the run directory holds all that is needed.
    RunSession session = new RunSession(Catalog.load(), directory);
    Listener warnings =
        new Listener() {
          @Override
          public void warning(String message) {
            main.console().error(message);
          }
        };
    List<Prediction> predictions =
        session.withNetworks(directory, warnings, saved -> predictions(saved, how));
    boolean list = inputs.size() > 1 || isList(predictions);
    if (json) {
      ObjectMapper mapper = new ObjectMapper();
      ObjectNode document = mapper.createObjectNode();
      if (list) {
        document.putArray("predictions");
        predictions.forEach(each -> document.withArray("predictions").add(each.json()));
      } else {
        document.setAll(predictions.get(0).json());
      }
      main.console().result(document.toPrettyString());
    } else {
      predictions.forEach(each -> main.console().foreign(each.shown(predictions.size() > 1)));
    }
    return Exit.DONE;
  }

  /** Images and rows are answered with a list, however many there are. */
  private static boolean isList(List<Prediction> predictions) {
    return predictions.isEmpty()
        || predictions.get(0) instanceof Prediction.Image
        || predictions.get(0) instanceof NumberPrediction;
  }

  private Continuation settings() {
    try {
      return new Continuation(tokens, temperature, topK, topP, seed);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }

  private List<Prediction> predictions(SavedRun saved, Continuation how) {
    Network network = network(saved);
    TaskSpec task = saved.config().task().spec();
    if (task instanceof LanguageModelling text) {
      TextPredictor predictor = TextPredictor.of(saved, text);
      return inputs.stream()
          .map(input -> predictor.of(network, input, how, score, main.console()))
          .toList();
    }
    if (task instanceof ImageClassification) {
      return Prediction.Image.of(saved.directory(), network, inputs);
    }
    if (task instanceof TableLearning) {
      return RowPredictor.of(saved.directory())
          .of(network, inputs, System.in, main.console()::error);
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
    return network;
  }
}
