package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, {@code ./lot}, with a Maven and a JDK that only note that they were called. */
class LauncherTest {
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

  private static final String MAVEN =
      """
      #!/usr/bin/env bash
      echo built >> "$CALLS"
      mkdir -p "$PLACE/lot4j-cli/target/lot"
      echo jar > "$PLACE/lot4j-cli/target/lot4j-cli.jar"
      printf '%s' "$PLACE/some.jar" > "$PLACE/lot4j-cli/target/lot/dependencies"
      """;

  private static final String JAVA =
      """
      #!/usr/bin/env bash
      for each in "$@"; do
        case "$each" in
          -XX:DumpLoadedClassList=*) echo rehearsed >> "$CALLS"; echo list > "${each#*=}"; exit 0 ;;
          -XX:SharedArchiveFile=*jsa) archive="${each#*=}" ;;
        esac
      done
      case "$1" in
        -Xshare:dump) [ -z "${DUMP_FAILS:-}" ] || exit 1; echo archive > "$archive"; exit 0 ;;
      esac
      [ -z "${GIVEN:-}" ] || printf '%s\\n' "$@" > "$GIVEN"
      [ -z "${LOCALE:-}" ] || printf '%s' "${LC_ALL:-}" > "$LOCALE"
      echo "ran ${archive:+with }${archive:-without}" | sed "s#$PLACE/##" >> "$CALLS"
      """;

  @TempDir private Path folder;
  private Path place;
  private Path calls;

