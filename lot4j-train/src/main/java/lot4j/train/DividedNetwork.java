package lot4j.train;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import lot4j.Distribution.Categorical;
import lot4j.Distribution.DiagonalNormal;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.checkpoint.Parcel;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.distributed.Company;
import org.bytedeco.pytorch.Tensor;

/**
 * A network that is asked for the same batches by all processes of a run: they answer in turn, and
 * rank 0 is told the answers of the others, which have the bits that it would have found itself.
 * Whoever's turn it is not, rank 0 apart, gets the answer to the first sample for all of them: what
 * follows from that is thrown away.
 *
 * <p>It is for networks in eval mode that carry nothing from batch to batch, within a step's scope.
 */
final class DividedNetwork implements Network {
  private final Network own;
  private final Company company;
  private int asked;

  private DividedNetwork(Network own, Company company) {
    this.own = own;
    this.company = company;
  }

  /** The same networks, to be asked batch after batch by every process of {@code company}. */
  static List<Network> of(List<Network> networks, Company company) {
    return networks.stream().<Network>map(own -> new DividedNetwork(own, company)).toList();
  }

  @Override
  public Output forward(Tensor inputs, Memory memory) {
    int turn = asked++ % company.size();
    if (turn == 0) { // nobody else has to be told
      return company.leads()
          ? company.apart(() -> own.forward(inputs, memory))
          : firstForAll(inputs, memory);
    }
    byte[] told =
        company.from(turn, () -> Parcel.of(out -> write(own.forward(inputs, memory), out)));
    if (!company.leads()) {
      return firstForAll(inputs, memory);
    }
    AtomicReference<Output> answer = new AtomicReference<>();
    Parcel.open(told, in -> answer.set(read(in, inputs)));
    return answer.get();
  }

  private Output firstForAll(Tensor inputs, Memory memory) {
    Output first = own.forward(inputs.narrow(0, 0, 1), memory);
    long samples = inputs.size(0);
    return new Output(
        first.distribution() instanceof DiagonalNormal normal
            ? new DiagonalNormal(
                repeated(normal.mean(), samples), repeated(normal.logStd(), samples))
            : new Categorical(repeated(first.logits(), samples)),
        Map.of());
  }

  /** One row as many; what has no rows, as a deviation that is the same for all, stays. */
  private static Tensor repeated(Tensor one, long samples) {
    if (one.dim() < 2) {
      return one;
    }
    long[] sizes = one.sizes().vec().get();
    sizes[0] = samples;
    return one.expand(sizes);
  }

  private static void write(Output output, StateWriter out) {
    if (output.distribution() instanceof DiagonalNormal normal) {
      out.tensor("mean", normal.mean());
      out.tensor("logStd", normal.logStd());
    } else {
      out.tensor("logits", output.logits());
    }
  }

  private static Output read(StateReader in, Tensor like) {
    return new Output(
        in.has("mean")
            ? new DiagonalNormal(at(in.tensor("mean"), like), at(in.tensor("logStd"), like))
            : new Categorical(at(in.tensor("logits"), like)),
        Map.of());
  }

  private static Tensor at(Tensor told, Tensor like) {
    return like.is_cpu() ? told : told.to(like.device(), told.scalar_type());
  }
}
