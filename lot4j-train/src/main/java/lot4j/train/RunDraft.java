package lot4j.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lot4j.checkpoint.AtomicFile;
import lot4j.config.ConfigWriter;
import lot4j.config.RunConfig;
import lot4j.distributed.Company;

/** A run that has been checked and has no directory yet. */
public final class RunDraft {
  private final RunConfig config;
  private final String label;
  private final Prepared<?> prepared;
  private final Map<String, List<Prepared.Source>> origins;
  private final ConfigWriter writer;
  private final Company company;

  RunDraft(
      RunConfig config,
      String label,
      Prepared<?> prepared,
      Map<String, List<Prepared.Source>> origins,
      ConfigWriter writer,
      Company company) {
    this.config = config;
    this.label = label;
    this.prepared = prepared;
    this.origins = origins;
    this.writer = writer;
    this.company = company;
  }

  /**
   * Writes the run's directory. Its files wait for the disk together; the last of them makes it a
   * run, so that one whose making was broken off is made anew.
   *
   * @throws UncheckedIOException naming what cannot be written
   */
  public void write(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(directory + ": cannot be made: " + e.getMessage(), e);
    }
    ModelFiles.keep(config, directory);
    Map<String, byte[]> files = new LinkedHashMap<>(prepared.companions());
    files.put("config.yaml", writer.yaml(config).getBytes(StandardCharsets.UTF_8));
    files.put(
        RunFiles.RUN,
        RunFiles.begun(config, label, writer.digest(config), prepared, origins, company));
    AtomicFile.writeAll(directory, files);
  }
}
