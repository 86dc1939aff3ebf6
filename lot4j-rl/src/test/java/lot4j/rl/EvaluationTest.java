package lot4j.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.pytorch.global.torch.tensor;
import static org.bytedeco.pytorch.global.torch.zeros;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import lot4j.Network;
import lot4j.Output;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.train.Split;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  /** Any choice as likely as the other. */
  private static final Network OPEN = (inputs, memory) -> Output.logits(zeros(inputs.size(0), 2));

  /** The second choice three times as likely. */
  private static final Network LEANING =
      (inputs, memory) -> Output.logits(rows(inputs, 0, 1.0986f));

  private static Tensor rows(Tensor inputs, float first, float second) {
    TensorVector rows = new TensorVector();
    for (long i = 0; i < inputs.size(0); i++) {
      rows.push_back(tensor(new float[] {first, second}));
    }
    return torch.stack(rows);
  }

  @Test
  void everyEpisodeIsPlayedToItsEndOnceHoweverLong() {
    List<Long> seeds = Collections.synchronizedList(new ArrayList<>());
    Evaluation.Result result =
        new Evaluation(new Lengths(seeds, 1), 100, ActBy.SAMPLE, 0).of(OPEN, Split.TEST);
    assertThat(seeds).hasSize(100);
    assertThat(new HashSet<>(seeds)).hasSize(100);
    // The k-th result is the k-th seed's: lengths and scores follow from it.
    assertThat(result.lengths())
        .hasSize(100)
        .containsExactlyInAnyOrderElementsOf(
            seeds.stream().map(seed -> 1L + Math.floorMod(seed, 50)).toList());
    assertThat(new HashSet<>(result.lengths()).size()).isGreaterThan(20);
  }

  @Test
  void allNetworksPlayTheSameEpisodes() {
    Evaluation evaluation = new Evaluation(new Lengths(new ArrayList<>(), 1), 40, ActBy.MODE, 3);
    assertThat(evaluation.of(OPEN, Split.TEST).lengths())
        .isEqualTo(evaluation.of(LEANING, Split.TEST).lengths())
        .isNotEqualTo(evaluation.of(OPEN, Split.VALID).lengths());
  }

  @Test
  void modeTakesTheLikelierChoiceAndSampleTakesItAsOftenAsItIs() {
    Lengths world = new Lengths(new ArrayList<>(), 1);
    Evaluation.Result mode = new Evaluation(world, 200, ActBy.MODE, 0).of(LEANING, Split.TEST);
    Evaluation.Result sample = new Evaluation(world, 200, ActBy.SAMPLE, 0).of(LEANING, Split.TEST);
    assertThat(share(mode)).isEqualTo(1);
    assertThat(share(sample)).isBetween(0.72, 0.78); // of some 5,000 steps, three quarters
  }

  private static double share(Evaluation.Result result) {
    double steps = result.lengths().stream().mapToLong(n -> n).sum();
    return result.scores().stream().mapToDouble(s -> s).sum() / steps;
  }

  @Test
  void aGameOfSeveralLivesIsScoredWhole() {
    Evaluation.Result result =
        new Evaluation(new Lengths(new ArrayList<>(), 3), 10, ActBy.MODE, 0)
            .of(LEANING, Split.TEST);
    assertThat(result.scores()).hasSize(10);
    result.lengths().forEach(length -> assertThat(length % 3).isZero());
    for (int i = 0; i < 10; i++) {
      assertThat(result.scores().get(i)).isEqualTo((double) result.lengths().get(i));
    }
  }

  @Test
  void meanSpreadAndLengthAreThoseOfTheEpisodes() {
    Evaluation.Result result = new Evaluation.Result(List.of(1.0, 3.0, 5.0), List.of(2L, 4L, 9L));
    assertThat(result.mean()).isEqualTo(3);
    assertThat(result.deviation()).isEqualTo(2);
    assertThat(result.length()).isEqualTo(5);
  }

  /** Episodes of 1 to 50 steps by their seed, in several lives; a point for the second choice. */
  private record Lengths(List<Long> seeds, int lives) implements EnvironmentSpec {
    @Override
    public String title() {
      return "lengths";
    }

    @Override
    public Environment make(Split split) {
      return new Environment() {
        private int length;
        private int step;
        private int lost = lives;
        private float reward;

        @Override
        public Spaces spaces() {
          return new Spaces(ObservationSpace.floats(1), new ActionSpace.Discrete(2));
        }

        @Override
        public void reset(long seed) {
          if (lost == lives) {
            seeds.add(seed);
            length = 1 + (int) Math.floorMod(seed, 50L);
            lost = 0;
          }
          step = 0;
          reward = 0;
        }

        @Override
        public void step(float[] actions, int offset) {
          assertThat(step).isLessThan(length);
          reward = actions[offset];
          if (++step == length) {
            lost++;
          }
        }

        @Override
        public void observe(ByteBuffer out) {
          out.putFloat(step);
        }

        @Override
        public float reward() {
          return reward;
        }

        @Override
        public boolean terminated() {
          return step == length;
        }

        @Override
        public boolean truncated() {
          return false;
        }

        @Override
        public boolean over() {
          return terminated() && lost == lives;
        }

        @Override
        public void save(StateWriter out) {
          throw new UnsupportedOperationException("not in this test");
        }

        @Override
        public void restore(StateReader in) {
          throw new UnsupportedOperationException("not in this test");
        }
      };
    }
  }
}
