package lot4j.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import lot4j.train.DataException;
import lot4j.train.Split;
import org.junit.jupiter.api.Test;

/**
 * Each promise is seen broken by an environment that breaks it and is sound in all else: what is
 * seen of one, and of many together. Over time: {@link EnvironmentContractStateTest}.
 */
class EnvironmentContractTest {
  static List<String> of(Supplier<Environment> maker) {
    return EnvironmentContract.violations(new Stroll.Spec("stroll", maker));
  }

  static void finds(Supplier<Environment> maker, String... words) {
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
