package io.selvedge.hub.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.hub.TestHub;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages as a browser gets them; what they show comes from REST, which has tests of its own. */
class WebPagesTest {

  private static TestHub hub;

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    hub = new TestHub(data);
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  /** Without a token, as a browser asks first. */
  private static HttpResponse<String> bare(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(hub.http() + path)).build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @ParameterizedTest
  @CsvSource({
    "/,text/html",
    "/web/app.js,text/javascript",
    "/web/hub.css,text/css",
    "/web/mark.svg,image/svg+xml"
  })
  void aFileComesWithItsTypeAndNothingMayComeFromElsewhere(String path, String type)
      throws Exception {
    HttpResponse<String> answer = bare(path);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Content-Type")).startsWith(type);
    assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(answer, "Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe", "http:", "*");
  }

  @Test
  void whateverThePagesNameIsThere() throws Exception {
    Set<String> named = new HashSet<>(List.of("/"));
    Set<String> seen = new HashSet<>();
    Pattern names = Pattern.compile("(?:src|href)=\"(/web/[^\"]+)\"|from \"\\./([^\"]+)\"");
    while (!seen.containsAll(named)) {
      for (String path : List.copyOf(named)) {
        if (seen.add(path)) {
          HttpResponse<String> answer = bare(path);
          assertThat(answer.statusCode()).as(path).isEqualTo(200);
          assertThat(answer.body().replace("http://www.w3.org/2000/svg", ""))
              .as(path)
              .doesNotContain("http://", "https://", "style=\"");
          names.matcher(answer.body()).results().map(WebPagesTest::path).forEach(named::add);
        }
      }
    }
    assertThat(seen).contains("/web/rollouts.js", "/web/fleet.js", "/web/dom.js", "/web/hub.css");
  }

  private static String path(MatchResult found) {
    return found.group(1) == null ? "/web/" + found.group(2) : found.group(1);
  }

  /** What rollouts.js and fleet.js ask for is what REST describes. */
  @Test
  void thePagesAskForWhatRestHas() throws Exception {
    String rollouts = bare("/web/rollouts.js").body();
    assertThat(rollouts).contains("/api/v1/rollouts");
    for (String action : List.of("start", "pause", "resume", "abort")) {
      assertThat(rollouts).contains("  " + action + ": {");
      assertThat(hub.routes()).contains("post /api/v1/rollouts/{id}/" + action);
    }
    assertThat(bare("/web/fleet.js").body()).contains("\"/api/v1/gateways\"");
    assertThat(hub.routes()).contains("get /api/v1/gateways");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/web/",
        "/web/nothing.js",
        "/web/../api/v1/gateways",
        "/web/%2e%2e/api/v1/gateways",
        "/web/..%2fapi%2fv1%2fgateways",
        "/web//api/v1/gateways",
        "/web/openapi.json"
      })
  void nothingElseIsOpen(String path) throws Exception {
    HttpResponse<String> answer = bare(path);
    assertThat(answer.statusCode()).isIn(400, 401, 404);
    assertThat(answer.body()).doesNotContain("\"gateways\"", "\"openapi\"");
  }
}
