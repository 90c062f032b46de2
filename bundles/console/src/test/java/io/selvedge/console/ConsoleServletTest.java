package io.selvedge.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Through Jetty, the web server of the gateway. */
class ConsoleServletTest {

  @TempDir Path data;

  @SuppressWarnings("NullAway.Init") // made anew before each test
  Bench bench;

  @SuppressWarnings("NullAway.Init") // made anew before each test
  ConsoleServer server;

  final HttpClient browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

  @BeforeEach
  void start() throws Exception {
    bench = new Bench(data);
    server = new ConsoleServer(bench.router, 0, new FakeFelixConsole(bench.auth));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void aBrowserSignsInLooksActsAndSignsOut() throws Exception {
    assertThat(get("/").statusCode()).as("not signed in").isEqualTo(302);
    assertThat(get("/sign-in?code=" + bench.code()).statusCode()).isEqualTo(200);
    assertThat(get("/").body()).contains("gw-1");
    assertThat(get("/api/devices").body()).contains("\"office\"");

    assertThat(act("/api/devices/office/channels/fan", "http://evil.example").statusCode())
        .isEqualTo(403);
    assertThat(act("/api/devices/office/channels/fan", base()).statusCode()).isEqualTo(200);
    assertThat(bench.services.commands()).hasSize(1);

    HttpRequest out = request("/api/sessions").header("Origin", base()).DELETE().build();
    assertThat(send(out).statusCode()).isEqualTo(204);
    assertThat(get("/api/devices").statusCode()).isEqualTo(401);
  }

  @Test
  void aPersonIsLedToTheSignInAndAProgramIsTold() throws Exception {
    HttpRequest person = request("/api/devices").header("Accept", "text/html,*/*").build();

    assertThat(send(person).headers().firstValue("Location").orElse("")).endsWith("/sign-in");
    assertThat(get("/api/devices").statusCode()).isEqualTo(401);
    HttpRequest wrong = request("/sign-in?code=wrong").header("Accept", "text/html").build();
    assertThat(send(wrong).statusCode()).as("shows why").isEqualTo(401);
  }

  @Test
  void behindTlsTheCookieStaysThere() throws Exception {
    HttpResponse<String> plain = get("/sign-in?code=" + bench.code());
    HttpResponse<String> proxied =
        send(request("/sign-in?code=" + bench.code()).header("X-Forwarded-Proto", "https").build());

    assertThat(plain.headers().firstValue("Set-Cookie").orElse("")).doesNotContain("Secure");
    assertThat(proxied.headers().firstValue("Set-Cookie").orElse("")).endsWith("; Secure");
  }

  @Test
  void everyAnswerIsGuarded() throws Exception {
    for (String path : new String[] {"/sign-in", "/api/devices", "/openapi.json", "/res/app.js"}) {
      HttpResponse<String> answer = get(path);

      assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
          .contains("default-src 'none'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }
    assertThat(get("/api/devices").headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(get("/api/devices").headers().firstValue("Content-Type"))
        .hasValue("application/json");
  }

  @Test
  void headIsAsGetWithoutTheBody() throws Exception {
    HttpResponse<String> head =
        send(request("/openapi.json").method("HEAD", BodyPublishers.noBody()).build());

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValueAsLong("Content-Length").orElse(0))
        .isEqualTo(get("/openapi.json").body().length());
  }

  @Test
  void pathsCannotClimbOut() throws Exception {
    for (String path :
        new String[] {
          "/res/..%2fopenapi.json",
          "/res/%2e%2e/openapi.json",
          "/res/..;/openapi.json",
          "/api/devices/..%2f..%2fpredict"
        }) {
      assertThat(get(path).statusCode()).as(path).isIn(400, 401, 404);
    }
  }

  @Test
  void aServiceThatBreaksDoesNotShowItsInside() throws Exception {
    get("/sign-in?code=" + bench.code());
    bench.services.breakDown();

    HttpResponse<String> answer = get("/api/devices");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("\"internal\"").doesNotContain("secret detail");
  }

  @Test
  void theFelixConsoleIsBehindTheSameGateAndStillGetsItsForms() throws Exception {
    HttpRequest form =
        request("/system/console/bundles/7")
            .header("Origin", base())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("action=stop"))
            .build();
    HttpRequest page = request("/system/console").header("Accept", "text/html").build();

    assertThat(send(form).statusCode()).isEqualTo(401);
    assertThat(send(page).headers().firstValue("Location").orElse("")).endsWith("/sign-in");

    get("/sign-in?code=" + bench.code());
    assertThat(send(form).body()).isEqualTo("operator: stop");
    assertThat(act("/system/console/bundles/7", "http://evil.example").statusCode()).isEqualTo(403);

    assertThat(get("/system/console/logout").headers().firstValue("Location").orElse(""))
        .endsWith("/sign-in");
    assertThat(send(form).statusCode()).isEqualTo(401);
  }

  private String base() {
    return "http://127.0.0.1:" + server.port();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base() + path));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path).build());
  }

  private HttpResponse<String> act(String path, String origin) throws Exception {
    return send(
        request(path)
            .header("Origin", origin)
            .POST(BodyPublishers.ofString("{\"value\": true}"))
            .build());
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    // A connection of its own: a kept one that the server has just closed fails a POST for good.
    return HttpClient.newBuilder()
        .cookieHandler(browser.cookieHandler().orElseThrow())
        .build()
        .send(request, BodyHandlers.ofString());
  }
}
