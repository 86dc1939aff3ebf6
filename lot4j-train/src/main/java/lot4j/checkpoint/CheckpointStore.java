package lot4j.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lot4j.Require;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * The checkpoints of a run, for the one process that trains it (it holds the {@link
 * DirectoryLock}). Processes that only look use {@link #find}, which changes nothing.
 *
 * <p>A checkpoint is written under a hidden name, forced, its manifest last, and then renamed:
 * whatever has the name {@code step-….ckpt} was whole once, and the manifest tells whether it still
 * is. The formats are described in {@code docs/checkpoints.md}. The saving thread must not be
 * interrupted: Java closes a file's channel under an interrupted thread, and the save fails.
 */
public final class CheckpointStore {
  private static final Pattern NAME = Pattern.compile("step-(\\d{8,18})\\.ckpt");
  private static final Pattern STEM = Pattern.compile("[a-z0-9][a-z0-9_-]*");
  private static final String REPLACED = ".old-";

  private final Path directory;
  private final int keep;
  private final Map<String, String> versions;
  private final UnaryOperator<WritableByteChannel> disk;
  private boolean lasts; // the names in the run's directory

  /**
   * Opens or creates {@code runDirectory/checkpoints} and removes what a killed process left.
   *
   * @param keep how many of the newest stay, 1 or more; the best one stays besides
   * @param versions what wrote the checkpoints, e.g. {@code lot4j}, {@code libtorch}
   * @throws UncheckedIOException naming the directory if it cannot be written
   */
  public CheckpointStore(Path runDirectory, int keep, Map<String, String> versions) {
    this(runDirectory, keep, versions, UnaryOperator.identity());
  }

  /** The same with every file's channel passed through {@code disk}, for tests of full disks. */
  CheckpointStore(
      Path runDirectory,
      int keep,
      Map<String, String> versions,
      UnaryOperator<WritableByteChannel> disk) {
    this.directory = runDirectory.resolve("checkpoints");
    this.keep = Require.atLeast("checkpoint.keep", keep, 1);
    this.versions = Map.copyOf(versions);
    this.disk = disk;
    try {
      Files.createDirectories(directory);
      removeLeftovers();
    } catch (IOException e) {
      throw AtomicFile.unwritable(directory, e);
    }
  }

  /**
   * Writes a checkpoint, makes it the latest, and deletes those that are not kept. Tensors must not
   * change until this returns. A checkpoint of the same step is replaced; those of later steps,
   * left over from before a resume, are deleted.
   *
   * @param step teacher steps done, 0 or more
   * @param learners a file's stem ({@code teacher}, {@code student0}, …) to weights and buffers
   * @param state writes everything else
   * @return the checkpoint's directory
   * @throws UncheckedIOException naming the checkpoint if it cannot be written; what was there
   *     before is still there
   */
  public Path save(
      long step, Map<String, Map<String, Tensor>> learners, Consumer<StateWriter> state) {
    Require.atLeast("step", step, 0L);
    for (String stem : learners.keySet()) {
      boolean allowed = STEM.matcher(stem).matches() && !stem.equals("state");
      Require.that(allowed, "learner", stem, "a file's stem other than 'state'");
    }
    Path target = directory.resolve(name(step));
    Path temporary = directory.resolve(AtomicFile.TEMPORARY + name(step));
    Path latest = AtomicFile.temporary(directory.resolve("latest"));
    try {
      boolean renamed = false;
      try {
        delete(temporary);
        delete(latest);
        Files.createDirectory(temporary);
        writeFiles(temporary, latest, step, learners, state);
        rename(temporary, target, latest);
        renamed = true;
      } finally {
        if (!renamed) {
          delete(temporary);
          delete(latest);
        }
      }
      prune(step);
    } catch (IOException e) {
      throw AtomicFile.unwritable(target, e);
    }
    return target;
  }

  private void writeFiles(
      Path into,
      Path latest,
      long step,
      Map<String, Map<String, Tensor>> learners,
      Consumer<StateWriter> state)
      throws IOException {
    Manifest.Builder manifest = new Manifest.Builder(step, versions);
    try (NewFiles files = new NewFiles();
        PointerScope scope = new PointerScope()) {
      for (Map.Entry<String, Map<String, Tensor>> learner : new TreeMap<>(learners).entrySet()) {
        Path file = into.resolve(learner.getKey() + ".safetensors");
        write(
            files,
            file,
            manifest,
            out -> Safetensors.write(out, learner.getValue(), Map.of("format", "pt")));
      }
      State.Writer collected = State.writer(scope);
      state.accept(collected);
      write(
          files,
          into.resolve(State.TENSORS),
          manifest,
          out -> Safetensors.write(out, collected.tensors(), Map.of()));
      write(files, into.resolve(State.SCALARS), manifest, collected::writeScalars);
      files.write(
          into.resolve(Manifest.FILE),
          out -> AtomicFile.writeFully(disk.apply(out), manifest.bytes()));
      byte[] name = (name(step) + "\n").getBytes(StandardCharsets.US_ASCII);
      files.write(latest, out -> AtomicFile.writeFully(out, ByteBuffer.wrap(name)));
      files.names(into);
      if (!lasts) {
        // This directory's own name, and those of files that the state counts on: metrics.jsonl.
        files.names(directory.toAbsolutePath().getParent());
      }
      files.force();
      lasts = true;
    }
  }

  private void write(NewFiles files, Path file, Manifest.Builder manifest, AtomicFile.Body body)
      throws IOException {
    files.write(
        file,
        out -> {
          DigestChannel digest = new DigestChannel(disk.apply(out));
          body.writeTo(digest);
          manifest.add(file.getFileName().toString(), digest.bytes(), digest.sha256());
        });
  }

  /**
   * Makes it a checkpoint, and the latest one. A full directory cannot be replaced in one step; the
   * old one waits under a hidden name. Whichever of the names lasts after a power cut, there is a
   * whole checkpoint: a latest one that is not there is no obstacle.
   */
  private void rename(Path temporary, Path target, Path latest) throws IOException {
    Path old = directory.resolve(REPLACED + target.getFileName());
    if (Files.exists(target)) {
      delete(old);
      Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    AtomicFile.put(latest, directory.resolve("latest"));
    AtomicFile.forceDirectory(directory);
    delete(old);
  }

  private void prune(long step) throws IOException {
    Optional<String> best = named(directory, "best");
    int kept = 0;
    for (Path path : newestFirst(directory)) {
      String name = path.getFileName().toString();
      boolean abandoned = step(path) > step;
      boolean stays = !abandoned && kept++ < keep;
      if (!stays && !best.equals(Optional.of(name))) {
        discard(path);
      }
    }
  }

  /** Hides it first, so that a kill in the middle leaves no damaged checkpoint to be seen. */
  private void discard(Path path) throws IOException {
    Path hidden = directory.resolve(AtomicFile.TEMPORARY + path.getFileName());
    delete(hidden);
    Files.move(path, hidden, StandardCopyOption.ATOMIC_MOVE);
    delete(hidden);
  }

  /**
   * Makes the checkpoint of {@code step} the best one, which is kept until another is. A process
   * may be killed between {@link #save} and this, so whoever resumes calls it again with the best
   * step that the restored state knows.
   *
   * @throws IllegalArgumentException if there is none of that step
   */
  public void markBest(long step) {
    Require.that(holds(step), "best step", step, "a saved checkpoint");
    AtomicFile.write(directory.resolve("best"), name(step) + "\n");
  }

  /** Whether there is a checkpoint of that step, whole or damaged. */
  public boolean holds(long step) {
    return Files.isDirectory(directory.resolve(name(step)));
  }

  /**
   * The newest whole checkpoint, the one that {@code latest} names before all others.
   *
   * @param warn takes one line for every damaged checkpoint, saying what is used in its place
   * @return empty if there is none at all
   * @throws CheckpointException if there are some and all are damaged
   */
  public Optional<Checkpoint> latest(Consumer<String> warn) {
    return latest(directory, warn);
  }

  /**
   * The checkpoint marked as best.
   *
   * @param warn takes a line if it is damaged
   * @return empty if none was marked, or if it is damaged
   */
  public Optional<Checkpoint> best(Consumer<String> warn) {
    return best(directory, warn);
  }

  /**
   * What a finished or running run offers: the best checkpoint, else the latest. Changes nothing.
   *
   * @param warn takes one line for every damaged checkpoint
   * @return empty if there is none at all
   * @throws CheckpointException if there are some and all are damaged
   */
  public static Optional<Checkpoint> find(Path runDirectory, Consumer<String> warn) {
    Path directory = runDirectory.resolve("checkpoints");
    Optional<Checkpoint> best = best(directory, warn);
    return best.isPresent() ? best : latest(directory, warn);
  }

  private static Optional<Checkpoint> latest(Path directory, Consumer<String> warn) {
    List<Path> candidates;
    try {
      candidates = newestFirst(directory);
    } catch (IOException e) {
      throw Safetensors.unreadable(directory, e);
    }
    Optional<String> first = named(directory, "latest");
    candidates.sort(
        Comparator.comparing(p -> !first.equals(Optional.of(p.getFileName().toString()))));
    List<String> faults = new ArrayList<>();
    for (Path candidate : candidates) {
      try {
        Checkpoint checkpoint = Checkpoint.open(candidate);
        faults.forEach(fault -> warn.accept(fault + "; using " + candidate.getFileName()));
        return Optional.of(checkpoint);
      } catch (CheckpointException e) {
        if (!Files.isDirectory(candidate)) {
          // The training process deleted it meanwhile, so there are newer ones.
          return latest(directory, warn);
        }
        faults.add(e.getMessage());
      }
    }
    if (!faults.isEmpty()) {
      throw new CheckpointException(String.join("; ", faults) + "; no checkpoint is whole");
    }
    return Optional.empty();
  }

  private static Optional<Checkpoint> best(Path directory, Consumer<String> warn) {
    Optional<String> name = named(directory, "best");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Checkpoint.open(directory.resolve(name.get())));
    } catch (CheckpointException e) {
      warn.accept(e.getMessage() + "; the best checkpoint is lost");
      return Optional.empty();
    }
  }

  /** The directory that a one-line file names, if it names one. */
  private static Optional<String> named(Path directory, String file) {
    Path path = directory.resolve(file);
    try {
      if (!Files.isRegularFile(path) || Files.size(path) > 100) {
        return Optional.empty();
      }
      String text = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1).strip();
      return NAME.matcher(text).matches() ? Optional.of(text) : Optional.empty();
    } catch (IOException e) {
      throw Safetensors.unreadable(path, e);
    }
  }

  private static String name(long step) {
    return String.format(Locale.ROOT, "step-%08d.ckpt", step);
  }

  private static long step(Path path) {
    Matcher matcher = NAME.matcher(path.getFileName().toString());
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  private static List<Path> newestFirst(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return new ArrayList<>();
    }
    try (Stream<Path> paths = Files.list(directory)) {
      return new ArrayList<>(
          paths
              .filter(p -> step(p) >= 0 && Files.isDirectory(p))
              .sorted(Comparator.comparingLong(CheckpointStore::step).reversed())
              .toList());
    }
  }

  private void removeLeftovers() throws IOException {
    List<Path> hidden;
    try (Stream<Path> paths = Files.list(directory)) {
      hidden = paths.filter(p -> p.getFileName().toString().startsWith(".")).toList();
    }
    for (Path path : hidden) {
      String name = path.getFileName().toString();
      if (name.startsWith(REPLACED)) {
        Path target = directory.resolve(name.substring(REPLACED.length()));
        if (!Files.exists(target)) {
          Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
          continue;
        }
      }
      if (name.startsWith(REPLACED) || name.startsWith(AtomicFile.TEMPORARY)) {
        delete(path);
      }
    }
  }

  /** Deletes a tree without following links; the manifest of a checkpoint goes with the rest. */
  private static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException failed)
              throws IOException {
            if (failed != null) {
              throw failed;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
