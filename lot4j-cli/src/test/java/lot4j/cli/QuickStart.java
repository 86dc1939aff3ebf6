package lot4j.cli;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The class path of the tests' programs, and an archive of the classes that commands load from its
 * jars, parsed and checked once: as the launcher keeps one, because hundreds of programs are
 * started. Without it everything works the same and takes longer.
 */
final class QuickStart {
  private static final long MINUTES = 5;
  private static final Path FOLDER = Path.of("target", "quick-start").toAbsolutePath();

  private QuickStart() {}

  /**
   * This process's class path, the jars first: an archive serves every class path that begins with
   * its jars, and holds none of a folder's classes.
   */
  static String classPath() {
    return Stream.concat(jars().stream(), entries().filter(entry -> !isJar(entry)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Absolute, for programs have directories of their own. */
  private static Stream<String> entries() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().normalize().toString());
  }

  private static boolean isJar(String entry) {
    return entry.endsWith(".jar") && Files.isRegularFile(Path.of(entry));
  }

  private static List<String> jars() {
    return entries().filter(QuickStart::isJar).toList();
  }

  /** The flags that have a program take its classes from there; none if it cannot be made. */
  static List<String> flags(String java, List<String> flags) {
    Path archive = FOLDER.resolve("classes.jsa");
    try {
      Files.createDirectories(FOLDER);
      // The forks of a build ask at the same time; one makes it.
      try (FileChannel channel =
              FileChannel.open(
                  FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        Path of = FOLDER.resolve("of");
        String identity = identity();
        if (!Files.exists(of) || !Files.readString(of).equals(identity)) {
          make(java, flags, archive);
          Files.writeString(of, identity);
        }
      }
    } catch (IOException e) {
      System.err.println("no archive of classes: " + e.getMessage());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return Files.exists(archive)
        ? List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off")
        : List.of();
  }

  private static String identity() throws IOException {
    StringBuilder identity = new StringBuilder();
    identity
        .append(System.getProperty("java.home"))
        .append('\n')
        .append(System.getProperty("java.vm.version"));
    for (String jar : jars()) {
      Path file = Path.of(jar);
      identity.append('\n').append(jar).append(' ').append(Files.size(file)).append(' ');
      identity.append(Files.getLastModifiedTime(file).toMillis());
    }
    return identity.toString();
  }

  private static void make(String java, List<String> flags, Path archive)
      throws IOException, InterruptedException {
    Path list = FOLDER.resolve("classes");
    Path work = Files.createTempDirectory("lot-rehearsal");
    List<String> rehearsal = new ArrayList<>(List.of(java));
    rehearsal.addAll(flags);
    rehearsal.addAll(List.of("-XX:DumpLoadedClassList=" + list, "-cp", classPath()));
    rehearsal.addAll(List.of("lot4j.cli.Main", "rehearse", work.resolve("run").toString()));
    run(rehearsal, work);
    Path scratch = FOLDER.resolve("classes.new");
    run(
        List.of(
            java,
            "-Xshare:dump",
            "-XX:SharedClassListFile=" + list,
            "-XX:SharedArchiveFile=" + scratch,
            "-cp",
            String.join(File.pathSeparator, jars())),
        work);
    if (Files.exists(scratch)) {
      Files.move(scratch, archive, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void run(List<String> command, Path directory)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(FOLDER.resolve("log").toFile()));
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
    }
  }
}
