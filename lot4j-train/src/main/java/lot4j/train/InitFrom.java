package lot4j.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import lot4j.Model;
import lot4j.checkpoint.Checkpoint;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.CheckpointStore;
import lot4j.checkpoint.PublishedWeights;
import lot4j.config.RunConfig;
import lot4j.config.StudentConfig;
import lot4j.method.MethodSpec;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The weights that a learner begins with: {@code init-from}.
 *
 * <p>A run directory or a checkpoint gives its teacher's; a safetensors file, or a directory with
 * one or with shards, gives published ones. Names must be the network's, shapes too; what may
 * differ is the last layer where the number of outputs does, and what {@link lot4j.Pretrained}
 * knows. Everything else is refused before anything is copied.
 *
 * @param learner {@code teacher}, {@code student0}, …
 * @param path where the weights are
 * @param finished whether it will not learn, so that nothing may be left as initialised
 */
record InitFrom(String learner, Path path, boolean finished) {
  private static final int SHOWN = 3;
  private static final String COUNTER = "num_batches_tracked";

  /** What a run's learners begin with; those that begin from random weights are not named. */
  static List<InitFrom> of(RunConfig config, MethodSpec method) {
    List<InitFrom> all = new ArrayList<>();
    config
        .teacher()
        .initFrom()
        .ifPresent(from -> all.add(new InitFrom(MethodSpec.TEACHER, Path.of(from), false)));
    List<StudentConfig> students = method.usesStudents() ? config.students() : List.of();
    for (int i = 0; i < students.size(); i++) {
      int index = i;
      students
          .get(i)
          .initFrom()
          .ifPresent(
              from ->
                  all.add(new InitFrom("student" + index, Path.of(from), method.finished(index))));
    }
    return all;
  }

  /**
   * Compares names and shapes with a network's; reads no values except for the digests.
   *
   * @return the files
   * @throws CheckpointException if a file is missing or damaged, or does not fit
   */
  List<Prepared.Source> check(Model model) {
    try (PublishedWeights weights = open()) {
      fit(weights, model, tensors(model));
      return weights.parts().stream()
          .map(part -> new Prepared.Source(part.path().toString(), part.bytes(), part.sha256()))
          .toList();
    }
  }

  /**
   * Copies the weights.
   *
   * @param own the network's tensors by name, which may lie on another device
   * @return a sentence on what was copied and what was not
   * @throws CheckpointException if a file is missing or damaged, or does not fit; then nothing has
   *     been copied
   */
  String fill(Model model, Map<String, Tensor> own) {
    try (PublishedWeights weights = open();
        NoGradGuard constant = new NoGradGuard()) {
      Fit fit = fit(weights, model, own);
      fit.places()
          .forEach(
              (name, published) -> {
                try (PointerScope scope = new PointerScope()) {
                  copy(weights, published, model, name, own.get(name));
                }
              });
      return learner + ": weights from " + path + ", " + fit.words();
    }
  }

  private static void copy(
      PublishedWeights weights, String published, Model model, String name, Tensor target) {
    long[] from = weights.shape(published);
    if (Arrays.equals(from, sizes(target))) {
      weights.copyTo(published, target);
      return;
    }
    Tensor values = torch.zeros(from);
    weights.copyTo(published, values);
    target.copy_(
        model.pretrained().resizing(name, from, sizes(target)).orElseThrow().apply(values));
  }

  private PublishedWeights open() {
    if (!Files.exists(path)) {
      throw new CheckpointException(path + ": no such file or directory (init-from)");
    }
    if (!RunSession.isRun(path) && !Files.exists(path.resolve("manifest.json"))) {
      return PublishedWeights.open(path);
    }
    Checkpoint checkpoint =
        RunSession.isRun(path)
            ? CheckpointStore.find(path, warning -> {})
                .orElseThrow(() -> new CheckpointException(path + ": no checkpoint yet"))
            : Checkpoint.open(path);
    checkpoint.learner(MethodSpec.TEACHER);
    return PublishedWeights.open(checkpoint.path().resolve(MethodSpec.TEACHER + ".safetensors"));
  }

