package lot4j.atari;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import lot4j.rl.EnvironmentException;
import lot4j.train.DataException;
import org.bytedeco.ale.ALEInterface;
import org.bytedeco.ale.StringOptional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/**
 * The console that the Arcade Learning Environment emulates. Source: Bellemare, Naddaf, Veness and
 * Bowling, "The Arcade Learning Environment", 2013.
 *
 * <p>Its own saved states do not always go on to the bit: release 0.7.3 leaves out a flag of the
 * picture chip. Power-on is exact, so that the same actions from there lead to the same state.
 */
final class Emulator implements Console {
  /** Only what it says before it gives up. */
  private static final int ERRORS_ONLY = 2;

  private final ALEInterface ale;
  private final Rom rom;
  private final String file;
  private final int[] actions;
  private final int height;
  private final int width;

  private Emulator(ALEInterface ale, Rom rom, String file, boolean fullActions) {
    this.ale = ale;
    this.rom = rom;
    this.file = file;
    try (IntPointer codes = fullActions ? ale.getLegalActionSet() : ale.getMinimalActionSet()) {
      this.actions = new int[Math.toIntExact(codes.limit())];
      codes.get(actions);
    }
    this.height = Math.toIntExact(ale.getScreen().height());
    this.width = Math.toIntExact(ale.getScreen().width());
  }

  /**
   * A console with a game in it, switched on.
   *
   * @param fullActions all 18 actions, or those alone that the game takes
   * @throws DataException naming the file if the emulator does not know the game; or if there is no
   *     emulator for this platform
   */
  static Emulator of(Rom rom, boolean fullActions) {
    load();
    String file = rom.path().toAbsolutePath().toString();
    // An unknown game would end the process, and one known by its file's name alone run wild.
    require(rom, file);
    // Lives as long as this object, not as the scope that is open now.
    ALEInterface ale = new ALEInterface().retainReference();
    try {
      ale.setFloat("repeat_action_probability", 0);
      ale.setInt("random_seed", 0);
      ale.loadROM(file);
      return new Emulator(ale, rom, file, fullActions);
    } catch (RuntimeException e) { // the binding turns every native failure into one
      ale.deallocate();
      throw new DataException(Rom.shown(rom.path()) + ": the emulator failed: " + reason(e), e);
    }
  }

  private static void load() {
    try {
      Path library = Path.of(Loader.load(ALEInterface.class)).resolveSibling("libale.so");
      OptionalLong mode = ElfSymbol.address(library, "_ZN3ale6Logger12current_modeE");
      if (mode.isPresent()) {
        try (IntPointer value = new IntPointer(new At(mode.getAsLong()))) {
          value.put(ERRORS_ONLY);
        }
      }
    } catch (LinkageError e) {
      throw new DataException(
          "ale: no emulator is there for this platform; there is one for Linux on x86-64", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void require(Rom rom, String file) {
    try (StringOptional name = ALEInterface.isSupportedROM(file);
        BytePointer text = name.get()) {
      text.limit();
    } catch (RuntimeException e) { // the binding's only word for a name that is not there
      throw new DataException(
          Rom.shown(rom.path())
              + ": is not a game that the Arcade Learning Environment knows; it goes by the MD5 of"
              + " the file",
          e);
    }
  }

  private static String reason(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  @Override
  public void powerOn() {
    // The emulator reads the file again, and could not go on without it.
    if (!Rom.read(rom.path()).sha256().equals(rom.sha256())) {
      throw new EnvironmentException("ale: " + Rom.shown(rom.path()) + " has changed meanwhile");
    }
    ale.theOSystem().create();
    if (!ale.theOSystem().createConsole(file)) {
      throw new EnvironmentException("ale: " + Rom.shown(rom.path()) + " can no longer be read");
    }
    ale.environment().reset();
  }

  @Override
  public int act(int action) {
    return ale.act(action);
  }

  @Override
  public int lives() {
    return ale.lives();
  }

  @Override
  public boolean over() {
    return ale.game_over();
  }

  @Override
  public int[] actions() {
    return actions.clone();
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public void screen(byte[] grey) {
    ale.getScreenGrayscale(grey);
  }

  @Override
  public BufferedImage picture() {
    byte[] rgb = new byte[height * width * 3];
    ale.getScreenRGB(rgb);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < height * width; i++) {
      int color = (rgb[3 * i] & 255) << 16 | (rgb[3 * i + 1] & 255) << 8 | rgb[3 * i + 2] & 255;
      image.setRGB(i % width, i / width, color);
    }
    return image;
  }

  @Override
  public void close() {
    ale.deallocate();
  }

  /** A pointer to a known address. */
  private static final class At extends Pointer {
    At(long address) {
      this.address = address;
    }
  }
}
