package lot4j.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RoundsTest {
  private final List<String> calls = new ArrayList<>();

  @Test
  void variantsTakeTurnsAndTheFirstRoundIsNotRecorded() {
    Map<String, Series> series =
        new Rounds(2, 1, words -> {}).of("s", List.of(new Told("a", calls), new Told("b", calls)));

    assertThat(calls).containsExactly("a", "b", "a", "b", "a", "b", "close a", "close b");
    assertThat(series.get("a").values()).containsExactly(3.0, 5.0);
    assertThat(series.get("b").values()).containsExactly(4.0, 6.0);
  }

  private record Told(String name, List<String> calls) implements Variant {
    @Override
    public double round(double seconds) {
      calls.add(name);
      return calls.size();
    }

    @Override
    public void close() {
      calls.add("close " + name);
    }
  }
}
