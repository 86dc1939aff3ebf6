package lot4j.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Slurm itself, as Debian's slurm-wlm and munge bring it, on this machine alone: one node or, by
 * several daemons, two; without systemd, everything in a folder. It runs as whoever runs the tests.
 */
final class SlurmCluster implements AutoCloseable {
  private static final long SECONDS = 240;
  private static final String CONF =
      """
      ClusterName=lot
      SlurmctldHost=%1$s(127.0.0.1)
      SlurmctldPort=%2$d
      SlurmUser=%4$s
      SlurmdUser=%4$s
      AuthType=auth/munge
      # A requeued task may begin again after five seconds in place of two minutes.
      AuthInfo=socket=%5$s/munge.socket,cred_expire=5
      StateSaveLocation=%5$s/state
      SlurmdSpoolDir=%5$s/spool-%%n
      SlurmctldPidFile=%5$s/slurmctld.pid
      SlurmdPidFile=%5$s/slurmd-%%n.pid
      SlurmctldLogFile=%5$s/slurmctld.log
      SlurmdLogFile=%5$s/slurmd-%%n.log
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
      %3$s
      PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
      """;

  private static final String NODE =
      "NodeName=%s NodeAddr=127.0.0.1 Port=%d CPUs=%d State=UNKNOWN\n";

  private final Path folder;
  private final List<Process> daemons = new ArrayList<>();
  private final Map<String, Process> nodes = new LinkedHashMap<>();

  private SlurmCluster(Path folder) {
    this.folder = folder;
  }

  /** Starts one node of two cores; skips the test where Slurm's programs are not installed. */
  static SlurmCluster start(Path folder) throws IOException, InterruptedException {
    return start(folder, List.of(), 2);
  }

  /**
   * Starts two nodes of one core each, whose names both lead to this machine; skips the test where
   * they do not, or Slurm was built for one daemon a machine.
   */
  static SlurmCluster startTwo(Path folder) throws IOException, InterruptedException {
    return start(folder, List.of("localhost"), 1);
  }

  private static SlurmCluster start(Path folder, List<String> more, int cores)
      throws IOException, InterruptedException {
    for (String program : List.of("munged", "slurmctld", "slurmd", "sbatch")) {
      assumeTrue(
          Stream.of("/usr/sbin", "/usr/bin").anyMatch(at -> new File(at, program).canExecute()),
          program + " is not installed; on Debian: apt-get install -y slurm-wlm munge");
    }
    SlurmCluster cluster = new SlurmCluster(folder);
    Files.createDirectories(folder.resolve("state"));
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
    assumeTrue(!more.contains(host), "this machine has no name but " + host);
    List<String> names = new ArrayList<>(List.of(host)); // a localhost in front stands for all
    names.addAll(more);
    StringBuilder lines = new StringBuilder();
    for (String name : names) {
      Files.createDirectories(folder.resolve("spool-" + name));
      lines.append(NODE.formatted(name, port(), cores));
    }
    Files.writeString(
        cluster.configuration(),
        CONF.formatted(
            host, port(), lines.toString().strip(), System.getProperty("user.name"), folder));
    cluster.daemon(
        "munged",
        "/usr/sbin/munged",
        "--foreground",
        "--force",
        "--socket=" + folder.resolve("munge.socket"),
        "--key-file=" + folder.resolve("munge.key"),
        "--pid-file=" + folder.resolve("munged.pid"),
        "--log-file=" + folder.resolve("munged.log"),
        "--seed-file=" + folder.resolve("munge.seed"));
    cluster.until("munged", () -> Files.exists(folder.resolve("munge.socket")));
    cluster.daemon("slurmctld", "/usr/sbin/slurmctld", "-D");
    for (String name : names) {
      cluster.node(name);
    }
    cluster.until("nodes", () -> cluster.idle(names.size()));
    return cluster;
  }

  /** Starts a node's daemon. */
  void node(String name) throws IOException {
    nodes.put(name, daemon("slurmd-" + name, "/usr/sbin/slurmd", "-D", "-N", name));
  }

  /** Whether so many nodes have nothing to do. */
  boolean idle(int count) {
    String states = ask("sinfo", "--noheader", "--Node", "-o", "%T");
    return states.equals("idle\n".repeat(count));
  }

  /** A power cut of one node: its daemon and all that runs there is killed; nobody tells Slurm. */
  void cut(String name) throws InterruptedException {
    nodes.remove(name).destroyForcibly().waitFor();
    List<ProcessHandle> all = processes("SLURMD_NODENAME=" + name);
    // First those that would tell Slurm how the others ended.
    all.stream()
        .flatMap(process -> process.parent().stream())
        .filter(parent -> text("/proc/" + parent.pid() + "/comm").startsWith("slurmstepd"))
        .forEach(ProcessHandle::destroyForcibly);
    all.forEach(ProcessHandle::destroyForcibly);
  }

  /** Tells Slurm what it would find out by itself after {@code SlurmdTimeout}. */
  void down(String name) {
    ask("scontrol", "update", "NodeName=" + name, "State=DOWN", "Reason=cut");
  }

  /**
   * Processes of this cluster's jobs that have a variable in their environment, the node's name for
   * instance; other clusters on this machine have like nodes and ranks.
   */
  List<ProcessHandle> processes(String variable) {
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                List.of(text("/proc/" + process.pid() + "/environ").split("\0"))
                    .containsAll(List.of(variable, "SLURM_CONF=" + configuration())))
        .toList();
  }

  private Path configuration() {
    return folder.resolve("slurm.conf");
  }

  /** Of a process that may be gone, or another user's: nothing then. */
  private static String text(String file) {
    try {
      return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static int port() throws IOException {
    try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** What a program needs to find it. */
  Map<String, String> environment() {
    return Map.of("SLURM_CONF", configuration().toString());
  }

  private Process daemon(String name, String... command) throws IOException {
    Path log = folder.resolve(name + ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment());
    Process daemon = builder.start();
    daemons.add(daemon);
    return daemon;
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

  /** Waits until something is so. */
  void until(String what, BooleanSupplier so) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    Process last = daemons.get(daemons.size() - 1);
    while (!so.getAsBoolean()) {
      if (System.nanoTime() > end || !last.isAlive()) {
        StringBuilder logs = new StringBuilder();
        for (File log : folder.toFile().listFiles((in, name) -> name.endsWith(".out"))) {
          logs.append(Files.readString(log.toPath()));
        }
        close();
        throw new AssertionError("Slurm: waited in vain for " + what + "\n" + logs);
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