  @BeforeEach
  void lay() throws IOException {
    Path lot = Documents.here().root().resolve("lot");
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/flock")) && Files.isExecutable(lot),
        "no flock: the launcher is not checked");
    place = Files.createDirectory(folder.resolve("place")).toRealPath();
    calls = folder.resolve("calls");
    Files.copy(lot, place.resolve("lot"), StandardCopyOption.COPY_ATTRIBUTES);
    write("pom.xml", "<project/>");
    write("lot4j-cli/pom.xml", "<project/>");
    write("lot4j-cli/src/main/java/A.java", "class A {}");
    write("some.jar", "jar");
    program("mvn", MAVEN);
    program("java", JAVA);
    program("javac", "#!/bin/sh\n");
  }

  private Path write(String name, String text) throws IOException {
    Path file = place.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, LONG_AGO);
    Files.setLastModifiedTime(file.getParent(), LONG_AGO);
    return file;
  }

  private void program(String name, String text) throws IOException {
    Path file = folder.resolve("bin").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** What happened when the launcher was called, in order. */
  private List<String> call(String... environment) throws IOException, InterruptedException {
    Files.deleteIfExists(calls);
    assertThat(start(environment).waitFor()).isZero();
    return Files.readAllLines(calls);
  }

  private Process start(String... environment) throws IOException {
    return start(List.of(place.resolve("lot").toString(), "zoo"), folder, environment);
  }

  private Process start(List<String> line, Path from, String... environment) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(line).directory(from.toFile());
    builder.environment().remove("JAVA_HOME");
    builder.environment().put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
    builder.environment().put("CALLS", calls.toString());
    builder.environment().put("PLACE", place.toString());
    for (int i = 0; i < environment.length; i += 2) {
      builder.environment().put(environment[i], environment[i + 1]);
    }
    return builder
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("said").toFile())
        .start();
  }

  private static final String WITH = "ran with lot4j-cli/target/lot/classes.jsa";
  private static final String WITHOUT = "ran without";

  /** As if the build had been made now, before whatever is changed next. */
  private void settle() throws IOException {
    FileTime between = FileTime.from(Instant.parse("2021-01-01T00:00:00Z"));
    Files.setLastModifiedTime(place.resolve("lot4j-cli/target/lot/sources"), between);
  }

  @Test
  void buildsAndMakesTheArchiveOnce() throws IOException, InterruptedException {
    assertThat(call()).containsExactly("built", "rehearsed", WITH);
    settle();
    assertThat(call()).containsExactly(WITH);
    assertThat(folder.resolve("said")).isEmptyFile();
  }

  @Test
  void buildsAgainWhenSourcesChangeComeOrGo() throws IOException, InterruptedException {
    call();
    settle();
    Path changed = place.resolve("lot4j-cli/src/main/java/A.java");
    Files.setLastModifiedTime(changed, FileTime.from(Instant.now()));
    assertThat(call()).startsWith("built");
    settle();
    Files.setLastModifiedTime(changed, LONG_AGO);
    Files.setLastModifiedTime(changed.getParent(), LONG_AGO);
    assertThat(call()).doesNotContain("built");

    Files.writeString(place.resolve("lot4j-cli/src/main/java/B.java"), "class B {}");
    Files.setLastModifiedTime(place.resolve("lot4j-cli/src/main/java/B.java"), LONG_AGO);
    assertThat(call()).startsWith("built");
    settle();
    Files.delete(place.resolve("lot4j-cli/src/main/java/B.java"));
    assertThat(call()).startsWith("built");
  }

  @Test
  void doesNotBuildForAFolderThatIsOnlyNewer() throws IOException, InterruptedException {
    call();
    settle();
    Path sources = place.resolve("lot4j-cli/src/main/java");
    Files.setLastModifiedTime(sources, FileTime.from(Instant.now()));
    assertThat(call()).containsExactly(WITH);
  }

  @Test
  void doesNotBuildWhereThereAreNoSources() throws IOException, InterruptedException {
    call();
    Files.delete(place.resolve("pom.xml"));
    Files.delete(place.resolve("lot4j-cli/src/main/java/A.java"));
    assertThat(call()).containsExactly(WITH);
  }

  @Test
  void makesTheArchiveAnewForOtherJars() throws IOException, InterruptedException {
    call();
    Files.setLastModifiedTime(
        place.resolve("some.jar"), FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(call()).containsExactly("rehearsed", WITH);
    assertThat(call()).containsExactly(WITH);
  }

  @Test
  void goesOnWithoutAnArchiveThatCannotBeMade() throws IOException, InterruptedException {
    assertThat(call("DUMP_FAILS", "yes")).containsExactly("built", "rehearsed", WITHOUT);
    assertThat(call("DUMP_FAILS", "yes")).as("tried once").containsExactly(WITHOUT);
    assertThat(call("LOT_ARCHIVE", "no")).containsExactly(WITHOUT);
  }

  /** Else Java could not open a file that is called Änderung.csv, nor take it for an argument. */
  @Test
  void javaGetsALocaleOfUnicodeWhereThereIsNone() throws IOException, InterruptedException {
    for (String given : List.of("POSIX", "C", "xx_XX.UTF-8", "C.UTF-8")) {
      Path locale = folder.resolve("locale");
      call("LC_ALL", given, "LOCALE", locale.toString());
      assertThat(locale).as(given).hasContent("C.UTF-8");
    }
  }

  /** A prompt may begin with @, hold blanks and quotes, or be empty; Java gets it as it is. */
  @Test
  void argumentsArePassedOnAsTheyAre() throws IOException, InterruptedException {
    Path given = folder.resolve("given");
    call();
    List<String> all = List.of("predict", "run", "@home", "a  b", "", "$HOME", "*", "\"'");
    List<String> line = new ArrayList<>(List.of(place.resolve("lot").toString()));
    line.addAll(all);
    assertThat(start(line, folder, "GIVEN", given.toString()).waitFor()).isZero();
    assertThat(Files.readAllLines(given)).endsWith(all.toArray(String[]::new));
  }

  @Test
  void saysWhereItCannotBuild() throws IOException, InterruptedException {
    write("lot4j-cli/target", "a file where the build's folder should be");
    assertThat(start().waitFor()).isEqualTo(2);
    assertThat(folder.resolve("said"))
        .content()
        .startsWith("lot: " + place.resolve("lot4j-cli/target/lot") + " cannot be written")
        .hasLineCount(1);
  }

  /** Standard output is the result's alone. */
  @Test
  void whatTheJvmItselfSaysGoesToStandardError() throws IOException, InterruptedException {
    Path given = folder.resolve("given");
    call("GIVEN", given.toString());
    assertThat(Files.readAllLines(given))
        .contains("-XX:+DisplayVMOutputToStderr", "-XX:-UsePerfData")
        .containsSubsequence("-Xlog:disable", "-Xlog:all=warning:stderr");
  }

  /** Where CDPATH is set, cd goes elsewhere for a relative name, and says where to. */
  @Test
  void homeIsFoundFromAnywhere() throws IOException, InterruptedException {
    Path given = folder.resolve("given");
    call();
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere/place"));
    Path link = Files.createSymbolicLink(folder.resolve("a link"), place.resolve("lot"));
    for (String name : List.of("place/lot", "./place/lot", link.toString(), "./a link")) {
      Process process =
          start(
              List.of(name, "zoo"),
              folder,
              "GIVEN",
              given.toString(),
              "CDPATH",
              elsewhere.getParent().toString());
      assertThat(process.waitFor()).as(name).isZero();
      assertThat(Files.readAllLines(given)).as(name).contains("-Dlot.home=" + place);
    }
  }

  @Test
  void oneProcessMakesTheArchive() throws IOException, InterruptedException {
    call();
    Files.delete(place.resolve("lot4j-cli/target/lot/classes.jsa.of"));
    Files.deleteIfExists(calls);
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(start());
    }
    for (Process each : all) {
      assertThat(each.waitFor()).isZero();
    }
    assertThat(Files.readAllLines(calls)).containsOnlyOnce("rehearsed").hasSize(5);
  }
}
