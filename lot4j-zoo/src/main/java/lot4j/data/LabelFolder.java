package lot4j.data;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import lot4j.train.DataException;

/** Images in a directory tree or a zip whose labels stand in {@code labels.csv} beside them. */
final class LabelFolder {
  private final Archive archive;
  private final String labels;
  private final String where;

  private LabelFolder(Archive archive, String labels) {
    this.archive = archive;
    this.labels = labels;
    this.where = archive.shown(labels);
  }

  /** The one at the top, or in the one folder that is there. */
  static Optional<LabelFolder> in(Archive archive, List<String> names) {
    if (names.contains(LabelFile.NAME)) {
      return Optional.of(new LabelFolder(archive, LabelFile.NAME));
    }
    Set<String> tops = new HashSet<>();
    names.forEach(name -> tops.add(name.substring(0, name.indexOf('/') + 1)));
    tops.remove("");
    String inner = tops.size() == 1 ? tops.iterator().next() + LabelFile.NAME : "";
    return names.contains(inner) ? Optional.of(new LabelFolder(archive, inner)) : Optional.empty();
  }

  /**
   * Reads the set.
   *
   * @param name its name
   */
  ImageSet read(String name, ImageReading reading) {
    Table table = TableFile.read(new ByteArrayInputStream(archive.read(labels)), where);
    LabelFile file = LabelFile.of(table, reading.labels());
    Map<String, List<LabelFile.Entry>> splits = new TreeMap<>();
    Set<String> there = new HashSet<>(archive.names());
    for (LabelFile.Entry entry : file.entries()) {
      requireFile(entry, there);
      splits.computeIfAbsent(split(entry), s -> new ArrayList<>()).add(entry);
    }
    if (splits.size() > 1 && splits.containsKey("")) {
      LabelFile.Entry first = splits.get("").get(0);
      throw new DataException(first.where() + ": has no split; other rows have");
    }
    if (!splits.containsKey("") && !splits.containsKey("train")) {
      throw new DataException(where + ": no row is of split 'train'");
    }
    if (!file.multi()) {
      splits.forEach((split, entries) -> requireTrained(file, split, splits));
    }
    List<LabelFile.Entry> all = splits.values().stream().flatMap(List::stream).toList();
    List<String> files = all.stream().map(this::path).toList();
    Pictures pictures = Pictures.read(archive, files, reading);
    List<String> shown = files.stream().map(archive::shown).toList();
    List<String> paths = all.stream().map(LabelFile.Entry::file).toList();
    Optional<int[]> groups = reading.group().map(e -> FileGroups.of(shown, paths, e));
    Map<String, LabelledImages> parts = new TreeMap<>();
    int at = 0;
    for (Map.Entry<String, List<LabelFile.Entry>> split : splits.entrySet()) {
      int count = split.getValue().size();
      LabelledImages part = part(file, split.getValue(), pictures, at);
      int from = at;
      parts.put(
          split.getKey(),
          groups.map(g -> part.grouped(Arrays.copyOfRange(g, from, from + count))).orElse(part));
      at += count;
    }
    return set(name, parts);
  }

  private LabelledImages part(
      LabelFile file, List<LabelFile.Entry> entries, Pictures pictures, int at) {
    if (file.multi()) {
      return pictures
          .part(at, entries.size(), file.classes(), new int[0])
          .marked(file.marks(entries));
    }
    int[] labels = entries.stream().mapToInt(entry -> entry.labels()[0]).toArray();
    return pictures.part(at, entries.size(), file.classes(), labels);
  }

  private ImageSet set(String name, Map<String, LabelledImages> parts) {
    Optional<LabelledImages> valid = Optional.ofNullable(parts.get("valid"));
    Optional<LabelledImages> test = Optional.ofNullable(parts.get("test"));
    ImageSet whole =
        ImageSet.whole(name, parts.getOrDefault("", parts.get("train")), archive.sources());
    int drawn = test.isPresent() ? 0 : whole.drawnTest();
    return new ImageSet(name, whole.train(), valid, test, drawn, whole.sources());
  }

  private String path(LabelFile.Entry entry) {
    return labels.substring(0, labels.length() - LabelFile.NAME.length()) + entry.file();
  }

  /** Only names that the tree or zip itself lists are read. */
  private void requireFile(LabelFile.Entry entry, Set<String> there) {
    if (entry.file().isEmpty() || entry.file().endsWith("/") || !there.contains(path(entry))) {
      throw new DataException(
          entry.where()
              + ": file '"
              + DataFile.shown(entry.file())
              + "' is not there; a path below the folder of "
              + LabelFile.NAME);
    }
  }

  private String split(LabelFile.Entry entry) {
    if (entry.split().isEmpty()) {
      return "";
    }
    String split = ImageFolder.SPLITS.get(entry.split());
    if (split == null) {
      throw new DataException(
          entry.where()
              + ": split '"
              + DataFile.shown(entry.split())
              + "' is not allowed; train, valid or test");
    }
    return split;
  }

  private void requireTrained(
      LabelFile file, String split, Map<String, List<LabelFile.Entry>> splits) {
    Set<Integer> trained = new HashSet<>();
    splits.getOrDefault("train", List.of()).forEach(entry -> trained.add(entry.labels()[0]));
    for (LabelFile.Entry entry : splits.get(split)) {
      if (!split.isEmpty() && !trained.contains(entry.labels()[0])) {
        throw new DataException(
            entry.where()
                + ": class '"
                + DataFile.shown(file.classes().get(entry.labels()[0]))
                + "' of "
                + split
                + " is not in train");
      }
    }
  }
}
