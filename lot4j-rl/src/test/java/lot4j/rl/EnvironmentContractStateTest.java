package lot4j.rl;

import static lot4j.rl.EnvironmentContractTest.finds;

import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import org.junit.jupiter.api.Test;

/**
 * Promises about seeds, resets, ends, kept states and actions, each seen broken as in {@link
 * EnvironmentContractTest}.
 */
class EnvironmentContractStateTest {
  @Test
  void hiddenChance() {
    AtomicInteger clock = new AtomicInteger();
    finds(
        () ->
            new Stroll() {
              @Override
              public void reset(long seed) {
                super.reset(seed);
                wind += clock.incrementAndGet();
              }
            },
        "the same seed and actions",
        "versus");
  }

  @Test
  void stateThatIsShared() {
    AtomicInteger shared = new AtomicInteger();
    finds(
        () ->
            new Stroll() {
              @Override
              public void reset(long seed) {
                super.reset(seed);
                shared.set(0);
              }

              @Override
              public void step(float[] actions, int offset) {
                super.step(actions, offset);
                reward += shared.incrementAndGet();
              }
            },
        "beside it may change nothing");
  }

  @Test
  void aRewardThatSurvivesTheReset() {
    finds(
        () ->
            new Stroll() {
              @Override
              public void reset(long seed) {
                float old = reward;
                super.reset(seed);
                reward = old + 1;
              }
            },
        "after a reset",
        "reward() is 1.0");
  }

  @Test
  void anEndThatSurvivesTheReset() {
    finds(
        () ->
            new Stroll() {
              private boolean late;

              @Override
              public void reset(long seed) {
                late = steps > 0;
                super.reset(seed);
              }

              @Override
              public boolean truncated() {
                return late && steps == 0 || super.truncated();
              }
            },
        "after a reset",
        "truncated() is true");
  }

  @Test
  void aResetThatKeepsSomethingOfTheLastEpisode() {
    finds(
        () ->
            new Stroll() {
              @Override
              public void reset(long seed) {
                int old = place;
                super.reset(seed);
                place += old > 2 || old < -2 ? 1 : 0;
              }
            },
        "reset",
        "has to");
  }

  @Test
  void overWithoutAnEnd() {
    finds(
        () ->
            new Stroll() {
              @Override
              public boolean over() {
                return steps == 4;
              }
            },
        "terminated() is false, truncated() is false, over() is true");
  }

  @Test
  void anEpisodeWithoutEnd() {
    finds(
        () ->
            new Stroll() {
              @Override
              public boolean terminated() {
                return false;
              }

              @Override
              public boolean truncated() {
                return false;
              }
            },
        "no episode has ended yet");
  }

  @Test
  void somethingNotSaved() {
    finds(
        () ->
            new Stroll() {
              @Override
              public void save(StateWriter out) {
                out.number("place", place);
                out.number("steps", steps);
                out.real("reward", reward);
              }

              @Override
              public void restore(StateReader in) {
                place = (int) in.number("place");
                steps = (int) in.number("steps");
                reward = (float) in.real("reward");
              }
            },
        "restored into a",
        "has to go on to the bit");
  }

  @Test
  void somethingNotRestoredIntoAUsedOne() {
    finds(
        () ->
            new Stroll() {
              private boolean used;

              @Override
              public void reset(long seed) {
                super.reset(seed);
                used = true;
              }

              @Override
              public void restore(StateReader in) {
                long mine = wind;
                super.restore(in);
                wind = used ? mine : wind;
              }
            },
        "restored into a used one");
  }

  @Test
  void anEntryThatIsMissingOrWrittenTwice() {
    finds(
        () ->
            new Stroll() {
              @Override
              public void save(StateWriter out) {
                super.save(out);
                out.number("place", 1);
              }
            },
        "saved and restored: threw",
        "'place' is written twice");
    finds(
        () ->
            new Stroll() {
              @Override
              public void restore(StateReader in) {
                wind = in.number("gust");
              }
            },
        "saved and restored: threw",
        "'gust' is missing");
  }

  @Test
  void aSaveThatMovesTheWorld() {
    finds(
        () ->
            new Stroll() {
              @Override
              public void save(StateWriter out) {
                wind ^= 1L << 60;
                super.save(out);
              }
            },
        "saving may change nothing");
  }

  @Test
  void actionsReadAtTheWrongPlace() {
    finds(
        () ->
            new Stroll() {
              @Override
              public void step(float[] actions, int offset) {
                super.step(actions, offset);
                reward += actions[0];
              }
            },
        "reward() is NaN");
  }

  @Test
  void actionsThatAreChanged() {
    finds(
        () ->
            new Stroll() {
              @Override
              public void step(float[] actions, int offset) {
                super.step(actions, offset);
                actions[offset] = 7;
              }
            },
        "step() changed its actions");
  }

  @Test
  void anActionThatIsRefused() {
    finds(
        () ->
            new Stroll() {
              @Override
              public void step(float[] actions, int offset) {
                // Only at a place that walks of other checks do not come to so early.
                if (steps == 2 && place >= 2 && actions[offset] == 2) {
                  throw new IllegalStateException("no way");
                }
                super.step(actions, offset);
              }
            },
        "threw java.lang.IllegalStateException: no way");
  }

  @Test
  void aPictureThatGrowsOrMoves() {
    finds(
        () ->
            new Stroll() {
              @Override
              public Optional<BufferedImage> render() {
                return Optional.of(new BufferedImage(10 + steps, 8, BufferedImage.TYPE_INT_RGB));
              }
            },
        "render() is 11x8",
        "it was 10x8");
    finds(
        () ->
            new Stroll() {
              @Override
              public Optional<BufferedImage> render() {
                place++;
                return Optional.empty();
              }
            },
        "render() may change nothing");
  }
}
