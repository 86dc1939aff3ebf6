package lot4j.train;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import lot4j.checkpoint.Checkpoint;
import lot4j.checkpoint.CheckpointException;
import lot4j.config.RunConfig;
import lot4j.distributed.Company;

/** What the processes of a run agree on before they begin; one alone agrees with itself. */
record Accord(Company company) {
  /**
   * Makes sure that all have the same data, which each of them reads for itself.
   *
   * @throws DataException if this is not so
   */
  void requireSame(Prepared<?> prepared) {
    if (company.size() == 1) {
      return;
    }
    List<byte[]> all = company.gather(RunFiles.read(prepared).getBytes(StandardCharsets.UTF_8));
    byte[] verdict =
        company.share(
            () -> {
              for (int rank = 1; rank < all.size(); rank++) {
                if (!Arrays.equals(all.get(0), all.get(rank))) {
                  return (prepared.dataName()
                          + ": rank "
                          + rank
                          + " has other data than rank 0; the same files everywhere")
                      .getBytes(StandardCharsets.UTF_8);
                }
              }
              return new byte[0];
            });
    if (verdict.length > 0) {
      throw new DataException(new String(verdict, StandardCharsets.UTF_8));
    }
  }

  /** Of several processes on one machine each has a device of its own. */
  RunConfig placed(RunConfig config) {
    boolean shared = company.size() > 1 && config.execution().device().equals("cuda");
    return shared ? config.withDevice("cuda:" + company.localRank()) : config;
  }

  /** Rank 0 tells the others where the run begins: at a checkpoint, or anew. */
  void begin(Optional<Checkpoint> found) {
    company.share(
        () ->
            found
                .map(from -> from.path().getFileName().toString())
                .orElse("")
                .getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Where rank 0 begins, for the others.
   *
   * @param directory the run's, if it is gone on with
   * @throws CheckpointException if the checkpoint cannot be read here
   */
  Optional<Checkpoint> begun(Optional<Path> directory) {
    String name = new String(company.share(() -> new byte[0]), StandardCharsets.UTF_8);
    return name.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Checkpoint.open(
                directory
                    .orElseThrow(() -> new CheckpointException(name + ": a run begins anew"))
                    .resolve("checkpoints")
                    .resolve(name)));
  }
}