  /**
   * What goes where.
   *
   * @param places the file's names by the network's
   * @param words what was found, for the user
   */
  private record Fit(Map<String, String> places, String words) {}

  private Fit fit(PublishedWeights weights, Model model, Map<String, Tensor> own) {
    Set<String> names = weights.names();
    Map<String, String> places = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    List<String> mismatched = new ArrayList<>();
    List<String> resized = new ArrayList<>();
    Set<String> left = new TreeSet<>(names);
    boolean fresh = isFresh(weights, model, own);
    own.forEach(
        (name, target) -> {
          String published = model.pretrained().published(name, names);
          left.remove(published);
          if (fresh && model.pretrained().head().contains(name)) {
            return;
          }
          if (!names.contains(published)) {
            if (!name.endsWith(COUNTER) && !model.pretrained().added(name)) {
              missing.add(name);
            }
            return;
          }
          long[] from = weights.shape(published);
          long[] to = sizes(target);
          String shapes = name + " " + Arrays.toString(from) + " to " + Arrays.toString(to);
          if (Arrays.equals(from, to)) {
            places.put(name, published);
          } else if (model.pretrained().resizing(name, from, to).isPresent()) {
            places.put(name, published);
            resized.add(shapes);
          } else {
            mismatched.add(shapes);
          }
        });
    left.removeIf(name -> name.endsWith(COUNTER) || model.pretrained().ignores(name));
    refuse(missing, left, mismatched);
    if (fresh && finished) {
      throw new CheckpointException(
          path + ": made for other outputs than this data's; " + learner + " will not learn");
    }
    return new Fit(
        places, words(places.size(), fresh ? model.pretrained().head() : Set.of(), resized));
  }

  /** Whether the last layer stays as initialised: not all of it is in the file, and fits. */
  private static boolean isFresh(PublishedWeights weights, Model model, Map<String, Tensor> own) {
    for (String name : model.pretrained().head()) {
      String published = model.pretrained().published(name, weights.names());
      boolean fits =
          weights.names().contains(published)
              && Arrays.equals(weights.shape(published), sizes(own.get(name)));
      if (!fits) {
        return true;
      }
    }
    return false;
  }

  private void refuse(List<String> missing, Set<String> left, List<String> mismatched) {
    List<String> faults = new ArrayList<>();
    fault(faults, missing, "missing");
    fault(faults, List.copyOf(left), "unknown to the network");
    fault(faults, mismatched, "of another shape");
    if (!faults.isEmpty()) {
      throw new CheckpointException(
          path + ": not the weights of " + learner + "; tensors " + String.join("; ", faults));
    }
  }

  private static void fault(List<String> faults, List<String> names, String what) {
    if (!names.isEmpty()) {
      faults.add(names.size() + " " + what + ": " + first(names));
    }
  }

  private static String first(List<String> names) {
    String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    return printable(shown) + (names.size() > SHOWN ? ", …" : "");
  }

  /** Names come from a stranger's file. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static String words(int copied, Set<String> fresh, List<String> resized) {
    StringBuilder words = new StringBuilder(copied + " tensors");
    if (!fresh.isEmpty()) {
      words
          .append("; fresh, as the number of outputs is another: ")
          .append(String.join(", ", new TreeSet<>(fresh)));
    }
    if (!resized.isEmpty()) {
      words.append("; resized: ").append(first(resized));
    }
    return words.toString();
  }

  private static Map<String, Tensor> tensors(Model model) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    add(all, model.module().named_parameters());
    add(all, model.module().named_buffers());
    return all;
  }

  private static void add(Map<String, Tensor> all, StringTensorDict named) {
    for (long i = 0; i < named.size(); i++) {
      all.put(named.get(i).key().getString(), new Tensor(named.get(i).value()));
    }
  }

  private static long[] sizes(Tensor tensor) {
    return LongStream.range(0, tensor.dim()).map(tensor::size).toArray();
  }
}
