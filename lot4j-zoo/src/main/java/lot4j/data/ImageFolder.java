package lot4j.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import lot4j.train.DataException;

/**
 * Images in a directory tree or a zip: {@code split/class/file}, or {@code class/file} without a
 * split. Splits are {@code train}, {@code test} and {@code valid} (or {@code val}, {@code
 * validation}). Classes are numbered in the order of their names. Where a file {@code labels.csv}
 * is at the top, it says the labels instead, and the images may lie as they like.
 */
public final class ImageFolder {
  /** Names of splits, and which one each means. */
  static final Map<String, String> SPLITS =
      Map.of(
          "train",
          "train",
          "test",
          "test",
          "valid",
          "valid",
          "val",
          "valid",
          "validation",
          "valid");

  private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "webp");

  private ImageFolder() {}

  /** As {@link #read(Path, ImageReading)}, images as they are. */
  public static ImageSet read(Path root) {
    return read(root, ImageReading.plain());
  }

  /**
   * Reads the whole set.
   *
   * @throws DataException naming the file if something is missing, damaged or does not fit
   */
  public static ImageSet read(Path root, ImageReading reading) {
    try (Archive archive = Archive.open(root)) {
      List<String> names = visible(archive);
      Optional<LabelFolder> listed = LabelFolder.in(archive, names);
      if (listed.isPresent()) {
        return listed.get().read(nameOf(root), reading);
      }
      if (reading.labels() == Labelling.MULTI) {
        throw new DataException(
            DataFile.shown(root)
                + ": task.labels: multi needs a file "
                + LabelFile.NAME
                + " beside the images");
      }
      String prefix = commonFolder(names);
      Map<String, Map<String, List<String>>> splits = splits(archive, names, prefix);
      check(archive, splits);
      List<String> classes = List.copyOf(splits.values().iterator().next().keySet());
      List<String> files = new ArrayList<>();
      Map<String, int[]> labels = new TreeMap<>();
      splits.forEach(
          (split, byClass) -> {
            List<Integer> labelled = new ArrayList<>();
            byClass.forEach(
                (name, members) -> {
                  files.addAll(members);
                  members.forEach(m -> labelled.add(classes.indexOf(name)));
                });
            labels.put(split, labelled.stream().mapToInt(Integer::intValue).toArray());
          });
      Pictures pictures = Pictures.read(archive, files, reading);
      int[] groups = groups(archive, files, prefix, splits.containsKey("") ? 1 : 2, reading);
      Map<String, LabelledImages> parts = new TreeMap<>();
      int at = 0;
      for (String split : splits.keySet()) {
        int[] of = labels.get(split);
        LabelledImages part = pictures.part(at, of.length, classes, of);
        boolean grouped = groups.length > 0;
        parts.put(
            split, grouped ? part.grouped(Arrays.copyOfRange(groups, at, at + of.length)) : part);
        at += of.length;
      }
      if (parts.containsKey("")) {
        return ImageSet.whole(nameOf(root), parts.get(""), archive.sources());
      }
      return new ImageSet(
          nameOf(root),
          parts.get("train"),
          Optional.ofNullable(parts.get("valid")),
          Optional.of(parts.get("test")),
          0,
          archive.sources());
    }
  }

  /** A number for each file's group; empty without groups. */
  private static int[] groups(
      Archive archive, List<String> files, String prefix, int above, ImageReading reading) {
    return reading
        .group()
        .map(
            expression ->
                FileGroups.of(
                    files.stream().map(archive::shown).toList(),
                    files.stream().map(file -> below(file, prefix, above)).toList(),
                    expression))
        .orElse(new int[0]);
  }

  /** A file's path below its class. */
  private static String below(String file, String prefix, int folders) {
    return file.substring(prefix.length()).split("/", folders + 1)[folders];
  }

  /** Reads every image of a tree or zip, whatever the folders, without labels. */
  public static ImageSet readUnlabelled(Path root, ImageReading reading) {
    try (Archive archive = Archive.open(root)) {
      List<String> files = visible(archive).stream().filter(ImageFolder::isImage).toList();
      if (files.isEmpty()) {
        throw new DataException(DataFile.shown(root) + ": holds no images (" + endings() + ")");
      }
      LabelledImages images =
          Pictures.read(archive, files, reading).part(0, files.size(), List.of(), new int[0]);
      return new ImageSet(
          nameOf(root), images, Optional.empty(), Optional.empty(), 0, archive.sources());
    }
  }

  /** The folder's or file's name without its ending. */
  static String nameOf(Path root) {
    Path name = root.toAbsolutePath().normalize().getFileName();
    return name == null ? "images" : name.toString().replaceFirst("\\.zip$", "");
  }

  private static List<String> visible(Archive archive) {
    return archive.names().stream()
        .filter(
            name ->
                Arrays.stream(name.split("/"))
                    .noneMatch(part -> part.startsWith(".") || part.equals("__MACOSX")))
        .toList();
  }

  private static boolean isImage(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return !name.endsWith("/") && ENDINGS.contains(ending);
  }

  /** The one folder that a zip often wraps around everything, or nothing. */
  private static String commonFolder(List<String> names) {
    String prefix = "";
    while (true) {
      String outer = prefix;
      Set<String> tops = new TreeSet<>();
      boolean deep = true;
      for (String name : names) {
        if (isImage(name)) {
          String[] parts = name.substring(outer.length()).split("/");
          tops.add(parts[0]);
          deep &= parts.length >= 3;
        }
      }
      if (tops.size() != 1 || !deep || SPLITS.containsKey(tops.iterator().next())) {
        return prefix;
      }
      prefix = outer + tops.iterator().next() + "/";
    }
  }

  /** Files by split and class; the split is empty if there are only classes. */
  private static Map<String, Map<String, List<String>>> splits(
      Archive archive, List<String> names, String prefix) {
    Set<String> tops = new TreeSet<>();
    for (String name : names) {
      if (name.startsWith(prefix) && name.length() > prefix.length()) {
        int slash = name.indexOf('/', prefix.length());
        if (slash > 0) {
          tops.add(name.substring(prefix.length(), slash));
        }
      }
    }
    boolean split = tops.contains("train") || tops.contains("test");
    Map<String, Map<String, List<String>>> splits = new TreeMap<>();
    for (String name : names) {
      boolean folder = name.endsWith("/");
      if (!name.startsWith(prefix) || name.equals(prefix) || !(folder || isImage(name))) {
        continue;
      }
      List<String> parts = List.of(name.substring(prefix.length()).split("/"));
      String part = split ? splitOf(archive, name, parts.get(0)) : "";
      List<String> below = split ? parts.subList(1, parts.size()) : parts;
      Map<String, List<String>> classes = splits.computeIfAbsent(part, s -> new TreeMap<>());
      if (below.isEmpty() || (folder && below.size() > 1)) {
        continue;
      }
      if (!folder && below.size() < 2) {
        throw new DataException(
            archive.shown(name) + ": an image outside a class folder; split/class/file is needed");
      }
      List<String> members = classes.computeIfAbsent(below.get(0), c -> new ArrayList<>());
      if (!folder) {
        members.add(name);
      }
    }
    return splits;
  }

  private static String splitOf(Archive archive, String name, String folder) {
    if (!SPLITS.containsKey(folder)) {
      throw new DataException(
          archive.shown(name)
              + ": folder '"
              + DataFile.shown(folder)
              + "' beside train and test is not allowed; train, valid and test");
    }
    return SPLITS.get(folder);
  }

  private static void check(Archive archive, Map<String, Map<String, List<String>>> splits) {
    String root = DataFile.shown(archive.root());
    if (splits.values().stream().allMatch(Map::isEmpty)) {
      throw new DataException(
          root + ": holds no images in class folders; split/class/file (" + endings() + ")");
    }
    splits.forEach(
        (split, classes) ->
            classes.forEach(
                (name, files) -> {
                  if (files.isEmpty()) {
                    throw new DataException(
                        root
                            + ": class '"
                            + DataFile.shown(name)
                            + "'"
                            + of(split)
                            + " has no images");
                  }
                }));
    if (!splits.containsKey("")) {
      for (String needed : List.of("train", "test")) {
        if (splits.getOrDefault(needed, Map.of()).isEmpty()) {
          throw new DataException(
              root + ": split '" + needed + "' is missing; train and test, or class folders alone");
        }
      }
    }
    Set<String> expected = splits.getOrDefault("train", splits.getOrDefault("", Map.of())).keySet();
    if (expected.size() < 2) {
      throw new DataException(root + ": has one class; two or more are needed");
    }
    splits.forEach((split, classes) -> sameClasses(root, split, classes.keySet(), expected));
  }

  private static void sameClasses(
      String root, String split, Collection<String> found, Collection<String> expected) {
    for (String name : found) {
      if (!expected.contains(name)) {
        throw new DataException(
            root
                + ": class '"
                + DataFile.shown(name)
                + "'"
                + of(split)
                + " is not in train; "
                + found.size()
                + " classes there, "
                + expected.size()
                + " in train");
      }
    }
    for (String name : expected) {
      if (!found.contains(name)) {
        throw new DataException(
            root
                + ": class '"
                + DataFile.shown(name)
                + "' of train is missing"
                + in(split)
                + "; "
                + found.size()
                + " classes there, "
                + expected.size()
                + " in train");
      }
    }
  }

  private static String of(String split) {
    return split.isEmpty() ? "" : " of " + split;
  }

  private static String in(String split) {
    return split.isEmpty() ? "" : " in " + split;
  }

  private static String endings() {
    return "png, jpg, jpeg, webp";
  }
}
