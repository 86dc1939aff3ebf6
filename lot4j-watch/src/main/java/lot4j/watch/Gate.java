package lot4j.watch;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Decides who is answered, before anything else is looked at.
 *
 * <p>A page of somebody else's that is open in the same browser can send requests here, and a name
 * of somebody else's can be made to point here. So: the Host must be this server's own (no DNS
 * rebinding), an Origin must be too, the token is required of every request (in the address, or in
 * the cookie that an address with the token sets), a request that has only the cookie must not come
 * from another site or port, and only GET is known.
 */
final class Gate implements Handler {
  /** Everything from this server, nothing from elsewhere, no script or style within the page. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; frame-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors ";

  private static final int FORBIDDEN = 403;
  private static final int NOT_ALLOWED = 405;

  private final Token token;
  private final IntSupplier port;

  /** The gate of the server at {@code port}, known when the first request comes. */
  Gate(Token token, IntSupplier port) {
    this.token = token;
    this.port = port;
  }

  @Override
  public void handle(Context request) {
    headers(request);
    List<String> names = List.of("127.0.0.1:" + port.getAsInt(), "localhost:" + port.getAsInt());
    if (!names.contains(Optional.ofNullable(request.header("Host")).orElse(""))) {
      throw refused(FORBIDDEN, "this server answers to 127.0.0.1 and localhost only");
    }
    Optional<String> origin = Optional.ofNullable(request.header("Origin"));
    if (origin.isPresent()
        && !names.stream().map(name -> "http://" + name).toList().contains(origin.get())) {
      throw refused(FORBIDDEN, "requests of other pages are not answered");
    }
    boolean inAddress = token.is(Optional.ofNullable(request.queryParam("token")).orElse(""));
    boolean inCookie = token.is(Optional.ofNullable(request.cookie(cookie())).orElse(""));
    if (!inAddress && !inCookie) {
      throw refused(FORBIDDEN, "the address that 'lot watch' printed is needed, with its token");
    }
    String from = Optional.ofNullable(request.header("Sec-Fetch-Site")).orElse("none");
    if (!inAddress && !List.of("none", "same-origin").contains(from)) {
      throw refused(FORBIDDEN, "requests of other pages are not answered");
    }
    if (!request.method().name().equals("GET")) {
      request.header("Allow", "GET");
      throw refused(NOT_ALLOWED, "only GET is known here");
    }
    if (inAddress && !inCookie) {
      // By hand: Max-Age and Expires stay out, so that the cookie ends with the browser.
      request.header(
          "Set-Cookie", cookie() + "=" + token.text() + "; Path=/; HttpOnly; SameSite=Strict");
    }
  }

  /** Lets pages of this server show the answer inside themselves. */
  static void mayBeFramed(Context request) {
    request.header("Content-Security-Policy", POLICY + "'self'");
    request.header("X-Frame-Options", "SAMEORIGIN");
  }

  /** Cookies are shared by all ports of a host: the port is in the name. */
  private String cookie() {
    return "lot-watch-" + port.getAsInt();
  }

  private static void headers(Context request) {
    request.header("Content-Security-Policy", POLICY + "'none'");
    request.header("X-Content-Type-Options", "nosniff");
    request.header("X-Frame-Options", "DENY");
    request.header("Referrer-Policy", "no-referrer");
    request.header("Cross-Origin-Resource-Policy", "same-origin");
    request.header("Cross-Origin-Opener-Policy", "same-origin");
    request.header("Cache-Control", "no-store");
  }

  private static HttpResponseException refused(int status, String why) {
    return new HttpResponseException(status, why, Map.of());
  }
}
