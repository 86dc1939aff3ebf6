package lot4j.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.time.Duration;
import java.util.HexFormat;
import lot4j.train.DataException;

/** Brings one file here, whole and verified, or not at all. */
final class Transfer {
  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final long LARGEST = 1L << 30;

  private Transfer() {}

  /**
   * Fetches {@code address} into a new temporary file in {@code directory}, which the caller
   * removes or publishes.
   *
   * @throws DataException if it cannot be had whole, or its MD5 is not {@code md5}
   */
  static Path fetch(URI address, String md5, Path directory) {
    Path part = temporary(directory);
    try {
      String found = transfer(address, part);
      if (!found.equals(md5)) {
        throw new DataException(
            address + ": the file's MD5 is " + found + ", the official one " + md5);
      }
      return part;
    } catch (IOException e) {
      discard(part);
      throw new DataException(
          address + ": cannot be fetched: " + DataFile.shown(String.valueOf(reason(e))), e);
    } catch (DataException e) {
      discard(part);
      throw e;
    }
  }

  /** A new empty file beside where something is to be published. */
  static Path temporary(Path directory) {
    try {
      Files.createDirectories(directory);
      Path part = Files.createTempFile(directory, ".", ".part");
      part.toFile().deleteOnExit(); // if a signal ends the program
      return part;
    } catch (IOException e) {
      throw DataFile.unreadable(directory, e);
    }
  }

  /** Writes a stream to a file, flushed to the disk. */
  static void write(Path file, InputStream in, long limit) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      copy(in, Channels.newOutputStream(channel), limit);
      channel.force(true);
    }
  }

  /**
   * Gives a finished temporary file its name. A file of that name is left as it is if it is the
   * same.
   *
   * @throws DataException if there is another file of that name
   */
  static void publish(Path part, Path target) {
    try {
      if (Files.exists(target)) {
        if (Files.mismatch(part, target) >= 0) {
          throw new DataException(
              DataFile.shown(target)
                  + ": exists and differs from the official file; move it away first");
        }
        return;
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      if (!System.getProperty("os.name").startsWith("Windows")) {
        try (FileChannel directory = FileChannel.open(target.toAbsolutePath().getParent())) {
          directory.force(true);
        }
      }
    } catch (FileAlreadyExistsException e) {
      throw new DataException(DataFile.shown(target) + ": appeared meanwhile", e);
    } catch (IOException e) {
      throw DataFile.unreadable(target, e);
    } finally {
      discard(part);
    }
  }

  /** Removes a temporary file if it is still there. */
  static void discard(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      throw DataFile.unreadable(part, e);
    }
  }

  private static String transfer(URI address, Path part) throws IOException {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    HttpResponse<InputStream> response;
    try {
      response =
          client.send(
              HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw new DataException(address + ": the server answers " + response.statusCode());
      }
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        DigestOutputStream out =
            new DigestOutputStream(Channels.newOutputStream(channel), DataFile.digest("MD5"));
        copy(body, out, LARGEST);
        channel.force(true);
        return HexFormat.of().formatHex(out.getMessageDigest().digest());
      }
    }
  }

  private static void copy(InputStream in, OutputStream out, long limit) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long total = 0;
    for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
      total += got;
      if (total > limit) {
        throw new IOException("more than " + limit + " bytes");
      }
      out.write(buffer, 0, got);
    }
  }

  private static String reason(IOException e) {
    if (e.getMessage() != null) {
      return e.getMessage();
    }
    return e instanceof ConnectException
        ? "no connection; is there a network?"
        : e.getClass().getSimpleName();
  }
}
