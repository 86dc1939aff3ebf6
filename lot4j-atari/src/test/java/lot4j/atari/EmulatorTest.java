package lot4j.atari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import lot4j.rl.EnvironmentException;
import lot4j.train.DataException;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmulatorTest {
  private static final int SCREEN = 210 * 160;

  @TempDir private Path folder;

  private static Emulator tetris() {
    return Emulator.of(Rom.read(Shared.data("atari/tetris.bin")), false);
  }

  /** The screens of 300 frames under actions that look random. */
  private static List<Integer> screens(Emulator console) {
    byte[] grey = new byte[SCREEN];
    List<Integer> hashes = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      console.act(console.actions()[(i * i + i / 7) % 5]);
      console.screen(grey);
      hashes.add(Arrays.hashCode(grey));
    }
    return hashes;
  }

  @Test
  void runsBesideTheEngine() {
    try (PointerScope scope = new PointerScope();
        Emulator console = tetris()) {
      for (int i = 0; i < 100; i++) {
        console.act(i % 5);
        Tensor nines = torch.ones(3, 3).matmul(torch.ones(3, 3));
        assertThat(nines.sum().item_double()).isEqualTo(27);
      }
      byte[] grey = new byte[SCREEN];
      console.screen(grey);
      assertThat(grey).contains((byte) 0).isNotEqualTo(new byte[SCREEN]);
    }
  }

  @Test
  void knowsTheGame() {
    try (Emulator console = tetris();
        Emulator full = Emulator.of(Rom.read(Shared.data("atari/tetris.bin")), true)) {
      assertThat(console.actions()).containsExactly(0, 1, 3, 4, 5);
      assertThat(full.actions()).hasSize(18);
      assertThat(console.height()).isEqualTo(210);
      assertThat(console.width()).isEqualTo(160);
      assertThat(console.lives()).isZero();
      assertThat(console.picture().getWidth()).isEqualTo(160);
    }
  }

  @Test
  void beginsTheSameWayWhateverWasPlayedBefore() {
    try (Emulator console = tetris();
        Emulator other = tetris()) {
      console.powerOn();
      List<Integer> first = screens(console);
      console.powerOn();
      assertThat(screens(console)).isEqualTo(first);
      assertThat(first.stream().distinct().count()).isGreaterThan(30);
      other.powerOn();
      assertThat(screens(other)).isEqualTo(first);
    }
  }

  /** Each on a thread of its own, all at once, several times: nothing that they share shows. */
  @Test
  void doesTheSameBesideOthersAtTheSameTime() throws Exception {
    List<Integer> alone;
    try (Emulator console = tetris()) {
      console.powerOn();
      alone = screens(console);
    }
    List<Emulator> consoles = List.of(tetris(), tetris(), tetris(), tetris());
    ExecutorService threads = Executors.newFixedThreadPool(consoles.size());
    try {
      for (int round = 0; round < 5; round++) {
        consoles.forEach(Emulator::powerOn);
        List<Callable<List<Integer>>> plays = new ArrayList<>();
        consoles.forEach(console -> plays.add(() -> screens(console)));
        for (Future<List<Integer>> play : threads.invokeAll(plays)) {
          assertThat(play.get()).isEqualTo(alone);
        }
      }
    } finally {
      threads.shutdownNow();
      consoles.forEach(Emulator::close);
    }
  }

  @Test
  void isTheSameAfterPowerOnAsFreshlyLoaded() {
    try (Emulator console = tetris()) {
      List<Integer> loaded = screens(console);
      console.powerOn();
      assertThat(screens(console)).isEqualTo(loaded);
    }
  }

  @Test
  void outlivesTheScopeThatItWasMadeIn() {
    Emulator console;
    try (PointerScope scope = new PointerScope()) {
      console = tetris();
    }
    try (console) {
      console.powerOn();
      assertThat(screens(console)).hasSize(300);
    }
  }

  @Test
  void theGameEnds() {
    try (Emulator console = tetris()) {
      console.powerOn();
      int frames = 0;
      while (!console.over() && frames < 20_000) {
        console.act(Console.NOOP);
        frames++;
      }
      assertThat(frames).isBetween(1_000, 19_999);
    }
  }

  @Test
  void colourAndGreyShowTheSamePicture() {
    try (Emulator console = tetris()) {
      byte[] grey = new byte[SCREEN];
      for (int i = 0; i < 300; i++) {
        console.act(5);
      }
      console.screen(grey);
      var picture = console.picture();
      for (int i = 0; i < SCREEN; i++) {
        boolean black = (picture.getRGB(i % 160, i / 160) & 0xffffff) == 0;
        assertThat(grey[i] == 0).isEqualTo(black);
      }
    }
  }

  @Test
  void refusesAnUnknownGameWithoutEndingTheProcess() throws IOException {
    for (String name : List.of("unknown.bin", "tetris.bin")) {
      Path file = Files.write(folder.resolve(name), new byte[4096]);
      assertThatThrownBy(() -> Emulator.of(Rom.read(file), false))
          .isInstanceOf(DataException.class)
          .hasMessage(
              file
                  + ": is not a game that the Arcade Learning Environment knows; it goes by the MD5"
                  + " of the file");
    }
  }

  @Test
  void refusesFilesThatAreNoGames() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.bin"));
    Path huge = Files.write(folder.resolve("huge.bin"), new byte[512 * 1024 + 1]);
    assertThatThrownBy(() -> Rom.read(folder.resolve("none.bin")))
        .isInstanceOf(DataException.class)
        .hasMessage(folder.resolve("none.bin") + ": not found");
    assertThatThrownBy(() -> Rom.read(folder))
        .isInstanceOf(DataException.class)
        .hasMessage(folder + ": is a directory, not a game's file");
    assertThatThrownBy(() -> Rom.read(empty))
        .isInstanceOf(DataException.class)
        .hasMessage(empty + ": is empty, not a game's file");
    assertThatThrownBy(() -> Rom.read(huge))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("larger than any game");
  }

  @Test
  void stopsWhenTheGamesFileGoesAway() throws IOException {
    Path file = folder.resolve("mine.bin");
    Files.copy(Shared.data("atari/tetris.bin"), file);
    try (Emulator console = Emulator.of(Rom.read(file), false)) {
      Files.delete(file);
      assertThatThrownBy(console::powerOn).isInstanceOf(DataException.class);
      Files.write(file, new byte[2048]);
      assertThatThrownBy(console::powerOn)
          .isInstanceOf(EnvironmentException.class)
          .hasMessage("ale: " + file + " has changed meanwhile");
    }
  }

  @Test
  void saysNothing() throws IOException, InterruptedException {
    Path rom = Shared.data("atari/tetris.bin");
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.bytedeco.javacpp.logger=slf4j",
                "-Dorg.slf4j.simpleLogger.log.org.bytedeco=error",
                "-cp",
                System.getProperty("java.class.path"),
                Silent.class.getName(),
                rom.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    assertThat(said).isEmptyFile();
  }

  /** Plays a little. */
  static final class Silent {
    private Silent() {}

    public static void main(String[] rom) {
      try (Emulator console = Emulator.of(Rom.read(Path.of(rom[0])), false)) {
        console.powerOn();
        console.act(1);
      }
    }
  }
}
