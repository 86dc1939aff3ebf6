package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong command lines and configurations: what is said, exit code 2 or 3, nothing written. */
class ErrorsTest {
  private static final List<List<String>> CASES =
      List.of(
          List.of("trian"),
          List.of("train"),
          List.of("train", "digits", "more"),
          List.of("plan", "digits", "--josn"),
          List.of("compare", "digitz"),
          List.of("compare", "absent.yaml"),
          List.of("compare", "digits", "--jobs", "0"),
          List.of("compare", "digits", "--seed", "x"),
          List.of("compare", "digits", "--set"),
          List.of("compare", "digits", "--power", "0.9"),
          List.of("compare", "digits", "--plan-seeds", "0.01"),
          List.of("compare", "--pilot", "full", "--plan-seeds", "0.01"),
          List.of("compare", "--pilot", "full", "--plan-seeds", "0.01", "--power", "2"),
          List.of("compare", "digits", "--plan-seeds", "0.01", "--out", "new"),
          List.of("compare", "digits", "--set", "alpha"),
          List.of("compare", "digits", "--device", "gpu"),
          List.of("compare", "digits", "--threads", "0"),
          List.of(
              "compare",
              "digits",
              "--set",
              "lot.aplha=1",
              "--set",
              "lot.alpha=-1",
              "--set",
              "batch-size=x",
              "--set",
              "optimizer.kind=sdg"),
          List.of("compare", "digits", "--set", "name=a\u001b[31mb"),
          List.of("compare", "digits", "--set", "seeds=[0, 0]"),
          List.of("compare", "digits", "--out", "file"),
          List.of("compare", "digits", "--out", "full"),
          List.of("compare", "digits", "--out", "full", "--force"),
          List.of("plan", "several.yaml"),
          List.of("plan", "syntax.yaml"),
          List.of("plan", "latin.yaml"),
          List.of("plan", "duplicate.yaml"),
          List.of("plan", "documents.yaml"),
          List.of("plan", "tag.yaml"),
          List.of("plan", "long.yaml"),
          List.of("plan", "empty.yaml"),
          List.of("presets", "digit"),
          List.of("zoo", "modles"),
          List.of("data"),
          List.of("data", "get", "cifra10"),
          List.of("data", "check", "cifar10"),
          List.of("report", "full", "--csv", "--markdown"),
          List.of("report", "full"),
          List.of("report", "absent"),
          List.of("resume", "absent"),
          List.of("resume", "full"),
          List.of("eval", "absent"),
          List.of("eval", "full"),
          List.of("eval", "full", "--split", "tset"),
          List.of("conformance", "full"),
          List.of("compare", "cifar10-preresnet20", "--out", "new"),
          List.of("train", "digits", "--set", "lot.order=joint", "--out", "new"),
          List.of("train", "kjv-char", "--set", "task.tokens=foo", "--out", "new"),
          List.of("train", "kjv-char", "--set", "batch-size=900000", "--out", "new"),
          List.of("train", "digits", "--set", "task.data=absent", "--out", "new"),
          List.of("train", "digits", "--set", "task.train-examples=99999", "--out", "new"),
          List.of("train", "digits", "--set", "teacher={model: mobilenetv2}", "--out", "new"),
          List.of("train", "digits", "--verbose", "--set", "teacher.model=mpl", "--out", "new"),
          List.of("sweep", "digits", "--grid", "lot.alpha=1,-1,x", "--grid", "lot.steps=1,-2"),
          List.of(
              "sweep",
              "digits",
              "--grid",
              "lot.alpha=1",
              "--set",
              "task.validation=none",
              "--out",
              "new"),
          List.of("sweep", "digits", "--grid", "lot.alpha=log(0.1..10)", "--grid", "lot.steps=1,1"),
          List.of("sweep", "digits", "--grid", "lot.alpha=1,2", "--halving", "--no-select"));

  @TempDir Path directory;

  @Test
  void areAsKeptAndWriteNothing() throws IOException, InterruptedException {
    files();
    TreeMap<Path, Long> before = tree();
    StringBuilder said = new StringBuilder();
    try (Program program = Program.in(directory).together()) {
      for (List<String> arguments : CASES) {
        Program.Ended ended = program.run(arguments.toArray(String[]::new));
        ended.refused(ended.code() == 3 ? 3 : 2);
        said.append("$ lot ")
            .append(Console.printable(String.join(" ", arguments)))
            .append('\n')
            .append(ended.err().replace(directory + "/", ""))
            .append("exit code ")
            .append(ended.code())
            .append("\n\n");
      }
    }

    assertThat(tree()).isEqualTo(before);
    Golden.check("errors.txt", said.toString());
  }

  /** A file of that name is none of arguments. */
  @Test
  void aNameMayBeginWithAnAtSign() throws IOException, InterruptedException {
    write("name", "--help");
    assertThat(Program.in(directory).run("plan", "@name").refused(2).err())
        .startsWith("lot: @name: neither a preset nor a file");
  }

  /** With or without -- before them, and once though two processes read them. */
  @Test
  void launchedProcessesSpeakOnce() throws IOException, InterruptedException {
    Program program = Program.in(directory);
    assertThat(
            program
                .run("launch", "--workers", "2", "train", "digits", "--set", "lot.aplha=1")
                .refused(2)
                .err())
        .hasLineCount(1)
        .startsWith("lot: --set lot.aplha=1: unknown key");
    assertThat(
            program
                .run("launch", "--workers", "2", "--", "train", "cifar10-preresnet20")
                .refused(3)
                .err())
        .hasLineCount(1)
        .contains("cifar10: not found");
  }

  @Test
  void stackTracesNeedVerboseAndKeepTheForm() throws IOException, InterruptedException {
    Program program = Program.in(directory);
    assertThat(program.run("eval", "absent").refused(3).err()).hasLineCount(1);
    assertThat(program.run("eval", "absent", "--verbose").refused(3).err())
        .contains("lot: lot4j.train.DataException: absent: no such", "lot:   at lot4j.cli.");
  }

  private void files() throws IOException {
    write("file", "");
    write("full/notes.txt", "mine");
    write("several.yaml", "name: a\ntask: {kind: image, data: digits}\nteacher: {model: mlpp}\n");
    write("syntax.yaml", "name: a\ntask: [1\n");
    Files.write(
        directory.resolve("latin.yaml"), "name: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    write("duplicate.yaml", "name: a\nname: b\n");
    write("documents.yaml", "name: a\n---\nname: b\n");
    write("tag.yaml", "name: !!java.io.File a\n");
    write("long.yaml", "#".repeat(1_000_001));
    write("empty.yaml", "");
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private TreeMap<Path, Long> tree() throws IOException {
    TreeMap<Path, Long> tree = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : new ArrayList<>(all.toList())) {
        tree.put(path, Files.isDirectory(path) ? -1 : Files.size(path));
      }
    }
    return tree;
  }
}
