/**
 * Atari 2600 games, emulated by the Arcade Learning Environment, with the wrappers that results on
 * them are reported with. Optional: the emulator is under the GNU General Public License, version
 * 2, and this module alone calls it. Depends on {@code lot4j.rl} and the emulator.
 *
 * <pre>{@code
 * EnvironmentSpec breakout = Ale.standard().withRom(Path.of("breakout.bin"));
 * try (Environment game = breakout.make(Split.TRAIN)) {
 *   game.reset(7);
 *   game.step(new float[] {2}, 0);
 * }
 * }</pre>
 */
package lot4j.atari;
