package lot4j.watch;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Curves of the runs that somebody looks at; those looked at longest ago are dropped when memory is
 * wanted.
 */
final class Curves {
  private final long most;
  private final Map<Path, CurveTable> tables = new LinkedHashMap<>(16, 0.75f, true);

  /** Keeps about {@code most} numbers of 8 bytes. */
  Curves(long most) {
    this.most = most;
  }

  /** The run's numbers, up to the last whole line of its file. */
  CurveTable of(Path run) {
    CurveTable table;
    synchronized (this) {
      table = tables.computeIfAbsent(run, path -> new CurveTable(path.resolve("metrics.jsonl")));
    }
    table.look();
    shrink(table);
    return table;
  }

  /** How many numbers are kept. */
  synchronized long size() {
    return tables.values().stream().mapToLong(CurveTable::size).sum();
  }

  private synchronized void shrink(CurveTable wanted) {
    long size = size();
    Iterator<CurveTable> oldest = tables.values().iterator();
    while (size > most && oldest.hasNext()) {
      CurveTable table = oldest.next();
      if (table != wanted) {
        size -= table.size();
        oldest.remove();
      }
    }
  }
}
