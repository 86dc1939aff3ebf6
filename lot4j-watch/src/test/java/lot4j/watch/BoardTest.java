package lot4j.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BoardTest {
  private final Board board = new Board("b");

  private void show(String... idsAndValues) {
    Map<String, ObjectNode> runs = new LinkedHashMap<>();
    for (int i = 0; i < idsAndValues.length; i += 2) {
      ObjectNode row = JsonNodeFactory.instance.objectNode();
      row.put("id", idsAndValues[i]).put("value", idsAndValues[i + 1]);
      runs.put(idsAndValues[i], row);
    }
    board.show(Map.of("runs", runs));
  }

  private static JsonNode json(Board.Change change) throws IOException {
    return new ObjectMapper().readTree(change.json());
  }

  @Test
  void tellsOnlyWhatChanged() throws Exception {
    show("r1", "a", "r2", "b");
    String mark = board.all().mark();
    show("r1", "a", "r2", "c");

    JsonNode change = json(board.after(mark, 0).orElseThrow());
    assertThat(change.path("all").asBoolean()).isFalse();
    assertThat(change.path("runs")).hasSize(1);
    assertThat(change.path("runs").get(0).path("value").asText()).isEqualTo("c");
  }

  @Test
  void tellsWhatIsGone() throws Exception {
    show("r1", "a", "r2", "b");
    String mark = board.all().mark();
    show("r2", "b");

    JsonNode change = json(board.after(mark, 0).orElseThrow());
    assertThat(change.path("gone")).hasSize(1);
    assertThat(change.path("gone").get(0).asText()).isEqualTo("r1");
    assertThat(change.path("runs")).isEmpty();
  }

  @Test
  void whatCameBackIsNotGone() throws Exception {
    show("r1", "a");
    String mark = board.all().mark();
    show();
    show("r1", "a");

    JsonNode change = json(board.after(mark, 0).orElseThrow());
    assertThat(change.path("gone")).isEmpty();
    assertThat(change.path("runs")).hasSize(1);
  }

  @Test
  void manyChangesAreToldAtOnce() throws Exception {
    show("r1", "0");
    String mark = board.all().mark();
    for (int i = 1; i <= 1000; i++) {
      show("r1", Integer.toString(i));
    }

    Board.Change change = board.after(mark, 0).orElseThrow();
    assertThat(json(change).path("runs")).hasSize(1);
    assertThat(json(change).path("runs").get(0).path("value").asText()).isEqualTo("1000");
    assertThat(board.after(change.mark(), 0)).isEmpty();
  }

  @Test
  void nothingNewIsNoChange() throws Exception {
    show("r1", "a");
    String mark = board.all().mark();
    show("r1", "a");
    assertThat(board.after(mark, 0)).isEmpty();
  }

  @Test
  void aMarkOfAnotherServerOrNoneGetsEverything() throws Exception {
    show("r1", "a");
    for (String mark : new String[] {"", "other.1", "b.99", "b.x", "b.", "b.9999999999999999999"}) {
      assertThat(json(board.after(mark, 0).orElseThrow()).path("all").asBoolean()).isTrue();
    }
  }

  @Test
  void whoWasAwayForTooLongGetsEverything() throws Exception {
    show();
    String mark = board.all().mark();
    for (int i = 0; i < 10_002; i++) {
      show("r" + i, "a");
    }
    JsonNode change = json(board.after(mark, 0).orElseThrow());
    assertThat(change.path("all").asBoolean()).isTrue();
    assertThat(change.path("runs")).hasSize(1);
  }

  @Test
  void whoWaitsIsWokenByAChangeAndByTheEnd() throws Exception {
    show("r1", "a");
    String mark = board.all().mark();
    CompletableFuture<Boolean> changed = waiting(mark);
    show("r1", "b");
    assertThat(changed.get(30, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Boolean> ended = waiting(board.all().mark());
    board.close();
    assertThat(ended.get(30, TimeUnit.SECONDS)).isFalse();
  }

  private CompletableFuture<Boolean> waiting(String mark) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return board.after(mark, 60_000).isPresent();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
