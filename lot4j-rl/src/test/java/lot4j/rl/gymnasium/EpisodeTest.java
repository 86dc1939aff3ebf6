package lot4j.rl.gymnasium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import lot4j.checkpoint.CheckpointStore;
import lot4j.rl.EnvironmentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpisodeTest {
  @TempDir Path directory;

  @Test
  void keepsTheActionsOfTheLastEpisodeInTheirOrder() {
    Episode episode = new Episode();
    episode.begin(1);
    episode.add(new float[] {9, 9, 9}, 0, 3);
    episode.begin(2);
    for (int i = 0; i < 1000; i++) {
      episode.add(new float[] {0, i, -i, 0}, 1, 2);
    }
    ByteBuffer written = ByteBuffer.allocate(4 * episode.size());
    episode.write(written);
    written.flip();
    assertThat(episode.seed()).isEqualTo(2);
    assertThat(episode.size()).isEqualTo(2000);
    for (int i = 0; i < 1000; i++) {
      assertThat(written.getFloat()).isEqualTo(i);
      assertThat(written.getFloat()).isEqualTo(-i);
    }
  }

  @Test
  void refusesToSaveOneThatNeverEnds() {
    Episode episode = new Episode();
    episode.begin(1);
    float[] many = new float[4_000_000];
    for (int i = 0; i < 5; i++) {
      episode.add(many, 0, many.length);
    }
    assertThat(episode.size()).isEqualTo(12_000_000);
    CheckpointStore store = new CheckpointStore(directory, 1, Map.of());
    assertThatThrownBy(() -> store.save(1, Map.of(), out -> episode.save("gymnasium:A", out)))
        .isInstanceOf(EnvironmentException.class)
        .hasMessage(
            "gymnasium:A: an episode of more than 10000000 numbers of actions cannot be saved;"
                + " task.environment.max-steps cuts it off");
  }
}
