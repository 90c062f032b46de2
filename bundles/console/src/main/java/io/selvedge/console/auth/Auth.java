package io.selvedge.console.auth;

import io.selvedge.api.event.Event;
import io.selvedge.console.http.Call;
import io.selvedge.console.http.Refusal;
import io.selvedge.console.http.Route;
import io.selvedge.console.http.Router;
import io.selvedge.console.service.Gateway;
import io.selvedge.console.service.Services;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sign-in: one code, many sessions. There is no password, and no default one; who can read the
 * code's file on the gateway can sign in. Thread-safe.
 */
@Component(service = Auth.class, configurationPid = "io.selvedge.console")
@Designate(ocd = ConsoleConfig.class)
public final class Auth implements Router.Gate {

  private static final String BEARER = "bearer ";
  private static final Logger log = LoggerFactory.getLogger(Auth.class);

  private final Services services;
  private final SignInCode code;
  private final Sessions sessions;
  private final Lockout lockout;
  private final Origins origins;
  private final String cookie;

  /** A session that has just begun. */
  public record SignedIn(String token, Instant expires) {}

  @Activate
  public Auth(
      BundleContext context, @Reference(name = "services") Services services, ConsoleConfig config)
      throws IOException {
    this(Gateway.of(context), services, ConsoleSettings.of(config), Clock.systemUTC());
  }

  /**
   * Outside a framework.
   *
   * @throws IOException the code cannot be kept private; then nobody may sign in
   */
  public Auth(Gateway gateway, Services services, ConsoleSettings settings, Clock clock)
      throws IOException {
    for (String problem : settings.problems()) {
      if (services.events().isPresent()) {
        services.report(
            Event.Severity.WARNING, "console.settings", "io.selvedge.console.cfg, " + problem);
      } else {
        log.warn("io.selvedge.console.cfg, {}", problem);
      }
    }
    Path directory = gateway.data().resolve("auth");
    SecureRandom random = new SecureRandom();
    this.services = services;
    code = new SignInCode(directory.resolve("sign-in"), random);
    code.ensure();
    sessions = new Sessions(directory.resolve("sessions"), clock, settings.idle(), random);
    lockout = new Lockout(clock);
    origins = new Origins(settings.hosts());
    // A browser shares cookies between all ports of a host: two gateways on one must not clash.
    cookie = "selvedge-" + gateway.id().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "-");
  }

  /**
   * Uses a code up.
   *
   * @throws Refusal 401 where it is wrong, 429 where this address has to wait
   */
  public SignedIn signIn(String given, String remote) throws Refusal, IOException {
    Duration wait = lockout.wait(remote);
    if (!wait.isZero()) {
      throw new Refusal(
          429,
          "sign_in.locked",
          "too many wrong codes came from ["
              + remote
              + "]; try again in ["
              + (wait.toSeconds() + 1)
              + "] seconds");
    }
    if (!code.use(given)) {
      if (lockout.wrong(remote)) {
        services.report(
            Event.Severity.WARNING,
            "console.locked",
            "five wrong sign-in codes came from [" + remote + "]; it has to wait for a minute");
      }
      throw new Refusal(
          401,
          "sign_in.wrong",
          "this sign-in code is wrong or was used up; on the gateway, bin/selvedge sign-in prints"
              + " the one that is good now");
    }
    lockout.right(remote);
    String token = sessions.begin();
    services.report(
        Event.Severity.INFO, "console.signed_in", "somebody signed in from [" + remote + "]");
    return new SignedIn(token, sessions.expiry());
  }

  /** Ends the session of this call, if it has one. */
  public void signOut(Call call) throws IOException {
    Optional<String> token = token(call);
    if (token.isPresent()) {
      sessions.end(token.get());
    }
  }

  /** Ends the sessions of everybody, for example after a token was lost. */
  public void signOutAll(Call call) throws IOException {
    sessions.endAll();
    services.report(
        Event.Severity.INFO,
        "console.signed_out",
        "everybody was signed out from [" + call.remote() + "]");
  }

  /** True where the call belongs to a living session. */
  public boolean signedIn(Call call) {
    return token(call).filter(sessions::use).isPresent();
  }

  @Override
  public void check(Call call, Route.Access access) throws Refusal {
    if (access == Route.Access.PUBLIC) {
      return;
    }
    origins.checkHost(call);
    boolean byCookie = bearer(call).isEmpty() && call.cookie(cookie).isPresent();
    origins.checkOrigin(call, byCookie && access == Route.Access.SIGNED_IN);
    if (access == Route.Access.SIGNED_IN && !signedIn(call)) {
      throw new Refusal(
          401,
          "sign_in.needed",
          "sign in first: open /sign-in in a browser, or POST the code to /api/sessions and send the"
              + " token as Authorization: Bearer TOKEN");
    }
  }

  /** The cookie's line that keeps a browser signed in. */
  public String cookie(SignedIn session, boolean secure) {
    return cookie(session.token(), Sessions.LONGEST.toSeconds(), secure);
  }

  /** The cookie's line that a browser forgets the session by. */
  public String noCookie(boolean secure) {
    return cookie("", 0, secure);
  }

  private String cookie(String value, long seconds, boolean secure) {
    return cookie
        + "="
        + value
        + "; Path=/; Max-Age="
        + seconds
        + "; HttpOnly; SameSite=Strict"
        + (secure ? "; Secure" : "");
  }

  private Optional<String> token(Call call) {
    Optional<String> bearer = bearer(call);
    return bearer.isPresent() ? bearer : call.cookie(cookie);
  }

  private static Optional<String> bearer(Call call) {
    return call.header("authorization")
        .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(BEARER))
        .map(header -> header.substring(BEARER.length()).strip());
  }
}
