package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A run directory as a test looks at it. */
record RunFolder(Path path) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static JsonNode json(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  JsonNode json(String file) throws IOException {
    return json(path.resolve(file));
  }

  String status() throws IOException {
    return json("run.json").path("status").asText();
  }

  /** The step of the newest checkpoint, or -1. */
  long latestStep() {
    try {
      String name = Files.readString(path.resolve("checkpoints/latest")).strip();
      return Long.parseLong(name.replaceAll("\\D", ""));
    } catch (NoSuchFileException e) {
      return -1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path latest() throws IOException {
    Path checkpoints = path.resolve("checkpoints");
    return checkpoints.resolve(Files.readString(checkpoints.resolve("latest")).strip());
  }

  /** Whether a checkpoint is being written. */
  boolean savesNow() {
    try (Stream<Path> names = Files.list(path.resolve("checkpoints"))) {
      return names.anyMatch(name -> name.getFileName().toString().startsWith(".tmp-"));
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything that two equal runs have in common, by file. */
  Map<String, String> content() throws IOException {
    Map<String, String> content = new TreeMap<>();
    List<Path> files;
    try (Stream<Path> all = Files.walk(path)) {
      files = new ArrayList<>(all.filter(Files::isRegularFile).toList());
    }
    for (Path file : files) {
      String name = path.relativize(file).toString();
      // These hold dates, paths, seconds and the byte offsets of lines with seconds in them.
      boolean ofItsOwn =
          name.matches("run\\.json|comparison\\.json|lock|.*/manifest\\.json|.*/state\\.json");
      if (name.startsWith("events.out.tfevents")) {
        content.put(name, Files.size(file) + " bytes");
      } else if (name.equals("metrics.jsonl")) {
        StringBuilder lines = new StringBuilder();
        for (String line : Files.readAllLines(file)) {
          lines.append(timeless((ObjectNode) JSON.readTree(line))).append('\n');
        }
        content.put(name, lines.toString());
      } else if (name.equals("result.json")) {
        content.put(name, timeless((ObjectNode) json(file)).toString());
      } else if (!ofItsOwn) {
        content.put(name, java.util.HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return content;
  }

  private static ObjectNode timeless(ObjectNode line) {
    for (Iterator<String> names = line.fieldNames(); names.hasNext(); ) {
      if (names.next().matches("wall_s|.*_per_s|.*_bytes")) {
        names.remove();
      }
    }
    return line;
  }

  /** Checks that this run and another are the same but for times, memory, dates and paths. */
  void equalTo(RunFolder other) throws IOException {
    Map<String, String> mine = content();
    Map<String, String> others = other.content();
    assertThat(mine.keySet()).isEqualTo(others.keySet());
    assertThat(mine.keySet())
        .contains("metrics.jsonl", "result.json")
        .anyMatch(name -> name.endsWith("/teacher.safetensors"));
    others.forEach((name, text) -> assertThat(mine.get(name)).as(name).isEqualTo(text));
  }
}
