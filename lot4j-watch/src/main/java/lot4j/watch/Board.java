package lot4j.watch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything the page knows, row by row, each with the revision it last changed at.
 *
 * <p>Readers ask for what changed after the revision they have. A slow one gets several changes at
 * once, never a queue of them, so it costs no memory and holds nobody up. All methods may be called
 * from any thread.
 */
final class Board {
  /** So many rows that vanished are remembered; who has not heard for longer gets everything. */
  private static final int REMEMBERED = 10_000;

  private final String epoch;
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final Map<String, Long> gone = new LinkedHashMap<>();
  private long revision;
  private long forgotten;
  private boolean closed;

  /** A row as it is sent, and when it became so. */
  private record Row(String kind, String json, long revision) {}

  /**
   * What a reader is told.
   *
   * @param mark where the reader is afterwards, to be given back
   * @param json the rows that changed, and the ids of those that are gone
   */
  record Change(String mark, String json) {}

  /** A board whose marks are told from another server's by {@code epoch}. */
  Board(String epoch) {
    this.epoch = epoch;
  }

  /**
   * Takes over the rows as they are now; rows that are not among them are gone.
   *
   * @param now by kind ({@code runs}, {@code groups}, {@code about}) and id
   */
  synchronized void show(Map<String, Map<String, ObjectNode>> now) {
    long next = revision + 1;
    Set<String> present = new LinkedHashSet<>();
    boolean changed = false;
    for (Map.Entry<String, Map<String, ObjectNode>> kind : now.entrySet()) {
      for (Map.Entry<String, ObjectNode> row : kind.getValue().entrySet()) {
        present.add(row.getKey());
        String json = row.getValue().toString();
        Row before = rows.get(row.getKey());
        if (before == null || !before.json.equals(json)) {
          rows.put(row.getKey(), new Row(kind.getKey(), json, next));
          gone.remove(row.getKey());
          changed = true;
        }
      }
    }
    for (String id : List.copyOf(rows.keySet())) {
      if (!present.contains(id)) {
        rows.remove(id);
        gone.put(id, next);
        changed = true;
      }
    }
    while (gone.size() > REMEMBERED) {
      Map.Entry<String, Long> oldest = gone.entrySet().iterator().next();
      forgotten = oldest.getValue();
      gone.remove(oldest.getKey());
    }
    if (changed) {
      revision = next;
      notifyAll();
    }
  }

  /** Everything, for a reader that has nothing. */
  synchronized Change all() {
    return change(-1, true);
  }

  /**
   * What changed after {@code mark}; waits until something does. Everything, if the mark is not one
   * of this board's or is too old.
   *
   * @return empty if nothing changed within {@code millis}, or the board was closed
   */
  synchronized Optional<Change> after(String mark, long millis) throws InterruptedException {
    long from = revisionOf(mark);
    if (from < 0) {
      return closed ? Optional.empty() : Optional.of(all());
    }
    long end = System.nanoTime() + millis * 1_000_000;
    while (!closed && revision <= from) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return Optional.empty();
      }
      wait(left);
    }
    return closed ? Optional.empty() : Optional.of(change(from, false));
  }

  /** Ends all waiting. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  private long revisionOf(String mark) {
    if (!mark.matches("[0-9a-z]+\\.[0-9]{1,18}") || !mark.startsWith(epoch + ".")) {
      return -1;
    }
    long from = Long.parseLong(mark.substring(epoch.length() + 1));
    return from > revision || from < forgotten ? -1 : from;
  }

  private Change change(long from, boolean all) {
    Map<String, List<String>> changed = new LinkedHashMap<>();
    for (String kind : new String[] {"about", "groups", "runs"}) {
      changed.put(kind, new ArrayList<>());
    }
    for (Row row : rows.values()) {
      if (row.revision > from) {
        changed.get(row.kind).add(row.json);
      }
    }
    String mark = epoch + "." + revision;
    ObjectNode head = JsonNodeFactory.instance.objectNode();
    head.put("mark", mark);
    head.put("all", all);
    var ids = head.putArray("gone");
    gone.forEach(
        (id, at) -> {
          if (at > from && !all) {
            ids.add(id);
          }
        });
    StringBuilder json = new StringBuilder(head.toString());
    json.setLength(json.length() - 1);
    changed.forEach(
        (kind, texts) ->
            json.append(",\"")
                .append(kind)
                .append("\":[")
                .append(String.join(",", texts))
                .append(']'));
    return new Change(mark, json.append('}').toString());
  }
}
