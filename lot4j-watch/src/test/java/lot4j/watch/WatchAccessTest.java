package lot4j.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the server answers, and what a browser may do with its answers. */
class WatchAccessTest {
  private static final long OFTEN = 50;
  private static final long HEARTBEAT = 300;

  @TempDir Path outside;
  private Path folder;
  private Watch watch;
  private Watched watched;

  @BeforeEach
  void begin() throws IOException {
    folder = Files.createDirectories(outside.resolve("watched"));
    watch = Watch.of(folder, OptionalInt.of(0), OFTEN, HEARTBEAT);
    watched = new Watched(watch);
  }

  @AfterEach
  void end() {
    watch.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/watch.js",
        "/charts.js",
        "/api/state",
        "/events",
        "/nothing",
        "/report?id=r1"
      })
  void nothingIsAnsweredWithoutTheToken(String path) throws IOException {
    assertThat(Asked.get(watch, path).status()).isEqualTo(403);
    String mark = path.contains("?") ? "&" : "?";
    assertThat(Asked.get(watch, path + mark + "token=wrong").status()).isEqualTo(403);
    assertThat(Asked.get(watch, path + mark + "token=").status()).isEqualTo(403);
    assertThat(Asked.get(watch, path, "Cookie: lot-watch-" + watch.port() + "=wrong").status())
        .isEqualTo(403);
  }

  @Test
  void theAddressSetsACookieThatOpensTheRest() throws IOException {
    Asked page = Asked.withToken(watch, "/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Set-Cookie")).endsWith("; Path=/; HttpOnly; SameSite=Strict");
    String cookie = page.header("Set-Cookie").replaceFirst(";.*", "");

    Asked next = Asked.get(watch, "/api/state", "Cookie: " + cookie);
    assertThat(next.status()).isEqualTo(200);
    assertThat(next.header("Set-Cookie")).isEmpty();
  }

  @Test
  void anotherServersCookieIsOfNoUse() throws IOException {
    try (Watch other = Watch.of(folder, OptionalInt.of(0), OFTEN, HEARTBEAT)) {
      assertThat(Asked.get(other, "/", watched.cookie()).status()).isEqualTo(403);
      assertThat(other.address().getQuery()).isNotEqualTo(watch.address().getQuery());
    }
  }

  @Test
  void onlyItsOwnNamesAreHosts() throws IOException {
    for (String host :
        new String[] {
          "evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:" + watch.port()
        }) {
      assertThat(Asked.get(watch, "/", watched.cookie(), "Host: " + host).status()).isEqualTo(403);
    }
    assertThat(Asked.get(watch, "/", watched.cookie(), "Host: localhost:" + watch.port()).status())
        .isEqualTo(200);
  }

  @Test
  void otherPagesRequestsAreRefused() throws IOException {
    assertThat(
            Asked.get(watch, "/api/state", watched.cookie(), "Origin: http://evil.example")
                .status())
        .isEqualTo(403);
    assertThat(Asked.get(watch, "/api/state", watched.cookie(), "Origin: null").status())
        .isEqualTo(403);
    assertThat(
            Asked.get(watch, "/api/state", watched.cookie(), "Sec-Fetch-Site: same-site").status())
        .isEqualTo(403);
    assertThat(
            Asked.get(watch, "/api/state", watched.cookie(), "Sec-Fetch-Site: cross-site").status())
        .isEqualTo(403);
    assertThat(
            Asked.get(
                    watch,
                    "/api/state",
                    watched.cookie(),
                    "Sec-Fetch-Site: same-origin",
                    "Origin: http://127.0.0.1:" + watch.port())
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND"})
  void onlyGetIsKnown(String method) throws IOException {
    for (String path : new String[] {"/", "/api/state", "/events", "/nothing"}) {
      Asked asked = Asked.send(watch, method, path, watched.cookie());
      assertThat(asked.status()).isEqualTo(405);
      assertThat(asked.header("Allow")).isEqualTo("GET");
    }
  }

  @Test
  void itListensOnTheLoopbackAddressAlone() throws IOException {
    for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      for (InetAddress address : Collections.list(each.getInetAddresses())) {
        if (!address.getHostAddress().equals("127.0.0.1")) {
          assertThatThrownBy(() -> new Socket(address, watch.port()).close())
              .isInstanceOf(IOException.class);
        }
      }
    }
  }

  @Test
  void everyAnswerSaysWhatABrowserMayDoWithIt() throws IOException {
    for (String path : new String[] {"/", "/watch.js", "/api/state", "/nothing"}) {
      Asked asked = Asked.withToken(watch, path);
      assertThat(asked.header("Content-Security-Policy"))
          .contains("default-src 'none'")
          .doesNotContain("unsafe");
      assertThat(asked.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(asked.header("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(asked.header("Server")).isEmpty();
      assertThat(asked.header("Access-Control-Allow-Origin")).isEmpty();
    }
    assertThat(Asked.withToken(watch, "/api/state").header("Content-Type"))
        .startsWith("application/json");
  }
}
