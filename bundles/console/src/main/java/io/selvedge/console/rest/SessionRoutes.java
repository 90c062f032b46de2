package io.selvedge.console.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.console.auth.Auth;
import io.selvedge.console.http.Answer;
import io.selvedge.console.http.Call;
import io.selvedge.console.http.Forms;
import io.selvedge.console.http.Json;
import io.selvedge.console.http.Refusal;
import io.selvedge.console.http.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Sign-in and sign-out, for programs and for browsers. */
public final class SessionRoutes {

  private final Auth auth;
  private final Pages pages;

  public SessionRoutes(Auth auth, Pages pages) {
    this.auth = auth;
    this.pages = pages;
  }

  public List<Route> routes() {
    return List.of(
        Route.open("POST", "/api/sessions", (call, parts) -> begin(call)),
        Route.signedIn("DELETE", "/api/sessions", (call, parts) -> end(call)),
        Route.open("GET", "/sign-in", (call, parts) -> byLink(call)),
        Route.open("POST", "/sign-in", (call, parts) -> byForm(call)));
  }

  private Answer begin(Call call) throws Refusal, IOException {
    JsonNode code = Json.readObject(call).path("code");
    if (!code.isTextual()) {
      throw Refusal.badRequest(
          "sign_in.no_code", "the body has no [code]; send {\"code\": \"XXXX-XXXX-XXXX-XXXX\"}");
    }
    Auth.SignedIn session = auth.signIn(code.textValue(), call.remote());
    return Answer.json(
        Json.object().put("token", session.token()).put("expires", session.expires().toString()));
  }

  private Answer end(Call call) throws Refusal, IOException {
    if (call.flag("all")) {
      auth.signOutAll(call);
    } else {
      auth.signOut(call);
    }
    return Answer.empty(204).with("Set-Cookie", auth.noCookie(call.secure()));
  }

  private Answer byLink(Call call) throws IOException {
    String code = call.parameter("code").orElse("");
    if (!code.isEmpty() && call.method().equals("GET")) {
      return enter(call, code);
    }
    return auth.signedIn(call) ? Answer.redirect("/") : pages.signIn(200, "");
  }

  private Answer byForm(Call call) throws Refusal, IOException {
    String form = new String(call.bytes(), StandardCharsets.UTF_8);
    return enter(call, Forms.parse(form).getOrDefault("code", ""));
  }

  /**
   * A page that leads on, not a redirect: a browser that followed a link from elsewhere would not
   * send the new cookie (SameSite=Strict) with a redirected request.
   */
  private Answer enter(Call call, String code) throws IOException {
    try {
      Auth.SignedIn session = auth.signIn(code, call.remote());
      return pages.signedIn().with("Set-Cookie", auth.cookie(session, call.secure()));
    } catch (Refusal refusal) {
      if (auth.signedIn(call)) {
        return Answer.redirect("/"); // the link was opened twice, or fetched ahead by the browser
      }
      return pages.signIn(refusal.status(), String.valueOf(refusal.getMessage()));
    }
  }
}
