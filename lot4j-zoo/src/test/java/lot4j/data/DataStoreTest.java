package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import lot4j.Shape;
import lot4j.train.DataException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataStoreTest {
  private final Map<String, byte[]> served = new HashMap<>();
  private HttpServer server;
  private URI home;
  private boolean cut;
  @TempDir Path directory;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = served.get(exchange.getRequestURI().getPath().substring(1));
          exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
          if (body != null) {
            exchange.getResponseBody().write(body, 0, cut ? body.length / 2 : body.length);
          }
          exchange.close();
        });
    server.start();
    home = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static String md5(byte[] bytes) {
    return HexFormat.of().formatHex(DataFile.digest("MD5").digest(bytes));
  }

  private static byte[] tar(Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey(), true);
        entry.setSize(content.length);
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private DataSet set(byte[] official, String... members) {
    return new DataSet.Images(
        "toy",
        "a toy",
        "none",
        Shape.of(1, 8, 8),
        2,
        1,
        1,
        List.of(
            new DataSet.Download("http://x.example/toy.tar.gz", md5(official), List.of(members))));
  }

  private List<Path> get(DataSet set) {
    return new DataStore(directory).get(set, Optional.of(home));
  }

  private List<String> left() throws IOException {
    Path folder = directory.resolve("toy");
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void unpacksTheSetsFilesAndNoOthers() throws IOException {
    byte[] archive = tar(Map.of("toy/a.bin", "A", "toy/b.bin", "B", "../../evil", "E"));
    served.put("toy.tar.gz", archive);
    get(set(archive, "a.bin", "b.bin"));

    assertThat(left()).containsExactly("SHA256SUMS", "a.bin", "b.bin");
    assertThat(directory.resolve("toy/b.bin")).hasContent("B");
    assertThat(directory.resolveSibling("evil")).doesNotExist();
  }

  @Test
  void keepsAFileAsItIs() throws IOException {
    served.put("toy.tar.gz", new byte[] {1, 2, 3});
    get(set(new byte[] {1, 2, 3}));

    assertThat(directory.resolve("toy/toy.tar.gz")).hasBinaryContent(new byte[] {1, 2, 3});
  }

  @Test
  void whatIsThereAndTheSameIsNotFetchedAgain() throws IOException {
    DataSet set = set(new byte[] {1, 2, 3});
    served.put("toy.tar.gz", new byte[] {1, 2, 3});
    get(set);
    served.clear();

    assertThat(get(set)).containsExactly(directory.resolve("toy/toy.tar.gz"));
  }

  @Test
  void anotherFileOfTheNameIsNotOverwritten() throws IOException {
    byte[] archive = tar(Map.of("toy/a.bin", "A"));
    served.put("toy.tar.gz", archive);
    Files.createDirectories(directory.resolve("toy"));
    Files.writeString(directory.resolve("toy/a.bin"), "mine");

    assertThatThrownBy(() -> get(set(archive, "a.bin")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("a.bin: exists and differs from the official file");
    assertThat(directory.resolve("toy/a.bin")).hasContent("mine");
    assertThat(left()).containsExactly("a.bin");
  }

  @Test
  void aMissingFileOnTheServerIsNamed() throws IOException {
    assertThatThrownBy(() -> get(set(new byte[0])))
        .isInstanceOf(DataException.class)
        .hasMessage(home + "toy.tar.gz: the server answers 404");
    assertThat(left()).isEmpty();
  }

  @Test
  void aWrongDigestLeavesNothing() throws IOException {
    served.put("toy.tar.gz", new byte[] {1, 2, 4});

    assertThatThrownBy(() -> get(set(new byte[] {1, 2, 3})))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the file's MD5 is")
        .hasMessageContaining("the official one " + md5(new byte[] {1, 2, 3}));
    assertThat(left()).isEmpty();
  }

  @Test
  void aBrokenTransferLeavesNothing() throws IOException {
    byte[] body = new byte[100_000];
    served.put("toy.tar.gz", body);
    cut = true;

    assertThatThrownBy(() -> get(set(body)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("toy.tar.gz: cannot be fetched");
    assertThat(left()).isEmpty();
  }

  @Test
  void anArchiveWithoutAFileOfTheSetLeavesNothing() throws IOException {
    byte[] archive = tar(Map.of("toy/a.bin", "A"));
    served.put("toy.tar.gz", archive);

    assertThatThrownBy(() -> get(set(archive, "a.bin", "b.bin")))
        .isInstanceOf(DataException.class)
        .hasMessage(home + "toy.tar.gz: lacks b.bin");
    assertThat(left()).isEmpty();
  }

  @Test
  void aDamagedArchiveLeavesNothing() throws IOException {
    byte[] archive = tar(Map.of("toy/a.bin", "A".repeat(5000)));
    byte[] damaged = java.util.Arrays.copyOf(archive, archive.length / 2);
    served.put("toy.tar.gz", damaged);

    assertThatThrownBy(() -> get(set(damaged, "a.bin")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("cannot be unpacked: ");
    assertThat(left()).isEmpty();
  }

  @Test
  void checkTellsASubset() {
    Path data = Shared.data("cifar100").getParent();

    assertThat(new DataStore(data).check("cifar100"))
        .isEqualTo(
            new DataStore.Finding(
                "cifar100",
                DataStore.State.SUBSET,
                "cifar100[8000/2000]",
                "a subset: 8000 of 50000 training and 2000 of 10000 test images"));
  }

  @Test
  void checkTellsWhatIsBuiltInAndWhatIsAbsent() {
    assertThat(new DataStore(directory).check("digits").state())
        .isEqualTo(DataStore.State.VERIFIED);
    assertThat(new DataStore(directory).check("mnist").state()).isEqualTo(DataStore.State.ABSENT);
  }

  @Test
  void aSetThatMustBeAskedForSaysWhereAndIsReadAsFolders() throws IOException {
    DataStore store = new DataStore(directory);
    assertThat(store.check("imagenet").detail())
        .isEqualTo(
            directory.resolve("imagenet")
                + ": not found; imagenet cannot be fetched: image-net.org gives ILSVRC2012 to who"
                + " registers; its validation images serve as the test split; put train/<class>/"
                + " and test/<class>/ with the images into "
                + directory.resolve("imagenet"));
    assertThatThrownBy(() -> store.get("imagenet"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("imagenet cannot be fetched");
    java.awt.image.BufferedImage image =
        new java.awt.image.BufferedImage(2, 2, java.awt.image.BufferedImage.TYPE_INT_RGB);
    for (String file : List.of("train/n01/a", "train/n02/b", "test/n01/c", "test/n02/d")) {
      Path path = directory.resolve("imagenet/" + file + ".png");
      Files.createDirectories(path.getParent());
      javax.imageio.ImageIO.write(image, "png", path.toFile());
    }
    assertThat(store.check("imagenet").shown()).isEqualTo("imagenet[2/2]");
    assertThat(store.check("imagenet").state()).isEqualTo(DataStore.State.SUBSET);
  }

  @Test
  void anUnknownNameListsTheNames() {
    assertThatThrownBy(() -> new DataStore(directory).check("cifra"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "data set 'cifra' is not known; digits, cifar10, cifar100, mnist, fashion-mnist, imagenet,"
                + " kjv, tinyshakespeare, ptb, wikitext-2, wikitext-103");
  }

  @Test
  void aTextIsComparedByCountsAndDigests() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("tinyshakespeare"));
    Path file = Files.writeString(folder.resolve("input.txt"), "To be, or not to be\n");
    assertThat(new DataStore(directory).check("tinyshakespeare"))
        .isEqualTo(
            new DataStore.Finding(
                "tinyshakespeare",
                DataStore.State.SUBSET,
                "tinyshakespeare[20]",
                "a subset: 20 of 1115394 characters"));
    Files.writeString(file, "x".repeat(1_115_394));
    assertThatThrownBy(() -> new DataStore(directory).check("tinyshakespeare"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("input.txt: its SHA-256 is not the official 86c4e6aa");
    assertThat(new DataStore(directory).check("ptb"))
        .satisfies(
            finding -> {
              assertThat(finding.state()).isEqualTo(DataStore.State.ABSENT);
              assertThat(finding.detail()).contains("ptb cannot be fetched");
            });
    assertThat(new DataStore(directory).check("kjv").state()).isEqualTo(DataStore.State.VERIFIED);
  }

  @Test
  void theRealTextsAreTheOfficialOnes() {
    Path data = Shared.data("wikitext-2").getParent();
    for (String name : List.of("ptb", "wikitext-2", "tinyshakespeare")) {
      DataStore.Finding finding = new DataStore(data).check(name);
      assertThat(finding.state()).as(finding.detail()).isEqualTo(DataStore.State.VERIFIED);
    }
  }
}
