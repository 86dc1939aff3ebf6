package lot4j.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Slurm itself, as Debian's slurm-wlm and munge bring it, on this machine alone: one node, daemons
 * without systemd, everything in a folder. It runs as whoever runs the tests.
 */
final class SlurmCluster implements AutoCloseable {
  private static final long SECONDS = 60;
  private static final String CONF =
      """
      ClusterName=lot
      SlurmctldHost=%1$s(127.0.0.1)
      SlurmctldPort=%2$d
      SlurmdPort=%3$d
      SlurmUser=%4$s
      SlurmdUser=%4$s
      AuthType=auth/munge
      # A requeued task may begin again after five seconds in place of two minutes.
      AuthInfo=socket=%5$s/munge.socket,cred_expire=5
      StateSaveLocation=%5$s/state
      SlurmdSpoolDir=%5$s/spool
      SlurmctldPidFile=%5$s/slurmctld.pid
      SlurmdPidFile=%5$s/slurmd.pid
      SlurmctldLogFile=%5$s/slurmctld.log
      SlurmdLogFile=%5$s/slurmd.log
      ProctrackType=proctrack/linuxproc
      TaskPlugin=task/none
      JobAcctGatherType=jobacct_gather/none
      SwitchType=switch/none
      MpiDefault=none
      MailProg=/bin/true
      SelectType=select/cons_tres
      SelectTypeParameters=CR_Core
      SchedulerParameters=sched_interval=1,bf_interval=1
      SlurmdParameters=config_overrides
      ReturnToService=2
      KillWait=10
      NodeName=%1$s NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
      PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
      """;

  private final Path folder;
  private final List<Process> daemons = new ArrayList<>();

  private SlurmCluster(Path folder) {
    this.folder = folder;
  }

  /** Starts it; skips the test where its programs are not installed. */
  static SlurmCluster start(Path folder) throws IOException, InterruptedException {
    for (String program : List.of("munged", "slurmctld", "slurmd", "sbatch")) {
      assumeTrue(
          Stream.of("/usr/sbin", "/usr/bin").anyMatch(at -> new File(at, program).canExecute()),
          program + " is not installed; on Debian: apt-get install -y slurm-wlm munge");
    }
    SlurmCluster cluster = new SlurmCluster(folder);
    Files.createDirectories(folder.resolve("state"));
    Files.createDirectories(folder.resolve("spool"));
    // munged trusts no folder that others may write.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    byte[] key = new byte[128];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (37 * i + 11); // of one test on one machine: no secret
    }
    Files.write(folder.resolve("munge.key"), key);
    Files.setPosixFilePermissions(
        folder.resolve("munge.key"), PosixFilePermissions.fromString("rw-------"));
    String host = cluster.ask("hostname", "-s").strip();
    Files.writeString(
        folder.resolve("slurm.conf"),
        CONF.formatted(host, port(), port(), System.getProperty("user.name"), folder));
    cluster.daemon(
        "/usr/sbin/munged",
        "--foreground",
        "--force",
        "--socket=" + folder.resolve("munge.socket"),
        "--key-file=" + folder.resolve("munge.key"),
        "--pid-file=" + folder.resolve("munged.pid"),
        "--log-file=" + folder.resolve("munged.log"),
        "--seed-file=" + folder.resolve("munge.seed"));
    cluster.until("munged", () -> Files.exists(folder.resolve("munge.socket")));
    cluster.daemon("/usr/sbin/slurmctld", "-D");
    cluster.daemon("/usr/sbin/slurmd", "-D");
    cluster.until("a node", () -> cluster.ask("sinfo", "--noheader", "-o", "%T").equals("idle\n"));
    return cluster;
  }

  private static int port() throws IOException {
    try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** What a program needs to find it. */
  Map<String, String> environment() {
    return Map.of("SLURM_CONF", folder.resolve("slurm.conf").toString());
  }

  private void daemon(String... command) throws IOException {
    Path log = folder.resolve(Path.of(command[0]).getFileName() + ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment());
    daemons.add(builder.start());
  }

  /** What a command prints, whatever its exit code. */
  String ask(String... command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment());
      Process process = builder.start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return printed;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void until(String what, BooleanSupplier so) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    Process last = daemons.get(daemons.size() - 1);
    while (!so.getAsBoolean()) {
      if (System.nanoTime() > end || !last.isAlive()) {
        StringBuilder logs = new StringBuilder();
        for (File log : folder.toFile().listFiles((in, name) -> name.endsWith(".out"))) {
          logs.append(Files.readString(log.toPath()));
        }
        close();
        throw new AssertionError("Slurm does not start: no " + what + "\n" + logs);
      }
      last.waitFor(50, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    for (int i = daemons.size() - 1; i >= 0; i--) {
      Process daemon = daemons.get(i);
      daemon.destroy();
      try {
        if (!daemon.waitFor(SECONDS, TimeUnit.SECONDS)) {
          daemon.destroyForcibly().waitFor();
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
