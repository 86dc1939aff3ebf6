package lot4j.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.train.DataException;
import lot4j.train.Split;
import org.junit.jupiter.api.Test;

/**
 * Each promise is seen broken by an environment that breaks it and is sound in all else; long,
 * because every promise has a break of its own.
 */
class EnvironmentContractTest {
  private static List<String> of(Supplier<Environment> maker) {
    return EnvironmentContract.violations(new Stroll.Spec("stroll", maker));
  }

  private static void finds(Supplier<Environment> maker, String... words) {
    assertThat(of(maker))
        .anySatisfy(sentence -> assertThat(sentence).startsWith("stroll: ").contains(words));
  }

  @Test
  void aSoundEnvironmentBreaksNothing() {
    assertThat(of(Stroll::new)).isEmpty();
  }

  @Test
  void aNumberOfMovesIsSaidWithTheValues() {
    assertThat(
            of(
                () ->
                    new Stroll() {
                      @Override
                      public float reward() {
                        return steps == 12 ? Float.NaN : reward;
                      }
                    }))
        .containsExactly(
            "stroll: move 13 (episode 1): reward() is NaN; a finite number is asked for");
  }

  @Test
  void spacesThatChange() {
    finds(
        () ->
            new Stroll() {
              @Override
              public Spaces spaces() {
                return steps == 7
                    ? new Spaces(ObservationSpace.floats(2), new ActionSpace.Discrete(4))
                    : SPACES;
              }
            },
        "spaces() is",
        "choices=4",
        "it was");
  }

  @Test
  void spacesThatDifferBetweenInstances() {
    AtomicInteger made = new AtomicInteger();
    finds(
        () -> {
          Spaces own =
              new Spaces(
                  ObservationSpace.floats(2),
                  new ActionSpace.Discrete(made.incrementAndGet() % 2 + 2));
          return new Stroll() {
            @Override
            public Spaces spaces() {
              return own;
            }
          };
        },
        "another one's spaces()");
  }

  @Test
  void boundsThatAreNone() {
    finds(
        () ->
            new Stroll() {
              @Override
              public Spaces spaces() {
                return new Spaces(
                    ObservationSpace.floats(2), new ActionSpace.Box(List.of(1.0), List.of(1.0)));
              }
            },
        "action[0] goes from 1.0 to 1.0");
  }

  @Test
  void tooShortAnObservation() {
    finds(
        () ->
            new Stroll() {
              @Override
              public void observe(ByteBuffer out) {
                out.putFloat(place);
              }
            },
        "observe() wrote 4 bytes",
        "8");
  }

  @Test
  void anObservationWrittenAtTheBuffersStart() {
    finds(
        () ->
            new Stroll() {
              @Override
              public void observe(ByteBuffer out) {
                out.putFloat(0, place);
                out.position(out.position() + 8);
              }
            },
        "outside its 8 bytes");
  }

  @Test
  void anObservationThatNeedsAnArray() {
    finds(
        () ->
            new Stroll() {
              @Override
              public void observe(ByteBuffer out) {
                out.array()[out.position()] = 1;
              }
            },
        "threw",
        "UnsupportedOperation");
  }

  @Test
  void anObservationThatIsNotFinite() {
    finds(
        () ->
            new Stroll() {
              @Override
              public void observe(ByteBuffer out) {
                out.putFloat(place).putFloat(1f / (steps - 5));
              }
            },
        "observation[1] is Infinity");
  }

  @Test
  void aScoreThatIsNotFinite() {
    finds(
        () ->
            new Stroll() {
              @Override
              public double score() {
                return steps == 3 ? Double.NEGATIVE_INFINITY : reward;
              }
            },
        "score() is -Infinity");
  }

  @Test
  void aBufferThatIsKept() {
    finds(
        () ->
            new Stroll() {
              private Optional<ByteBuffer> kept = Optional.empty();
              private int at;

              @Override
              public void step(float[] actions, int offset) {
                super.step(actions, offset);
                kept.ifPresent(buffer -> buffer.putFloat(at, place + 0.5f));
              }

              @Override
              public void observe(ByteBuffer out) {
                at = out.position();
                kept = Optional.of(out);
                super.observe(out);
              }
            },
        "step() wrote into the buffer");
  }

  @Test
  void aLookThatMovesTheWorld() {
    finds(
        () ->
            new Stroll() {
              @Override
              public void observe(ByteBuffer out) {
                super.observe(out);
                wind++;
              }
            },
        "looking twice may change nothing");
  }

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

  @Test
  void copiesThatDependOnThreads() {
    record Threaded() implements EnvironmentSpec {
      @Override
      public Environment make(Split split) {
        return new Stroll();
      }

      @Override
      public Environments make(Split split, int count, int threads) {
        List<Environment> each = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          each.add(
              new Stroll() {
                @Override
                public void step(float[] actions, int offset) {
                  super.step(actions, offset);
                  reward += threads - 1;
                }
              });
        }
        return new Copies(each, threads);
      }

      @Override
      public String title() {
        return "threaded";
      }
    }

    assertThat(EnvironmentContract.violations(new Threaded()))
        .singleElement()
        .asString()
        .contains(
            "threaded: move 1 of environment", "how it is stepped may change nothing", "versus");
  }

  private static void findsInGroups(boolean all, boolean forgets, String... words) {
    record Group(boolean all, boolean forgets) implements EnvironmentSpec {
      @Override
      public Environment make(Split split) {
        return new Stroll();
      }

      @Override
      public Environments make(Split split, int count, int threads) {
        return new Careless(EnvironmentSpec.super.make(split, count, threads), all, forgets);
      }

      @Override
      public String title() {
        return "group";
      }
    }

    assertThat(EnvironmentContract.violations(new Group(all, forgets)))
        .singleElement()
        .asString()
        .contains(words);
  }

  @Test
  void copiesThatStepTheInactive() {
    findsInGroups(
        true, false, "group: move 1 of environment 0", "an inactive one has to stay as it is");
  }

  @Test
  void copiesThatAreNotRestored() {
    findsInGroups(false, true, "group: move 201 of environment");
  }

  @Test
  void chanceIsSeen() {
    assertThat(EnvironmentContract.hasChance(new Stroll.Spec("stroll", Stroll::new))).isTrue();
    Supplier<Environment> still =
        () ->
            new Stroll() {
              @Override
              public void reset(long seed) {
                super.reset(1);
              }
            };
    assertThat(EnvironmentContract.hasChance(new Stroll.Spec("still", still))).isFalse();
    assertThat(of(still)).isEmpty();
  }

  @Test
  void whatIsNotThereIsTheCallersMatter() {
    assertThatThrownBy(
            () ->
                of(
                    () -> {
                      throw new DataException("no game");
                    }))
        .isInstanceOf(DataException.class);
  }
}
