package lot4j.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import lot4j.distributed.Bucketing;
import lot4j.distributed.Company;
import lot4j.distributed.Crew;
import lot4j.distributed.Patience;
import lot4j.distributed.Ranks;
import lot4j.train.PeakMemory;
import lot4j.train.Prepared;
import lot4j.train.RunSession;
import lot4j.train.Threads;
import lot4j.train.UpdateLoop;

/**
 * One of several measuring processes that train together, as the environment names it. All of them
 * make the same number of updates: as many as rank 0 says, round after round.
 */
final class Ranked {
  /** The variable of the environment by which a measuring process knows that it is one. */
  static final String VARIABLE = "WORLD_SIZE";

  private Ranked() {}

  /** Works until the input ends; rank 0 answers as {@link Child} does, the others with 0. */
  static void serve(
      Workload workload,
      Path dataDirectory,
      BufferedReader in,
      PrintStream out,
      PrintStream aside) {
    Catalog catalog = Catalog.load();
    RunConfig config = workload.config(catalog);
    Threads.use(workload.threads());
    try (Company company =
            Crew.join(
                Ranks.of(System.getenv()),
                Patience.of(System.getenv()),
                "bench",
                Bucketing.of(System.getenv()),
                false,
                loss -> Runtime.getRuntime().halt(loss.code()));
        Prepared<?> prepared = new RunSession(catalog, dataDirectory, company).prepare(config);
        UpdateLoop loop = UpdateLoop.of(config, prepared, catalog, company)) {
      out.println("ready");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        double rate = round(company, loop, Double.parseDouble(line), aside);
        out.println(String.format(Locale.ROOT, "%.6f %d", rate, PeakMemory.bytes()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("bench: orders cannot be read", e);
    }
  }

  /** Samples of all a second, at rank 0. */
  private static double round(Company company, UpdateLoop loop, double seconds, PrintStream aside) {
    long samples = 0;
    double summing = company.secondsSumming();
    long started = System.nanoTime();
    boolean over = false;
    while (!over) {
      samples += loop.update();
      double spent = (System.nanoTime() - started) / 1e9;
      over = company.share(() -> new byte[] {(byte) (spent >= seconds ? 1 : 0)})[0] == 1;
    }
    double spent = (System.nanoTime() - started) / 1e9;
    List<byte[]> all =
        company.gather(
            ByteBuffer.allocate(Double.BYTES)
                .putDouble((company.secondsSumming() - summing) / spent)
                .array());
    if (!company.leads()) {
      return 0;
    }
    // The rank that waits least for the others tells what the sum itself takes.
    double least =
        all.stream().mapToDouble(part -> ByteBuffer.wrap(part).getDouble()).min().orElse(0);
    aside.printf(Locale.ROOT, "  summing gradients: %.1f %% of the time%n", 100 * least);
    return samples / spent;
  }
}
