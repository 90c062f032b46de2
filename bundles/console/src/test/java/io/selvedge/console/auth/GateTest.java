package io.selvedge.console.auth;

import static io.selvedge.console.Bench.json;
import static io.selvedge.console.Bench.refusal;
import static io.selvedge.console.Bench.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.event.Event;
import io.selvedge.console.Bench;
import io.selvedge.console.http.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {

  private static final String FAN = "/api/devices/office/channels/fan";

  @TempDir Path data;

  @SuppressWarnings("NullAway.Init") // made anew before each test
  Bench bench;

  @BeforeEach
  void make() throws Exception {
    bench = new Bench(data);
  }

  @Test
  void aCodeIsExchangedForATokenOnce() throws Exception {
    String code = bench.code();

    Answer session = signIn(code);
    assertThat(session.status()).isEqualTo(200);
    assertThat(Instant.parse(json(session).path("expires").asText()))
        .isEqualTo(bench.clock.instant().plus(Duration.ofHours(12)));
    assertThat(refusal(signIn(code))).isEqualTo("401 sign_in.wrong");
    assertThat(withToken("GET", "/api/devices", json(session).path("token").asText()).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/status",
        "/api/devices",
        "/api/devices/office",
        "/api/flows",
        "/api/decisions",
        "/api/models",
        "/api/events",
        "/api/schemas/flow.json",
        "/api/no/such/thing"
      })
  void nothingIsToldToWhoIsNotSignedIn(String path) throws Exception {
    Answer answer = bench.get(path);

    assertThat(refusal(answer)).isEqualTo("401 sign_in.needed");
    assertThat(answer.headers()).containsEntry("WWW-Authenticate", "Bearer");
  }

  @Test
  void nothingIsDoneForWhoIsNotSignedIn() throws Exception {
    assertThat(refusal(bench.post(FAN, "{\"value\": true}"))).isEqualTo("401 sign_in.needed");
    assertThat(refusal(bench.post("/predict", "{\"row\": [1, 2]}")))
        .isEqualTo("401 sign_in.needed");
    assertThat(refusal(withToken("GET", "/api/devices", "forged"))).isEqualTo("401 sign_in.needed");
    assertThat(bench.services.commands()).isEmpty();
  }

  @Test
  void fiveWrongCodesAreEnough() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(refusal(signIn("WRON-GWRO-NGWR-ONG" + i))).isEqualTo("401 sign_in.wrong");
    }

    assertThat(refusal(signIn(bench.code()))).isEqualTo("429 sign_in.locked");
    assertThat(bench.services.diary())
        .extracting(Event::code)
        .as("told once")
        .containsExactly("console.locked");
    bench.clock.advance(Duration.ofMinutes(1));
    assertThat(signIn(bench.code()).status()).isEqualTo(200);
  }

  @Test
  void theDiaryTellsOfASignInButNotTheCodeOrTheToken() throws Exception {
    String code = bench.code();
    String token = json(signIn(code)).path("token").asText();

    Event event = bench.services.diary().get(0);
    assertThat(event.code()).isEqualTo("console.signed_in");
    assertThat(event.message()).contains("192.0.2.7").doesNotContain(code).doesNotContain(token);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"code\": 7}", "[1]", "not json", ""})
  void aSignInWithoutACodeSaysWhatIsMissing(String body) throws Exception {
    Answer answer = bench.post("/api/sessions", body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(json(answer).path("message").asText()).isNotBlank();
  }

  @Test
  void aBrowserGetsACookieThatScriptsCannotReadAndIsLedOn() throws Exception {
    Answer page = bench.get("/sign-in?code=" + bench.code());

    assertThat(page.status()).isEqualTo(200);
    assertThat(text(page)).contains("url=/\"");
    assertThat(page.headers().get("Set-Cookie"))
        .startsWith("selvedge-gw-1=")
        .contains("HttpOnly", "SameSite=Strict", "Path=/");
    assertThat(asBrowser("GET", "/", page, Map.of()).status()).isEqualTo(200);
  }

  @Test
  void theFormDoesTheSame() throws Exception {
    String form = "x=1&code=" + bench.code().replace("-", "%20");

    Answer page =
        bench.call(
            "POST",
            "/sign-in",
            Map.of(
                "content-type", "application/x-www-form-urlencoded",
                "origin", "http://localhost:8080"),
            form);

    assertThat(page.headers()).containsKey("Set-Cookie");
  }

  @Test
  void aWrongCodeShowsTheFormAgain() throws Exception {
    Answer page = bench.get("/sign-in?code=<script>");

    assertThat(page.status()).isEqualTo(401);
    assertThat(page.headers()).doesNotContainKey("Set-Cookie");
    assertThat(text(page)).contains("wrong or was used up").doesNotContain("<script>");
  }

  @Test
  void askingOnlyForTheHeadersDoesNotUseTheCodeUp() throws Exception {
    String code = bench.code();

    bench.call("HEAD", "/sign-in?code=" + code, Map.of(), "");

    assertThat(bench.code()).isEqualTo(code);
  }

  @Test
  void openingTheLinkTwiceLeadsOn() throws Exception {
    String code = bench.code();
    Answer first = bench.get("/sign-in?code=" + code);

    Answer second = asBrowser("GET", "/sign-in?code=" + code, first, Map.of());

    assertThat(second.status()).isEqualTo(302);
    assertThat(second.headers()).containsEntry("Location", "/");
  }

  @Test
  void theConsoleLeadsToTheSignInPage() throws Exception {
    assertThat(bench.get("/").headers()).containsEntry("Location", "/sign-in");
    assertThat(text(bench.get("/sign-in"))).contains("One-time code").contains("gw-1");
  }

  @Test
  void aForeignPageCannotActInTheNameOfWhoIsSignedIn() throws Exception {
    Answer page = bench.get("/sign-in?code=" + bench.code());

    for (Map<String, String> foreign :
        List.of(
            Map.of("origin", "http://evil.example"),
            Map.of("origin", "null"),
            Map.of("origin", "http://localhost:8090"),
            Map.of("sec-fetch-site", "cross-site"),
            Map.of("sec-fetch-site", "same-site"),
            Map.of("sec-fetch-site", "none"),
            Map.<String, String>of())) {
      assertThat(refusal(asBrowser("POST", FAN, page, foreign)))
          .as(foreign.toString())
          .isEqualTo("403 origin.foreign");
    }
    assertThat(bench.services.commands()).isEmpty();
    assertThat(asBrowser("POST", FAN, page, Map.of("origin", "http://localhost:8080")).status())
        .isEqualTo(200);
    assertThat(asBrowser("POST", FAN, page, Map.of("sec-fetch-site", "same-origin")).status())
        .isEqualTo(200);
    assertThat(bench.services.commands()).hasSize(2);
  }

  @Test
  void aForeignPageCannotSignAnybodyIn() throws Exception {
    Answer answer =
        bench.call(
            "POST",
            "/api/sessions",
            Map.of("origin", "http://evil.example", "content-type", "application/json"),
            "{\"code\": \"" + bench.code() + "\"}");

    assertThat(refusal(answer)).isEqualTo("403 origin.foreign");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8080",
        "127.0.0.1:8080",
        "[::1]:8080",
        "10.1.2.3",
        "GW-1.example:443",
        "other.example"
      })
  void itsOwnNamesAndAddressesAreAnswered(String host) throws Exception {
    assertThat(bench.call("GET", "/sign-in", Map.of("host", host), "").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", ""})
  void aNameThatSomebodyElseMayOwnIsNot(String host) throws Exception {
    Map<String, String> headers = Map.of("host", host);

    assertThat(refusal(bench.call("GET", "/sign-in", headers, ""))).isEqualTo("421 host.unknown");
    assertThat(refusal(bench.call("GET", "/api/devices", headers, "")))
        .isEqualTo("421 host.unknown");
    assertThat(bench.call("GET", "/health/ready", headers, "").status())
        .as("a monitor may use any name")
        .isEqualTo(200);
  }

  @Test
  void whoSignsOutIsOut() throws Exception {
    Answer page = bench.get("/sign-in?code=" + bench.code());
    Map<String, String> own = Map.of("sec-fetch-site", "same-origin");

    Answer out = asBrowser("DELETE", "/api/sessions", page, own);

    assertThat(out.status()).isEqualTo(204);
    assertThat(out.headers().get("Set-Cookie")).contains("Max-Age=0");
    assertThat(asBrowser("GET", "/api/devices", page, Map.of()).status()).isEqualTo(401);
  }

  @Test
  void everybodyCanBeSignedOut() throws Exception {
    String lost = json(signIn(bench.code())).path("token").asText();
    bench.signedIn();

    assertThat(refusal(bench.call("DELETE", "/api/sessions?all=yes", Map.of(), "")))
        .isEqualTo("400 query.not_a_flag");
    assertThat(withToken("GET", "/api/devices", lost).status()).isEqualTo(200);
    assertThat(bench.call("DELETE", "/api/sessions?all=true", Map.of(), "").status())
        .isEqualTo(204);
    assertThat(withToken("GET", "/api/devices", lost).status()).isEqualTo(401);
    assertThat(bench.get("/api/devices").status()).isEqualTo(401);
  }

  @Test
  void anIdleSessionIsOverAfterTwelveHours() throws Exception {
    bench.signedIn();
    bench.clock.advance(Duration.ofHours(13));

    assertThat(refusal(bench.get("/api/devices"))).isEqualTo("401 sign_in.needed");
  }

  private Answer signIn(String code) throws Exception {
    return bench.post("/api/sessions", "{\"code\": \"" + code + "\"}");
  }

  private Answer withToken(String method, String path, String token) throws Exception {
    return bench.call(method, path, Map.of("authorization", "Bearer " + token), "");
  }

  private Answer asBrowser(String method, String path, Answer signedIn, Map<String, String> more)
      throws Exception {
    String line = signedIn.headers().getOrDefault("Set-Cookie", "");
    Map<String, String> headers = new HashMap<>(more);
    headers.put("cookie", "other=1; " + line.substring(0, line.indexOf(';')));
    headers.put("content-type", "application/json");
    return bench.call(method, path, headers, "{\"value\": true}");
  }
}
