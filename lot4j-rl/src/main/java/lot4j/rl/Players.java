package lot4j.rl;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import lot4j.distributed.Company;
import lot4j.random.RandomStream;
import lot4j.random.Streams;

/**
 * The processes that act for one run, seen from one of them: each plays in environments of its own,
 * all learn together.
 *
 * @param rank this process's number, from 0
 * @param size how many there are; with 1 nobody else's numbers count
 * @param adding gives sums over all processes, the same bits everywhere
 */
record Players(int rank, int size, UnaryOperator<double[]> adding) {
  /** One process alone. */
  static Players alone() {
    return new Players(0, 1, own -> own);
  }

  /** The processes of a company. */
  static Players of(Company company) {
    return company.size() == 1
        ? alone()
        : new Players(company.rank(), company.size(), own -> added(own, company));
  }

  /** In the order of ranks; a number takes the same way as words do, on every device. */
  private static double[] added(double[] own, Company company) {
    List<byte[]> all = company.gather(bytes(own));
    ByteBuffer sums =
        ByteBuffer.wrap(
            company.share(
                () -> {
                  double[] sum = new double[own.length];
                  for (byte[] part : all) {
                    ByteBuffer numbers = ByteBuffer.wrap(part);
                    for (int i = 0; i < sum.length; i++) {
                      sum[i] += numbers.getDouble();
                    }
                  }
                  return bytes(sum);
                }));
    double[] read = new double[own.length];
    for (int i = 0; i < read.length; i++) {
      read[i] = sums.getDouble();
    }
    return read;
  }

  private static byte[] bytes(double[] numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Double.BYTES);
    for (double number : numbers) {
      bytes.putDouble(number);
    }
    return bytes.array();
  }

  /** Numbers added up over all processes; every process calls this as often as any other. */
  double[] sums(double... own) {
    return adding.apply(own);
  }

  /**
   * The random stream of this process that is called {@code name}. Rank 0's is what a process alone
   * has; every other one draws from {@code name.rank1}, ….
   */
  RandomStream stream(Streams streams, String name) {
    return streams.named(rank == 0 ? name : name + ".rank" + rank);
  }

  /**
   * The stream of the seeds of an environment: those of all processes, one after the other, are
   * numbered as those of one process would be that had them all.
   *
   * @param environment its number among the process's own, from 0
   * @param envs how many each process has
   */
  RandomStream seeds(Streams streams, int environment, int envs) {
    return streams.named("environment." + (rank * envs + environment));
  }
}
