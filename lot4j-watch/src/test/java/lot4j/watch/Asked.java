package lot4j.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An answer to a request whose every byte a test decides: the JDK's client sets its own Host. */
record Asked(int status, String head, String body) {
  static Asked get(Watch watch, String path, String... headers) throws IOException {
    return send(watch, "GET", path, headers);
  }

  /** With the token in the address. */
  static Asked withToken(Watch watch, String path) throws IOException {
    return get(watch, path + (path.contains("?") ? "&" : "?") + watch.address().getQuery());
  }

  static Asked send(Watch watch, String method, String path, String... headers) throws IOException {
    List<String> lines = new ArrayList<>(List.of(method + " " + path + " HTTP/1.1"));
    lines.addAll(List.of(headers));
    if (lines.stream().noneMatch(line -> line.startsWith("Host:"))) {
      lines.add("Host: 127.0.0.1:" + watch.port());
    }
    lines.add("Connection: close");
    try (Socket socket = new Socket("127.0.0.1", watch.port())) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      InputStream in = socket.getInputStream();
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      int end = all.indexOf("\r\n\r\n");
      return new Asked(
          Integer.parseInt(all.substring(9, 12)), all.substring(0, end), all.substring(end + 4));
    }
  }

  JsonNode json() throws IOException {
    return new ObjectMapper().readTree(body);
  }

  /** The value of a header, empty if there is none. */
  String header(String name) {
    return head.lines()
        .filter(
            line ->
                line.toLowerCase(java.util.Locale.ROOT)
                    .startsWith(name.toLowerCase(java.util.Locale.ROOT) + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }
}
