package lot4j.watch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks at the directory again and again, and keeps the board.
 *
 * <p>Each pass looks at the runs that may be going on; every few passes it walks the whole tree, so
 * that a thousand finished runs cost a stamp each now and then.
 */
final class Scout implements Runnable {
  /** A walk is made every so many passes. */
  private static final int WALK_EVERY = 4;

  /** A pass may take up this part of the time at most. */
  private static final int SHARE = 5;

  /** A long pass shows what it has every so often. */
  private static final long SHOWN_NANOS = 1_000_000_000;

  private final Path root;
  private final long everyMillis;
  private final Board board;
  private final Map<Path, String> ids = new HashMap<>();
  private final Map<String, Path> paths = new ConcurrentHashMap<>();
  private final Map<Path, RunFeed> feeds = new LinkedHashMap<>();
  private final Map<Path, ObjectNode> rows = new HashMap<>();
  private Walk.Found found = new Walk.Found(List.of(), List.of(), false);
  private long passes;

  /**
   * Looks below {@code root}, a real path, with at least {@code everyMillis} between two passes.
   */
  Scout(Path root, long everyMillis, Board board) {
    this.root = root;
    this.everyMillis = everyMillis;
    this.board = board;
  }

  /** Looks until the thread is interrupted. */
  @Override
  public void run() {
    try {
      while (!board.isClosed()) {
        long began = System.nanoTime();
        pass(System.currentTimeMillis());
        long took = (System.nanoTime() - began) / 1_000_000;
        Thread.sleep(Math.max(everyMillis, took * SHARE));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where the thing with this id is; empty if no such id was ever given out. */
  Optional<Path> path(String id) {
    return Optional.ofNullable(paths.get(id));
  }

  /** One look; the first one and every few walk the whole tree. */
  void pass(long now) {
    boolean whole = passes++ % WALK_EVERY == 0;
    if (whole) {
      found = Walk.below(root);
      Map<Path, RunFeed> known = new HashMap<>(feeds);
      feeds.clear();
      for (Walk.Run run : found.runs()) {
        RunFeed feed = known.remove(run.path());
        feeds.put(run.path(), feed == null ? new RunFeed(run.path()) : feed);
      }
      rows.keySet().retainAll(feeds.keySet());
    }
    boolean changed = whole;
    long shown = System.nanoTime();
    for (RunFeed feed : feeds.values()) {
      if (changed && System.nanoTime() - shown > SHOWN_NANOS) {
        board.show(all()); // many new runs: those looked at so far
        shown = System.nanoTime();
      }
      boolean asked = whole || !feed.standing().isOver();
      if (asked && (feed.look(now) || !rows.containsKey(feed.directory()))) {
        rows.put(feed.directory(), feed.row());
        changed = true;
      }
    }
    if (changed) {
      board.show(all());
    }
  }

  private Map<String, Map<String, ObjectNode>> all() {
    Map<String, ObjectNode> runs = new LinkedHashMap<>();
    Map<Path, List<RunFeed>> members = new HashMap<>();
    Map<Path, Optional<Path>> parents = new HashMap<>();
    found.groups().forEach(group -> parents.put(group.path(), group.parent()));
    for (Walk.Run run : found.runs()) {
      if (!rows.containsKey(run.path())) {
        continue;
      }
      ObjectNode row = rows.get(run.path());
      row.remove("group");
      String id = id("r", run.path());
      row.put("id", id);
      row.put("path", shown(run.path()));
      run.group().ifPresent(group -> row.put("group", id("g", group)));
      runs.put(id, row);
      for (Optional<Path> at = run.group(); at.isPresent(); at = parents.get(at.get())) {
        members.computeIfAbsent(at.get(), key -> new ArrayList<>()).add(feeds.get(run.path()));
      }
    }
    Map<String, ObjectNode> groups = new LinkedHashMap<>();
    for (Walk.Group group : found.groups()) {
      ObjectNode row = Totals.of(members.getOrDefault(group.path(), List.of())).row();
      String id = id("g", group.path());
      row.put("id", id);
      row.put("kind", group.kind());
      row.put("path", shown(group.path()));
      group.parent().ifPresent(parent -> row.put("group", id("g", parent)));
      groups.put(id, row);
    }
    Map<String, Map<String, ObjectNode>> all = new LinkedHashMap<>();
    all.put("about", Map.of("about", about()));
    all.put("groups", groups);
    all.put("runs", runs);
    return all;
  }

  private ObjectNode about() {
    ObjectNode about = JsonNodeFactory.instance.objectNode();
    about.put("id", "about");
    about.put("directory", root.toString());
    about.put("there", Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS));
    about.put("cut", found.cut());
    Totals.of(looked()).row().properties().forEach(e -> about.set(e.getKey(), e.getValue()));
    return about;
  }

  private List<RunFeed> looked() {
    return feeds.values().stream().filter(feed -> rows.containsKey(feed.directory())).toList();
  }

  private String shown(Path path) {
    String relative = root.relativize(path).toString();
    boolean itself = relative.isEmpty() && root.getFileName() != null;
    return Standing.cut(itself ? root.getFileName().toString() : relative);
  }

  /** Ids are counted, so that no text of a client ever becomes a path. */
  private String id(String kind, Path path) {
    return ids.computeIfAbsent(
        path,
        unknown -> {
          String id = kind + (ids.size() + 1);
          paths.put(id, path);
          return id;
        });
  }
}
